"""To-dos on a calendar (待办日历): a month, a week or a day of one's own, in weeks that begin on Monday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.desk.codes import TaskState, Weekday
from hongyan.desk.models import Task
from hongyan.desk.queries.tasks import own_tasks
from hongyan.desk.task_rules import DAY, MONTH, WEEK, beside, is_overdue, span_of
from hongyan.org.codes import Viewer

MOST_SHOWN = 500
IN_A_CELL = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A to-do in its day; `at` is empty for the whole day."""

    title: str
    url: str
    at: str
    is_done: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what is due on it; `more` is how many did not fit, behind `url`."""

    day: date
    weekday: str
    url: str
    entries: Sequence[Entry]
    more: int
    is_today: bool
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another view."""

    label: str
    url: str
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A page of the calendar."""

    view: str
    title: str
    days: Sequence[Day]
    weekdays: Sequence[str]
    views: Sequence[Link]
    before_url: str
    today_url: str
    after_url: str


def calendar_page(viewer: Viewer, view: str, on: date) -> CalendarPage:
    """What of one's own is due, or was done, in the days of a view. One query."""
    first, last = span_of(view, on)
    before, after = beside(view, on)
    due = _due_by_day(viewer, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    views = (
        (MONTH, pgettext("日历", "月")),
        (WEEK, pgettext("日历", "周")),
        (DAY, pgettext("日历", "日")),
    )
    return CalendarPage(
        view=view,
        title=_title(view, on, first, last),
        days=[_day(one, due.get(one, []), view, on) for one in days],
        weekdays=[str(one.label) for one in Weekday] if view != DAY else [],
        views=[Link(label, _link(key, on), key == view) for key, label in views],
        before_url=_link(view, before),
        today_url=_link(view, clock.business_date()),
        after_url=_link(view, after),
    )


def _due_by_day(viewer: Viewer, first: date, last: date) -> dict[date, list[Task]]:
    begin = datetime.combine(first, time.min, BUSINESS_ZONE)
    end = datetime.combine(last + timedelta(days=1), time.min, BUSINESS_ZONE)
    rows = own_tasks(viewer).filter(due_at__gte=begin, due_at__lt=end).exclude(state=TaskState.DROPPED)
    found: dict[date, list[Task]] = defaultdict(list)
    for task in rows.order_by("due_at", "priority", "id")[:MOST_SHOWN]:
        found[clock.business_date(task.due_at)].append(task)
    return found


def _day(day: date, due: Sequence[Task], view: str, on: date) -> Day:
    shown = due[:IN_A_CELL] if view == MONTH else due
    return Day(
        day=day,
        weekday=str(Weekday(day.isoweekday()).label),
        url=_link(DAY, day),
        entries=[_entry(task) for task in shown],
        more=len(due) - len(shown),
        is_today=day == clock.business_date(),
        is_outside=view == MONTH and day.month != on.month,
    )


def _entry(task: Task) -> Entry:
    return Entry(
        title=task.title,
        url=reverse("desk:task", args=[task.pk]),
        at="" if task.is_all_day else f"{task.due_at.astimezone(BUSINESS_ZONE):%H:%M}",
        is_done=task.state == TaskState.DONE,
        is_late=task.state == TaskState.OPEN and is_overdue(task.due_at, now=clock.now()),
    )


def _title(view: str, on: date, first: date, last: date) -> str:
    if view == MONTH:
        return f"{on:%Y-%m}"
    return f"{on:%Y-%m-%d}" if view == DAY else f"{first:%Y-%m-%d} – {last:%m-%d}"


def _link(view: str, on: date) -> str:
    return f"{reverse('desk:task_calendar')}?view={view}&on={on.isoformat()}"
