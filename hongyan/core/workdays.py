"""Working days (工作日): weekends, public holidays and make-up days (调休), and the clocks that count them.

The calendar is a table that people keep (`core.models.CalendarDay`), because the State Council announces each year's
holidays and make-up days only the autumn before. A day of which the table says nothing is a working day from Monday
to Friday. Pages and edits are in `org`. Source: REQUIREMENTS REF-i03, X-14.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chinese_calendar import constants as official

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.models import CalendarDay

DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a working day begins and ends (工作时间), in the time of Asia/Shanghai; `opens` is the earlier."""

    opens: time = time(9)
    closes: time = time(18)


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar of some years: what the table says about single days, over the rule of the week.

    Errors: LookupError for a day of a year that is not among `years`, since guessing it would be wrong in silence.
    """

    stated: Mapping[date, bool]
    years: frozenset[int]

    @classmethod
    def of(cls, years: Iterable[int]) -> Workdays:
        """The calendar of some years as it stands in the table. One query."""
        wanted = frozenset(years)
        rows = CalendarDay.objects.filter(day__year__in=wanted).values_list("day", "is_working")
        return cls(dict(rows), wanted)

    @classmethod
    def near(cls, day: date) -> Workdays:
        """The calendar of the year of a day with its neighbours: enough for every clock that starts or ends there."""
        return cls.of(range(day.year - 1, day.year + 2))

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day.

        >>> days = Workdays({date(2026, 2, 14): True, date(2026, 2, 16): False}, frozenset({2026}))
        >>> [days.is_working(date(2026, 2, day)) for day in (13, 14, 15, 16, 17)]
        [True, True, False, False, True]
        """
        if day.year not in self.years:
            raise LookupError(f"the calendar of {day.year} is not at hand")
        return self.stated.get(day, is_weekday(day))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after a day (before it, when negative); the day itself does not count.

        >>> days = Workdays({date(2026, 2, 14): True, date(2026, 2, 16): False}, frozenset({2026}))
        >>> days.add_working_days(date(2026, 2, 13), 1), days.add_working_days(date(2026, 2, 13), 2)
        (datetime.date(2026, 2, 14), datetime.date(2026, 2, 17))
        """
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and including `last`; swapped, the same number negative.

        The inverse of `add_working_days` for positive counts.
        """
        if last < first:
            return -self.working_days_between(last, first)
        return sum(map(self.is_working, _days(first + DAY, last)))

    def due(
        self,
        start: datetime,
        *,
        days: int = 0,
        hours: int = 0,
        working: bool,
        office: OfficeHours = OfficeHours(),
    ) -> datetime:
        """When a time limit ends that begins at an instant.

        Calendar limits run on through every day. Working days end at the same time of day on the n-th working day
        after the start; working hours run during the office hours of working days. Days and hours are those of
        Asia/Shanghai, and so is the instant that comes back. Errors: ValueError unless one of both is given.

        >>> days, friday = Workdays({}, frozenset({2026})), datetime(2026, 3, 6, 16, tzinfo=BUSINESS_ZONE)
        >>> str(days.due(friday, hours=9, working=True)), str(days.due(friday, days=1, working=True))
        ('2026-03-09 16:00:00+08:00', '2026-03-09 16:00:00+08:00')
        """
        if (days > 0) == (hours > 0) or min(days, hours) < 0:
            raise ValueError("a time limit is a positive number of either days or hours")
        local = start.astimezone(BUSINESS_ZONE)
        if not working:
            return local + timedelta(days=days, hours=hours)
        if days:
            return datetime.combine(self.add_working_days(local.date(), days), local.timetz())
        return self._run(local, timedelta(hours=hours), office)

    def _run(self, start: datetime, left: timedelta, office: OfficeHours) -> datetime:
        """Let a clock run through the office hours of working days until nothing is left."""
        day = start.date()
        while True:
            begin = max(start, datetime.combine(day, office.opens, BUSINESS_ZONE))
            end = datetime.combine(day, office.closes, BUSINESS_ZONE)
            if self.is_working(day) and begin < end:
                if left <= end - begin:
                    return begin + left
                left -= end - begin
            day += DAY


def is_weekday(day: date) -> bool:
    """Whether a day is one of Monday to Friday: what holds where nothing else is stated."""
    return day.weekday() < _SATURDAY


def official_days(year: int) -> list[tuple[date, bool, str]]:
    """What the package `chinesecalendar` knows of a year: day, whether it is worked, the holiday's Chinese name.

    Empty for a year it does not know yet; then somebody enters the announcement by hand.

    >>> [(str(day), works, name) for day, works, name in official_days(2026) if day.month == 1]
    [('2026-01-01', False, '元旦'), ('2026-01-02', False, '元旦'), ('2026-01-03', False, '元旦'),
     ('2026-01-04', True, '元旦')]
    """
    stated = [(day, False, name) for day, name in official.holidays.items() if day.year == year]
    stated += [(day, True, name) for day, name in official.workdays.items() if day.year == year]
    return [(day, works, official.Holiday(name).chinese) for day, works, name in sorted(stated)]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))
