"""Scheduling a list as a report (定时报表): set, pause, resume, delete. What it may hold is asked when it is made."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.desk.actions.exports import LONGEST_NOTE, LONGEST_QUERY
from hongyan.desk.codes import Every, ScheduleState
from hongyan.desk.exports import Found, Source, find_list, find_source
from hongyan.desk.models import Schedule
from hongyan.desk.parameters import MOST_SCHEDULES
from hongyan.desk.queries.exports import one_at_a_time
from hongyan.desk.queries.schedules import find_schedule, own_schedules
from hongyan.desk.rules import Rhythm, next_time
from hongyan.org.codes import Viewer

LONGEST_NAME = 40


def create_schedule(
    viewer: Viewer, source: Source, found: Found, *, name: str, purpose: str, file_format: str, note: str,
    every: str, hour: int, weekday: int = 1, day: int = 1,
) -> Schedule:  # fmt: skip
    """Have a list taken away again and again, as its conditions are now.

    Errors: NotAllowed without the list's right; NotFound for what is no list; Invalid for what cannot be used, or more
    reports than one may keep.
    """
    find_list(viewer, source.key)
    _check(source, found, name=name, purpose=purpose, file_format=file_format, note=note)
    rhythm = _rhythm(every, hour, weekday, day)
    now = clock.now()
    with transaction.atomic(savepoint=False):
        one_at_a_time(viewer.staff_no)
        if own_schedules(viewer).count() >= int(value_of(MOST_SCHEDULES, units=viewer.unit_chain)):
            raise Invalid({"": _("定时报表已经够多，请先删除不用的。")})
        schedule = Schedule.objects.create(
            owner=viewer.staff_no,
            staff_id=viewer.staff_id,
            post_id=viewer.post_id,
            org_no=viewer.scope.lo,
            name=name.strip(),
            list_key=source.key,
            query=found.state.query,
            language=get_language() or "zh-hans",
            format=file_format,
            purpose=purpose,
            note=note.strip(),
            every=rhythm.every,
            hour=hour,
            weekday=weekday,
            day=day,
            created_at=now,
            next_at=next_time(rhythm, now),
        )
        audit.record(
            viewer.actor, "schedule.created", "schedule", schedule.pk, purpose=purpose,
            after={"list": source.key, "every": every, "hour": hour, "weekday": weekday, "day": day},
        )  # fmt: skip
    return schedule


def pause_schedule(viewer: Viewer, schedule_id: int) -> Schedule:
    """Make no more of a report until it is resumed. Errors: NotFound; Conflict when it is paused already."""
    return _change(viewer, schedule_id, ScheduleState.ACTIVE, ScheduleState.PAUSED, "schedule.paused")


def resume_schedule(viewer: Viewer, schedule_id: int) -> Schedule:
    """Make a report again, from its next time on. Errors: NotFound; NotAllowed without the list's right; Conflict."""
    find_source(viewer, find_schedule(viewer, schedule_id).list_key)
    return _change(viewer, schedule_id, ScheduleState.PAUSED, ScheduleState.ACTIVE, "schedule.resumed")


def end_schedule(viewer: Viewer, schedule_id: int) -> None:
    """Delete a report; what it made stays. Errors: NotFound."""
    schedule = find_schedule(viewer, schedule_id)
    _change(viewer, schedule_id, ScheduleState(schedule.state), ScheduleState.ENDED, "schedule.ended")


def rhythm_of(schedule: Schedule) -> Rhythm:
    return Rhythm(Every(schedule.every), schedule.hour, schedule.weekday, schedule.day)


def _change(
    viewer: Viewer, schedule_id: int, before: ScheduleState, after: ScheduleState, act: str
) -> Schedule:
    schedule = find_schedule(viewer, schedule_id)
    due = {"next_at": next_time(rhythm_of(schedule), clock.now()), "failure": ""}
    with transaction.atomic(savepoint=False):
        changed = Schedule.objects.filter(pk=schedule.pk, state=before)
        if not changed.update(state=after, **(due if after == ScheduleState.ACTIVE else {})):
            raise Conflict("schedule", _("这个定时报表已经变了，请刷新后再试。"))
        audit.record(
            viewer.actor, act, "schedule", schedule.pk, before={"state": before}, after={"state": after}
        )
    schedule.refresh_from_db()
    return schedule


def _rhythm(every: str, hour: int, weekday: int, day: int) -> Rhythm:
    bounds = {"hour": (hour, 0, 23), "weekday": (weekday, 1, 7), "day": (day, 1, 28)}
    wrong = {key: _("请选择时间") for key, (value, low, high) in bounds.items() if not low <= value <= high}
    if every not in Every.values:
        wrong["every"] = _("请选择时间")
    if wrong:
        raise Invalid(wrong)
    return Rhythm(Every(every), hour, weekday, day)


def _check(source: Source, found: Found, *, name: str, purpose: str, file_format: str, note: str) -> None:
    require_no_numbers(name=name, note=note)
    if found.state.problems:
        raise Invalid({"": found.state.problems[0]})
    if found.state.kept_query != found.state.query:
        raise Invalid({"": _("按输入的检索词查到的列表不能定时：检索词可能是人名，不保存。")})
    if len(found.state.query) > LONGEST_QUERY:
        raise Invalid({"": _("条件太多，请减少一些再导出。")})
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Invalid({"name": _("名称为 1 至 {count} 个字").format(count=LONGEST_NAME)})
    if purpose not in dict(source.purposes):
        raise Invalid({"purpose": _("请选择用途")})
    if file_format not in source.formats:
        raise Invalid({"file_format": _("请选择文件格式")})
    if not 0 < len(note.strip()) <= LONGEST_NOTE:
        raise Invalid({"note": _("请写明为什么要定时导出，最多 {count} 个字").format(count=LONGEST_NOTE)})
