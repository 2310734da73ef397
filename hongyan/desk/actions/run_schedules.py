"""Making the scheduled reports that are due (生成定时报表): an export each, asked for as its owner, by today's rules.

Asking and moving on to the next time commit together: killed anywhere, a report is made once or is still due.
"""

from __future__ import annotations

import logging

from django.urls import reverse
from django.utils import translation

from hongyan.core import clock, scope
from hongyan.core.errors import HongyanError, NotAllowed, NotFound
from hongyan.desk.actions.exports import request_export
from hongyan.desk.actions.notifications import notify
from hongyan.desk.actions.schedules import rhythm_of
from hongyan.desk.codes import ScheduleFailure, ScheduleState
from hongyan.desk.exports import find_source, read_source
from hongyan.desk.models import Schedule
from hongyan.desk.queries.schedules import due_schedules
from hongyan.desk.rules import next_time
from hongyan.org.queries.viewers import viewer_for

log = logging.getLogger(__name__)

_FAILURES: dict[type[HongyanError], ScheduleFailure] = {
    NotFound: ScheduleFailure.POST,
    NotAllowed: ScheduleFailure.RIGHT,
}
_FOR_GOOD = frozenset(_FAILURES.values())
"""What will not be otherwise next time: the report is paused."""


def run_schedules() -> dict[str, int]:
    """Ask for every report that is due. Answers `{made, failed}`."""
    with scope.bulk():
        due = due_schedules(clock.now())
    made = failed = 0
    for schedule in due:
        try:
            with translation.override(schedule.language):
                made += _make(schedule)
        except HongyanError as error:
            _fail(schedule, _FAILURES.get(type(error), ScheduleFailure.REFUSED))
            failed += 1
    if due:
        log.info("schedules run", extra={"made": made, "failed": failed})
    return {"made": made, "failed": failed}


def _make(schedule: Schedule) -> bool:
    """Ask for one report; false when somebody else did, or it was paused meanwhile. Errors: those of HongyanError."""
    viewer = viewer_for(schedule.staff_id, post_id=schedule.post_id)
    if viewer is None or viewer.post_id != schedule.post_id:
        raise NotFound("post", schedule.post_id)
    with scope.acting(viewer.scope):
        now = clock.now()
        waiting = Schedule.objects.select_for_update(skip_locked=True).filter(
            pk=schedule.pk, state=ScheduleState.ACTIVE, next_at__lte=now
        )
        if not waiting.exists():
            return False
        source = find_source(viewer, schedule.list_key)
        found = read_source(viewer, source, schedule.query)
        export = request_export(
            viewer, source, found,
            purpose=schedule.purpose, file_format=schedule.format, note=schedule.note,
        )  # fmt: skip
        Schedule.objects.filter(pk=schedule.pk).update(
            export_id=export.pk, last_at=now, next_at=next_time(rhythm_of(schedule), now), failure=""
        )
    return True


def _fail(schedule: Schedule, failure: ScheduleFailure) -> None:
    """Say why a report was not made, and go on to its next time; where there will be none, pause it."""
    now = clock.now()
    with scope.bulk():
        waiting = Schedule.objects.filter(pk=schedule.pk, state=ScheduleState.ACTIVE, next_at__lte=now)
        state = ScheduleState.PAUSED if failure in _FOR_GOOD else ScheduleState.ACTIVE
        if waiting.update(
            state=state, failure=failure, last_at=now, next_at=next_time(rhythm_of(schedule), now)
        ):
            notify(
                schedule.owner,
                "schedule.failed",
                {"list": schedule.list_key, "failure": failure},
                url=reverse("desk:schedules"),
            )
