"""How long a closed customer keeps a name (保留期限), X-20, PSB-i05. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def nameless_from(closed: date, *, years: Iterable[int], undo_days: int) -> date:
    """The first day on which a customer may be made nameless: all retentions and the days of undoing are over.

    Units: `years` of each line that had the customer; the longest counts.

    >>> nameless_from(date(2016, 11, 23), years=[5, 10], undo_days=30)
    datetime.date(2026, 11, 24)
    >>> nameless_from(date(2024, 2, 29), years=[1], undo_days=30)
    datetime.date(2025, 3, 2)
    >>> nameless_from(date(2024, 3, 1), years=[], undo_days=30)
    datetime.date(2024, 4, 1)
    """
    undone = closed + timedelta(days=undo_days)
    return max([undone, *(_years_later(closed, count) for count in years)]) + timedelta(days=1)


def _years_later(day: date, years: int) -> date:
    """The same day of another year; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
