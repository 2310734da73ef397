"""The log of exceptions and the alerts on reading, as the viewer may read them."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.core.models import AuditAlert, ExceptionEvent
from hongyan.org.codes import Viewer


def exceptions() -> QuerySet[ExceptionEvent]:
    """All exceptions: they belong to the house, and say nothing of anybody."""
    return ExceptionEvent.objects.all()


def find_exception(event_id: int) -> ExceptionEvent:
    """Errors: NotFound."""
    event = ExceptionEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound("exception", event_id)
    return event


def alerts(viewer: Viewer) -> QuerySet[AuditAlert]:
    """Alerts about people in the viewer's scope, at the time they read."""
    found = AuditAlert.objects.all()
    if viewer.scope.everything:
        return found
    return found.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
