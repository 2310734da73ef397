"""How two models compare on the same pairs (训练前后对比): against what stewards said, and in what they would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from hongyan.identity.evaluate import Rates
from hongyan.identity.verdict import Band

BANDS: tuple[Band, ...] = ("join", "review", "new")
"""From the surest on."""
SCORES = ((90, 100), (80, 89), (65, 79), (50, 64), (0, 49))
"""Scores in steps, as the desk shows them."""
HELD_OUT = 3
"""Of so many groups of judged pairs one is kept away from training."""


def is_held_out(parties: Iterable[int]) -> bool:
    """Whether the pairs of some parties that hang together serve for measuring and not for training.

    The same parties always fall on the same side, whoever trains and when.
    """
    return crc32(str(min(parties)).encode()) % HELD_OUT == 0


def groups(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """Number → all numbers that hang together with it by some pairs: what is known of one of them is known of all.

    >>> found = groups([(1, 2), (5, 6), (2, 9)])
    >>> sorted(found[9]), sorted(found[5])
    ([1, 2, 9], [5, 6])
    """
    found: dict[int, frozenset[int]] = {}
    for one, other in pairs:
        united = found.get(one, frozenset({one})) | found.get(other, frozenset({other}))
        found |= dict.fromkeys(united, united)
    return found


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model says of a pair."""

    band: Band
    score: int


@dataclass(frozen=True, slots=True)
class Step:
    """How many pairs of a step of scores there were, and how many of them were the same."""

    low: int
    high: int
    pairs: int
    same: int


def rates(judged: Sequence[tuple[Opinion, bool]], *, down_to: Band) -> Rates | None:
    """Precision and recall of what a model puts into some band or a surer one; None where nobody judged one the same
    or the model puts nothing there.

    >>> sure, unsure = Opinion("join", 95), Opinion("review", 60)
    >>> rates([(sure, True), (unsure, True), (unsure, False)], down_to="join")
    Rates(precision=1.0, recall=0.5)
    """
    wanted = BANDS[: BANDS.index(down_to) + 1]
    found = [is_same for opinion, is_same in judged if opinion.band in wanted]
    same = sum(is_same for _, is_same in judged)
    return Rates(sum(found) / len(found), sum(found) / same) if found and same else None


def calibration(judged: Sequence[tuple[Opinion, bool]]) -> list[Step]:
    """What share of each step of scores was the same: it should fall from step to step."""
    steps = []
    for low, high in SCORES:
        inside = [is_same for opinion, is_same in judged if low <= opinion.score <= high]
        steps.append(Step(low, high, len(inside), sum(inside)))
    return steps


def moves(pairs: Iterable[tuple[Opinion, Opinion]]) -> Counter[tuple[Band, Band]]:
    """(band before, band after) → how many pairs."""
    return Counter((before.band, after.band) for before, after in pairs)


def measured(
    judged: Sequence[tuple[Opinion, Opinion, bool]], drawn: Sequence[tuple[Opinion, Opinion]]
) -> dict[str, Any]:
    """Everything a result page shows, as it is kept: `judged` are held-out pairs before and after, with the verdict."""
    sides = {
        "before": [(before, is_same) for before, _, is_same in judged],
        "after": [(after, is_same) for _, after, is_same in judged],
    }
    return {
        "judged": len(judged),
        "same": sum(is_same for *_, is_same in judged),
        "drawn": len(drawn),
        "rates": {side: {band: _kept(rates(own, down_to=band)) for band in BANDS[:2]} for side, own in sides.items()},
        "calibration": {
            side: [[step.low, step.high, step.pairs, step.same] for step in calibration(own)]
            for side, own in sides.items()
        },
        "moves": [[before, after, count] for (before, after), count in sorted(moves(drawn).items())],
    }  # fmt: skip


def _kept(found: Rates | None) -> list[float] | None:
    return [found.precision, found.recall, found.f1] if found else None
