"""The audit as the viewer may read it, and its verifications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hongyan.core import audit
from hongyan.core.audit_archives import archived_rows
from hongyan.core.audit_seals import Fault, Finding, Step, verify_seals
from hongyan.core.errors import NotFound
from hongyan.core.models import AuditEvent, JobRun
from hongyan.core.scope import Scope, acting
from hongyan.org.codes import Viewer

VERIFICATION = "org.verify_audit"
"""Name of the task that verifies the audit."""

CHUNK_ROWS = 2000
SHOWN_VERIFICATIONS = 10


@dataclass(frozen=True)
class ChangedValue:
    """One field of an audited record before and after; None where it was absent."""

    field: str
    before: Any
    after: Any

    @property
    def is_changed(self) -> bool:
        return bool(self.before != self.after)


def audit_events(viewer: Viewer) -> QuerySet[AuditEvent]:
    """Acts of people in the viewer's scope, at the time they acted."""
    events = AuditEvent.objects.all()
    if viewer.scope.everything:
        return events
    return events.filter(org_no__gte=viewer.scope.lo, org_no__lte=viewer.scope.hi)


def find_event(viewer: Viewer, event_id: int) -> AuditEvent:
    """Errors: NotFound out of scope."""
    event = audit_events(viewer).filter(pk=event_id).first()
    if event is None:
        raise NotFound("audit", event_id)
    return event


def changed_values(event: AuditEvent) -> list[ChangedValue]:
    """The audited fields in the order of their names."""
    before, after = event.before or {}, event.after or {}
    return [ChangedValue(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]


def verification_steps(scope: Scope) -> Iterator[Step]:
    """Verify what a scope may read, oldest first; every step is a transaction of its own, so nothing is held long.

    Seals run over the rows of all units, so only a scope of everything can verify them; in any other each row is
    asked whether it is as written.
    """
    return verify_seals() if scope.everything else _rows_alone(scope)


def _rows_alone(scope: Scope) -> Iterator[Step]:
    last = 0
    while True:
        with acting(scope):
            chunk = list(AuditEvent.objects.filter(pk__gt=last).order_by("pk")[:CHUNK_ROWS])
        if not chunk:
            return
        altered = [Finding(Fault.ALTERED, event.pk) for event in chunk if not audit.is_intact(event)]
        yield Step(len(chunk), False, tuple(altered))
        last = chunk[-1].pk


def count_events(scope: Scope) -> int:
    """How many rows a verification of a scope will read; those that were archived only with a scope of everything."""
    with acting(scope):
        kept = AuditEvent.objects.count()
    return kept + (archived_rows() if scope.everything else 0)


def verifications(viewer: Viewer) -> list[JobRun]:
    """The viewer's last verifications, newest first."""
    runs = JobRun.objects.filter(task=VERIFICATION, created_by=viewer.staff_no)
    return list(runs.order_by("-created_at")[:SHOWN_VERIFICATIONS])


def find_verification(viewer: Viewer, run_id: int) -> JobRun:
    """Errors: NotFound for somebody else's."""
    run = JobRun.objects.filter(task=VERIFICATION, created_by=viewer.staff_no, pk=run_id).first()
    if run is None:
        raise NotFound("verification", run_id)
    return run
