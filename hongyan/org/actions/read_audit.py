"""Reading the audit is audited itself (审计的审计): lists, single rows, exports, in the transaction of the reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.models import AuditEvent
from hongyan.core.parameters import value_of
from hongyan.org.codes import Right, Viewer
from hongyan.org.parameters import AUDIT_EXPORT_ROWS
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


def export_rows(viewer: Viewer, events: QuerySet[Any], *, query: str) -> Sequence[AuditEvent]:
    """The rows of an export, newest first, recorded with their number.

    Errors: NotAllowed without the right; Invalid for more rows than one export may have: nothing is cut off silently.
    """
    if not viewer.may(Right.AUDIT_EXPORT):
        raise NotAllowed(Right.AUDIT_EXPORT)
    limit = int(value_of(AUDIT_EXPORT_ROWS, units=viewer.unit_chain))
    rows = list(events.order_by("-at", "-pk")[: limit + 1])
    if len(rows) > limit:
        raise Invalid(
            {"": _("结果超过 {limit} 行，请先缩小条件，例如时间范围，再导出。").format(limit=limit)}
        )
    audit.record(viewer.actor, "audit.export", "audit", "", count=len(rows), after={"query": query})
    return rows
