"""Decisions about to-dos (待办): when one comes back, when one is reminded of it, whether it may wait longer;
which days a calendar shows.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.desk.codes import Repeat

DAY_ENDS = time(23, 59)
MONTH, WEEK, DAY = "month", "week", "day"
"""How much of a calendar is seen at once."""


def due_instant(day: date, at: time | None) -> datetime:
    """When something is due on a business day: at a time, or at the day's end.

    >>> due_instant(date(2026, 11, 24), time(9, 30)).isoformat(), due_instant(date(2026, 11, 24), None).isoformat()
    ('2026-11-24T09:30:00+08:00', '2026-11-24T23:59:00+08:00')
    """
    return datetime.combine(day, at or DAY_ENDS, BUSINESS_ZONE)


def reminder(due_at: datetime, minutes: int | None) -> datetime | None:
    """When one is reminded; None where nobody wants to be.

    >>> noon = datetime(2026, 11, 24, 12, tzinfo=BUSINESS_ZONE)
    >>> reminder(noon, 90).isoformat(), reminder(noon, None)
    ('2026-11-24T10:30:00+08:00', None)
    """
    return None if minutes is None else due_at - timedelta(minutes=minutes)


def next_due(first: datetime, repeat: Repeat, *, after: datetime) -> datetime:
    """When something that repeats since `first` comes back: its first turn after an instant.

    Days a month lacks become its last: the 31st comes on 30 November, and on 31 December again.
    Source: RFC 5545, FREQ with BYMONTHDAY and BYSETPOS=-1.

    >>> first = datetime(2026, 1, 31, 9, tzinfo=BUSINESS_ZONE)
    >>> [str(next_due(first, Repeat.MONTHLY, after=first + timedelta(days=n)).date()) for n in (0, 28, 60)]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    >>> str(next_due(first, Repeat.WEEKLY, after=first).date()), str(next_due(first, Repeat.DAILY, after=first).date())
    ('2026-02-07', '2026-02-01')
    >>> leap = datetime(2028, 2, 29, 9, tzinfo=BUSINESS_ZONE)
    >>> str(next_due(leap, Repeat.YEARLY, after=leap).date())
    '2029-02-28'
    """
    local, after = first.astimezone(BUSINESS_ZONE), after.astimezone(BUSINESS_ZONE)
    if repeat in {Repeat.DAILY, Repeat.WEEKLY}:
        step = timedelta(days=1 if repeat == Repeat.DAILY else 7)
        turns = max((after - local) // step, 0)
        return local + step * (turns + (1 if local + step * turns <= after else 0))
    step_months = 1 if repeat == Repeat.MONTHLY else 12
    months = (after.year - local.year) * 12 + after.month - local.month
    turns = max(months // step_months, 0)
    while (turn := _months_later(local, turns * step_months)) <= after:
        turns += 1
    return turn


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def may_postpone(postponed: int, *, most: int) -> bool:
    """Whether something may wait once more. Source: REQUIREMENTS 5.1, at most twice.

    >>> may_postpone(1, most=2), may_postpone(2, most=2)
    (True, False)
    """
    return postponed < most


def is_overdue(due_at: datetime, *, now: datetime) -> bool:
    """Whether something open should have been done.

    >>> noon = datetime(2026, 11, 24, 12, tzinfo=BUSINESS_ZONE)
    >>> is_overdue(noon, now=noon), is_overdue(noon, now=noon + timedelta(minutes=1))
    (False, True)
    """
    return due_at < now


def span_of(view: str, on: date) -> tuple[date, date]:
    """The first and the last day that a view of a day shows; a month is filled up to whole weeks.

    >>> [str(day) for day in span_of(MONTH, date(2026, 11, 24))]
    ['2026-10-26', '2026-12-06']
    >>> [str(day) for day in span_of(WEEK, date(2026, 11, 24))]
    ['2026-11-23', '2026-11-29']
    """
    if view == DAY:
        return on, on
    first, last = on, on
    if view == MONTH:
        first, last = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def beside(view: str, on: date) -> tuple[date, date]:
    """The day by which the view before is asked for, and the one after.

    >>> [str(day) for day in beside(MONTH, date(2026, 12, 31))]
    ['2026-11-30', '2027-01-01']
    """
    if view == MONTH:
        return on.replace(day=1) - timedelta(days=1), on.replace(
            day=monthrange(on.year, on.month)[1]
        ) + timedelta(days=1)
    step = timedelta(days=7 if view == WEEK else 1)
    return on - step, on + step
