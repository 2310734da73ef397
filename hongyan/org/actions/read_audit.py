"""Reading the audit is audited itself (审计的审计): lists and single rows, in the transaction of the reading."""

from __future__ import annotations

from hongyan.core import audit
from hongyan.core.models import AuditEvent
from hongyan.org.codes import Viewer
from hongyan.org.queries.audit import find_event


def note_reading(viewer: Viewer, kind: str, *, query: str, count: int) -> None:
    """Record that rows of the audit or of the log-ins (`kind`) were listed, and by which conditions."""
    act = "audit.log_ins" if kind == "log_ins" else "audit.read"
    audit.record(viewer.actor, act, kind, "", count=count, after={"query": query})


def open_event(viewer: Viewer, event_id: int) -> AuditEvent:
    """One row of the audit, recorded as read. Errors: NotFound out of scope."""
    event = find_event(viewer, event_id)
    audit.record(viewer.actor, "audit.read", "audit", event.pk)
    return event
