"""Keeping the calendar of working days (工作日历), audited in the same transaction. It is one for the whole group."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, versions
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.models import CalendarDay, CalendarYear
from hongyan.core.workdays import official_days
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.calendar import FIRST_YEAR, LAST_YEAR, SUBJECT, find_day

SYSTEM = Actor("system:calendar")


def set_day(
    viewer: Viewer, day: date, *, is_working: bool | None, note: str, reason: str, seen: str | None = None
) -> None:
    """Say of a day that it is worked or not; None takes back what was said, and the week decides again.

    `note` names the holiday, `reason` is the announcement it rests on and goes to the audit.
    Errors: NotAllowed without the right or below the top of the group; Invalid for a day the calendar has not, or
    without a reason; Conflict when the day is no longer as it was `seen`.
    """
    _ask_right(viewer)
    _check(day, note, reason)
    with transaction.atomic():
        versions.take_turn(SUBJECT, day)
        shown = find_day(day.isoformat())
        versions.require_unchanged(SUBJECT, seen, versions.mark(shown.said), now=shown.in_words)
        row = shown.row
        if is_working is None:
            CalendarDay.objects.filter(day=day).delete()
        else:
            CalendarDay.objects.update_or_create(day=day, defaults=_said(viewer, is_working, note))
        audit.record(
            viewer.actor, "calendar.set", SUBJECT, day, purpose=reason.strip(),
            before={"is_working": row.is_working if row else None, "note": row.note if row else ""},
            after={"is_working": is_working, "note": "" if is_working is None else note.strip()},
        )  # fmt: skip


def confirm_year(viewer: Viewer, year: int) -> None:
    """Say that the holidays of a year stand in the calendar as they were announced.

    Errors: NotAllowed as in `set_day`; Invalid for a year of which nothing is entered.
    """
    _ask_right(viewer)
    if not CalendarDay.objects.filter(day__year=year).exists():
        raise Invalid({"year": _("这一年的节假日还没有录入")})
    with transaction.atomic():
        _note_year(year, CalendarYear.State.CONFIRMED, viewer.actor)
        audit.record(viewer.actor, "calendar.confirm", "calendar_year", year)


def seed_year(year: int, actor: Actor = SYSTEM) -> int:
    """Enter what the package `chinesecalendar` knows of a year; how many days were entered.

    Days that people entered stay as they are. Errors: Invalid when the package does not know the year; Conflict when
    somebody has confirmed it already.
    """
    known = official_days(year)
    if not known:
        raise Invalid({"year": f"the package chinesecalendar does not know the holidays of {year} yet"})
    with transaction.atomic():
        if CalendarYear.objects.filter(year=year, state=CalendarYear.State.CONFIRMED).exists():
            raise Conflict("calendar_year", f"the calendar of {year} is confirmed")
        own = CalendarDay.objects.filter(day__year=year)
        own.filter(source=CalendarDay.Source.PACKAGE).delete()
        by_people = set(own.values_list("day", flat=True))
        rows = [
            CalendarDay(
                day=day,
                is_working=is_working,
                note=name,
                source=CalendarDay.Source.PACKAGE,
                updated_at=clock.now(),
                updated_by=actor.code,
            )
            for day, is_working, name in known
            if day not in by_people
        ]
        CalendarDay.objects.bulk_create(rows)
        _note_year(year, CalendarYear.State.SEEDED, actor)
        audit.record(actor, "calendar.seed", "calendar_year", year, count=len(rows))
    return len(rows)


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CALENDAR_EDIT):
        raise NotAllowed(Right.CALENDAR_EDIT)
    if not viewer.scope.everything:
        raise NotAllowed(Right.CALENDAR_EDIT, _("全集团共用一份工作日历，由集团修改。"))


def _check(day: date, note: str, reason: str) -> None:
    problems = {}
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems["day"] = _("日历没有这一年")
    if len(note.strip()) > CalendarDay._meta.get_field("note").max_length:  # type: ignore[operator]
        problems["note"] = _("名称太长")
    if not reason.strip():
        problems["reason"] = _("请写明依据，例如放假通知的文号")
    if problems:
        raise Invalid(problems)


def _said(viewer: Viewer, is_working: bool, note: str) -> dict[str, object]:
    return {
        "is_working": is_working,
        "note": note.strip(),
        "source": CalendarDay.Source.PERSON,
        "updated_at": clock.now(),
        "updated_by": viewer.staff_no,
    }


def _note_year(year: int, state: CalendarYear.State, actor: Actor) -> None:
    said = {"state": state, "updated_at": clock.now(), "updated_by": actor.code}
    CalendarYear.objects.update_or_create(year=year, defaults=said)
