"""The log of exceptions and the alerts on reading, as the viewer may read them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.core.models import AuditAlert, AuditEvent, ExceptionEvent
from hongyan.core.parameters import value_of
from hongyan.org.codes import Viewer
from hongyan.org.parameters import DENIALS_AN_HOUR


def exceptions() -> QuerySet[ExceptionEvent]:
    """All exceptions: they belong to the house, and say nothing of anybody."""
    return ExceptionEvent.objects.all()


def find_exception(event_id: int) -> ExceptionEvent:
    """Errors: NotFound."""
    event = ExceptionEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound("exception", event_id)
    return event


def is_conspicuous(viewer: Viewer) -> bool:
    """Whether somebody asked so often within an hour for what is not theirs that it needs a look. Two queries."""
    limit = int(value_of(DENIALS_AN_HOUR))
    with scope.bulk():  # their other posts have other ranges
        denied = AuditEvent.objects.filter(
            actor=viewer.staff_no,
            result=AuditEvent.Result.DENIED,
            at__range=(clock.now() - timedelta(hours=1), clock.now()),
        )
        return denied[:limit].count() == limit


def alerts(viewer: Viewer) -> QuerySet[AuditAlert]:
    """Alerts about people in the viewer's scope, at the time they read."""
    found = AuditAlert.objects.all()
    if viewer.scope.everything:
        return found
    return found.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
