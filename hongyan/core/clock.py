"""Time is injected: every room asks this clock, never the system's.

A rehearsal of the year's end runs on a cloned database with a clock of its own, and tests freeze it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


def _system_now() -> datetime:
    return datetime.now(UTC)


_now: Callable[[], datetime] = _system_now


def now() -> datetime:
    """This instant, in UTC."""
    return _now()


def business_date(instant: datetime | None = None) -> date:
    """The business day (营业日) an instant belongs to, in Asia/Shanghai.

    >>> business_date(datetime(2026, 11, 21, 16, 30, tzinfo=UTC))
    datetime.date(2026, 11, 22)
    """
    return (instant or now()).astimezone(BUSINESS_ZONE).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Hold the clock at one instant, for tests and rehearsals."""
    global _now
    before, _now = _now, lambda: instant
    try:
        yield
    finally:
        _now = before
