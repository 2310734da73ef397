"""The calendar of working days (工作日历) as pages show it: a year by months, one day, what was said about it."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, pgettext

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import AuditEvent, CalendarDay, CalendarYear
from hongyan.core.workdays import is_weekday
from hongyan.org.codes import Viewer
from hongyan.org.models import Staff
from hongyan.org.queries.audit import audit_events

FIRST_YEAR, LAST_YEAR = 2004, 2099
SUBJECT = "calendar_day"
SHOWN_CHANGES = 50

HOLIDAYS = {
    "元旦": gettext_lazy("元旦"),
    "春节": gettext_lazy("春节"),
    "清明": gettext_lazy("清明"),
    "劳动节": gettext_lazy("劳动节"),
    "端午": gettext_lazy("端午"),
    "国庆节": gettext_lazy("国庆节"),
    "中秋": gettext_lazy("中秋"),
}
"""Names of holidays that have a translation; what people write themselves is shown as written."""


@dataclass(frozen=True)
class ShownDay:
    """One day; `row` is what the table says of it, None where the week decides."""

    day: date
    row: CalendarDay | None

    @property
    def is_working(self) -> bool:
        return is_weekday(self.day) if self.row is None else self.row.is_working

    @property
    def is_exception(self) -> bool:
        """Whether the table says other than the week."""
        return self.is_working != is_weekday(self.day)

    @property
    def note(self) -> str:
        return "" if self.row is None else str(HOLIDAYS.get(self.row.note, self.row.note))

    @property
    def said(self) -> dict[str, object] | None:
        """What the table says of the day, as `core.versions` compares it."""
        return None if self.row is None else {"is_working": self.row.is_working, "note": self.row.note}

    @property
    def in_words(self) -> str:
        """What holds and why: 上班 春节."""
        works = pgettext("工作日历", "上班") if self.is_working else pgettext("工作日历", "休息")
        return f"{works} {self.note}".strip() if self.row else pgettext("工作日历", "按星期")

    @property
    def heading(self) -> str:
        return self.day.isoformat()

    @property
    def weekday(self) -> str:
        return date_format(self.day, "l")

    @property
    def is_today(self) -> bool:
        return self.day == clock.business_date()


@dataclass(frozen=True)
class Month:
    """One month in weeks from Monday; None stands in the place of a neighbour's day."""

    first: date
    weeks: Sequence[Sequence[ShownDay | None]]

    @property
    def working_days(self) -> int:
        return sum(day.is_working for week in self.weeks for day in week if day)


@dataclass(frozen=True)
class Period:
    """Days next to each other of which the table says the same: a festival, or days that make up for it."""

    first: date
    last: date
    is_working: bool
    note: str
    set_by: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class ShownYear:
    """A year; `state` is seeded, confirmed, or open where nobody has entered its holidays."""

    year: int
    state: str
    set_by: str
    months: Sequence[Month]
    periods: Sequence[Period]

    @property
    def working_days(self) -> int:
        return sum(month.working_days for month in self.months)

    @property
    def before(self) -> int | None:
        return self.year - 1 if self.year > FIRST_YEAR else None

    @property
    def after(self) -> int | None:
        return self.year + 1 if self.year < LAST_YEAR else None


def year_of(text: str) -> int:
    """The year somebody asks for; this year when it is none, or none the calendar has."""
    year = int(text) if text.isascii() and text.isdigit() else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.business_date().year


def shown_year(year: int) -> ShownYear:
    """A year with all its days. Three queries."""
    stored = CalendarYear.objects.filter(year=year).first()
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=year).order_by("day")}
    people = _people([*rows.values(), *([stored] if stored else [])])
    return ShownYear(
        year=year,
        state=stored.state if stored else "open",
        set_by=_author(stored, people) if stored else "",
        months=[_month(year, month, rows) for month in range(1, 13)],
        periods=_periods([ShownDay(day, row) for day, row in rows.items()], people),
    )


def find_day(text: str) -> ShownDay:
    """One day. Errors: NotFound for what is no day of the calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(SUBJECT, text) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotFound(SUBJECT, text)
    return ShownDay(day, CalendarDay.objects.filter(day=day).first())


def changes_of(viewer: Viewer, day: date) -> list[AuditEvent]:
    """Who changed a day, the latest first, as far as the viewer may read the audit of those who did."""
    events = audit_events(viewer).filter(subject_kind=SUBJECT, subject=day.isoformat(), result="done")
    return list(events.order_by("-at", "-pk")[:SHOWN_CHANGES])


def _month(year: int, month: int, rows: Mapping[date, CalendarDay]) -> Month:
    weeks = [
        [ShownDay(day, rows.get(day)) if day.month == month else None for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]
    return Month(date(year, month, 1), weeks)


def _periods(days: Iterable[ShownDay], people: Mapping[str, str]) -> list[Period]:
    """Days in order, put together with the one before where that says the same."""
    periods: list[Period] = []
    for one in days:
        assert one.row is not None, "only stated days make periods"
        last = periods[-1] if periods else None
        period = Period(one.day, one.day, one.is_working, one.note, _author(one.row, people))
        if last and _goes_on(last, period):
            periods[-1] = Period(last.first, one.day, last.is_working, last.note, last.set_by)
        else:
            periods.append(period)
    return periods


def _goes_on(last: Period, following: Period) -> bool:
    said = (last.is_working, last.note, last.set_by)
    return last.last + timedelta(days=1) == following.first and said == (
        following.is_working, following.note, following.set_by,
    )  # fmt: skip


def _people(rows: Iterable[CalendarDay | CalendarYear]) -> defaultdict[str, str]:
    """Names by staff number; processes, which nobody knows by name, have an empty one."""
    numbers = {row.updated_by for row in rows}
    return defaultdict(str, Staff.objects.filter(staff_no__in=numbers).values_list("staff_no", "name"))


def _author(row: CalendarDay | CalendarYear, people: Mapping[str, str]) -> str:
    return people[row.updated_by]
