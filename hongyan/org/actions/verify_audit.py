"""Starting a verification of the audit (审计验证)."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit, jobs
from hongyan.core.errors import NotAllowed
from hongyan.core.models import JobRun
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.audit import VERIFICATION


def verify_audit(viewer: Viewer) -> JobRun:
    """Verify, in the background, every row the viewer may read. Errors: NotAllowed without the right."""
    if not viewer.may(Right.AUDIT_READ):
        raise NotAllowed(Right.AUDIT_READ)
    with transaction.atomic():
        run = jobs.start(
            VERIFICATION, actor=viewer.actor, subject=viewer.unit_name,
            lo=viewer.scope.lo, hi=viewer.scope.hi, everything=viewer.scope.everything,
        )  # fmt: skip
        audit.record(viewer.actor, "audit.verify", "audit", run.pk)
    return run
