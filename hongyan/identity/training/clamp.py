"""What is believed of an estimate: training on few or odd records must not teach nonsense."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hongyan.identity.model.comparisons import COMPARISONS, DIFFERENT
from hongyan.identity.model.weights import Chance, Model

Estimates = Mapping[str, Mapping[str, tuple[float | None, float | None]]]
"""Comparison → outcome → (m, u) as learned; None where nothing could be learned."""

RARE = 1e-4
"""Chances of strangers below this are not learned: a sample of pairs holds too few, and some are no strangers."""
_LEAST = 1e-5
_STEP = 4.0
_AGREES = 0.3


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was learned and not believed: the bits ``found`` for an outcome and those it got.

    A whole comparison has no outcome; it was kept as it was.
    """

    comparison: str
    outcome: str = ""
    found: float = 0.0
    kept: float = 0.0

    def __str__(self) -> str:
        if not self.outcome:
            return f"{self.comparison}: kept, its pairs hardly ever agree"
        return f"{self.comparison}.{self.outcome}: {self.found:+.1f} bits held at {self.kept:+.1f}"


def believed(
    model: Model, estimates: Estimates, origin: Mapping[str, object]
) -> tuple[Model, tuple[Doubt, ...]]:
    """The model with the estimates as far as they can be believed, and what was not, each with the reason.

    Kept from the model we start from: what was not met; rare chances of strangers (``RARE``) and those that each
    file tells anew (frequencies); a comparison that agreed but seldom among what should have been pairs of one
    party, for then they were not. A weight never moves by more than four bits at once.
    """
    chances: dict[str, dict[str, Chance]] = {}
    doubts: list[Doubt] = []
    varying = {
        (comparison.name, level.name)
        for comparison in COMPARISONS[model.kind]
        for level in comparison.levels
        if level.frequency or level.holders
    }
    for name, outcomes in model.chances.items():
        learned = estimates.get(name, {})
        if not _is_sensible(outcomes, learned):
            doubts.append(Doubt(name))
            learned = {}
        chances[name] = {}
        for outcome, start in outcomes.items():
            m, u = learned.get(outcome, (None, None))
            fixed = (name, outcome) in varying or u is None or min(u, start.u) < RARE
            found = Chance(
                start.m if m is None else min(max(m, _LEAST), 1.0),
                start.u if fixed or u is None else min(u, 1.0),
            )
            kept = _within_reach(start, found, is_last=outcome == DIFFERENT)
            if kept is not found:
                doubts.append(Doubt(name, outcome, found.weight, kept.weight))
            chances[name][outcome] = kept
    return replace(model, chances=chances, origin=dict(origin)), tuple(doubts)


def _is_sensible(
    start: Mapping[str, Chance], learned: Mapping[str, tuple[float | None, float | None]]
) -> bool:
    positive = [outcome for outcome, chance in start.items() if chance.weight > 0]
    known = [learned[outcome][0] for outcome in positive if outcome in learned]
    agreeing = [m for m in known if m is not None]
    return not agreeing or sum(agreeing) >= _AGREES * sum(start[outcome].m for outcome in positive)


def _within_reach(start: Chance, found: Chance, *, is_last: bool) -> Chance:
    low, high = start.weight - _STEP, start.weight + _STEP
    if is_last:
        high = min(high, 0.0)
    weight = min(max(found.weight, low), high)
    if math.isclose(weight, found.weight, abs_tol=1e-9):
        return found
    return Chance(min(found.u * 2**weight, 1.0), found.u)
