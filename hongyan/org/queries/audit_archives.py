"""Archived months of the audit, and what was laid open of them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import AuditArchive, JobRun, OpenedAuditEvent
from hongyan.core.scope import EVERYTHING, acting
from hongyan.org.codes import Viewer

OPENING = "org.open_archive"
"""Name of the task that lays an archive open."""


def archives() -> QuerySet[AuditArchive]:
    """All archived months: how many rows the house wrote, and nothing of whose."""
    return AuditArchive.objects.all()


def find_archive(name: str) -> AuditArchive:
    """The archive of a month, `2023-01`. Errors: NotFound."""
    try:
        month = datetime.strptime(name, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise NotFound("archive", name[:10]) from None
    with acting(EVERYTHING):
        archive = archives().filter(month=month).first()
    if archive is None:
        raise NotFound("archive", name)
    return archive


def last_opening(month: date) -> JobRun | None:
    """The last time somebody asked for a month."""
    return JobRun.objects.filter(task=OPENING, subject=f"{month:%Y-%m}").order_by("-pk").first()


def opened_events(viewer: Viewer) -> QuerySet[OpenedAuditEvent]:
    """Rows that are laid open, of people in the viewer's scope at the time they acted."""
    events = OpenedAuditEvent.objects.filter(until__gt=clock.now())
    if viewer.scope.everything:
        return events
    return events.filter(org_no__gte=viewer.scope.lo, org_no__lte=viewer.scope.hi)
