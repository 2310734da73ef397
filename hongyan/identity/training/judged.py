"""Weights corrected by pairs that stewards judged.

Stewards see the pairs of the middle and hardly any other, so how often an outcome comes among what they judged says
nothing about how often it comes among all. What does hold is how likely a pair of such evidence was the same. So the
model is taken as it is, and each of its weights may move a little towards making what was judged likely: a logistic
regression whose prior is the model itself. Pairs that a safeguard decides teach nothing about weights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hongyan.identity.model.comparisons import UNKNOWN
from hongyan.identity.model.safeguards import SAFEGUARDS, Outcomes
from hongyan.identity.model.weights import Chance, Model

SPREAD = 1.0
"""Standard deviation, in bits, of what we expect a weight to be wrong by before anybody judged."""
FARTHEST = 3.0
"""No weight moves by more bits, whatever was judged."""
FEWEST = 5
"""An outcome that came in fewer judged pairs keeps its weight."""
_ROUNDS = 50
_ENOUGH = 1e-4
_LEAST = 1e-6
_TOLD = 0.1
_SURE = 60.0
_LN2 = math.log(2)

Feature = tuple[str, str]
"""Comparison and outcome; ``PRIOR`` is the evidence before anything is compared."""
PRIOR: Feature = ("prior", "start")


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair that somebody judged: its evidence in bits by the model, its outcomes, the verdict."""

    bits: float
    outcomes: Outcomes
    is_same: bool


def corrected(model: Model, judged: Sequence[Judged]) -> tuple[Model, dict[Feature, float]]:
    """The model with its weights moved, and by how many bits each that moved by a tenth or more.

    ``outcomes`` of the pairs name every comparison. Without judged pairs the model stays as it is.
    """
    fit = _Fit([pair for pair in judged if not _is_held(model, pair.outcomes)])
    for _round in range(_ROUNDS):
        if max(map(fit.move, fit.shifts), default=0.0) < _ENOUGH:
            break
    moved = {feature: shift for feature, shift in fit.shifts.items() if abs(shift) >= _TOLD}
    return _moved(model, moved), moved


class _Fit:
    """The regression, one weight at a time: what has been moved so far, and the bits of every pair by it."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._same = [pair.is_same for pair in judged]
        self._bits = [pair.bits for pair in judged]
        self._having: dict[Feature, list[int]] = defaultdict(list)
        for number, pair in enumerate(judged):
            self._having[PRIOR].append(number)
            for name, outcome in pair.outcomes.items():
                if outcome != UNKNOWN:
                    self._having[name, outcome].append(number)
        self.shifts = {feature: 0.0 for feature, having in self._having.items() if len(having) >= FEWEST}

    def move(self, feature: Feature) -> float:
        """Move one weight by Newton's rule, the others fixed; by how many bits it moved."""
        before, having = self.shifts[feature], self._having[feature]
        slope, bend = -before / SPREAD**2, 1 / SPREAD**2
        for number in having:
            chance = 1 / (1 + 2 ** -min(max(self._bits[number], -_SURE), _SURE))
            slope += _LN2 * (self._same[number] - chance)
            bend += _LN2**2 * chance * (1 - chance)
        after = self.shifts[feature] = min(max(before + slope / bend, -FARTHEST), FARTHEST)
        for number in having:
            self._bits[number] += after - before
        return abs(after - before)


def _is_held(model: Model, outcomes: Outcomes) -> bool:
    return any(guard.applies(outcomes) for guard in SAFEGUARDS[model.kind])


def _moved(model: Model, shifts: dict[Feature, float]) -> Model:
    chances = {
        name: {
            outcome: _heavier(chance, shifts.get((name, outcome), 0.0)) for outcome, chance in found.items()
        }
        for name, found in model.chances.items()
    }
    return replace(model, chances=chances, twins=model.twins * 2 ** shifts.get(PRIOR, 0.0))


def _heavier(chance: Chance, bits: float) -> Chance:
    """A chance whose weight is greater by some bits.

    >>> _heavier(Chance(0.5, 0.125), -1.0), _heavier(Chance(0.8, 0.1), 1.0)
    (Chance(m=0.25, u=0.125), Chance(m=1.0, u=0.0625))
    """
    if not bits:
        return chance
    m = chance.m * 2**bits
    return Chance(1.0, chance.u / m) if m > 1 else Chance(max(m, _LEAST), chance.u)
