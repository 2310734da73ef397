"""Scheduled reports as their owner sees them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.desk.codes import ScheduleState
from hongyan.desk.models import Schedule
from hongyan.org.codes import Viewer


def own_schedules(viewer: Viewer) -> QuerySet[Schedule]:
    """The reports the viewer scheduled in the present post, but for those that were deleted; newest first."""
    mine = Schedule.objects.filter(owner=viewer.staff_no, post_id=viewer.post_id)
    return mine.exclude(state=ScheduleState.ENDED).order_by("-created_at", "-pk")


def find_schedule(viewer: Viewer, schedule_id: int) -> Schedule:
    """One's own report. Errors: NotFound for anybody else's."""
    found = own_schedules(viewer).filter(pk=schedule_id).first()
    if found is None:
        raise NotFound("schedule", schedule_id)
    return found


def due_schedules(now: datetime) -> list[Schedule]:
    """All reports that are due, in the order they fell due. Expected index: `schedule_due`."""
    return list(
        Schedule.objects.filter(state=ScheduleState.ACTIVE, next_at__lte=now).order_by("next_at", "pk")
    )
