"""Rhythm (节奏): how regularly somebody does business, and whether they fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

FEWEST = 3
"""Days of business from which on a rhythm can be told."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`days` with business, the `last` of them, `since` then in days; `gap` between two as a rule, in days.

    `gap` is None where there are too few to tell; `is_silent` whether the silence is longer than the rhythm explains.
    """

    days: int
    last: date
    since: int
    gap: int | None
    is_silent: bool


def rhythm_of(days: Sequence[date], today: date, *, factor: float, least: int) -> Rhythm | None:
    """The rhythm of business days; None without any.

    Silence means more than `factor` usual gaps, and more than `least` days. The usual gap is the median: one long
    holiday does not change it. Source: BIG-i04, V36-005.

    >>> weekly = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    >>> rhythm_of(weekly, date(2026, 11, 20), factor=3, least=14)
    Rhythm(days=3, last=datetime.date(2026, 11, 16), since=4, gap=7, is_silent=False)
    >>> rhythm_of(weekly, date(2026, 12, 10), factor=3, least=14).is_silent
    True
    >>> rhythm_of([], date(2026, 12, 8), factor=3, least=14) is None
    True
    """
    if not days:
        return None
    ordered = sorted(set(days))
    since = (today - ordered[-1]).days
    gaps = [(later - earlier).days for earlier, later in pairwise(ordered)]
    gap = round(median(gaps)) if len(ordered) >= FEWEST else None
    is_silent = gap is not None and since > least and since > factor * gap
    return Rhythm(len(ordered), ordered[-1], since, gap, is_silent)
