"""Asking for an archived month of the audit (取出归档的审计)."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit, jobs
from hongyan.core.errors import NotAllowed
from hongyan.core.models import AuditArchive, JobRun
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.audit_archives import OPENING


def open_archive(viewer: Viewer, archive: AuditArchive) -> JobRun:
    """Verify a month in the background, and lay it open for whoever may read the audit, each in their own scope.

    Errors: NotAllowed without the right.
    """
    if not viewer.may(Right.AUDIT_READ):
        raise NotAllowed(Right.AUDIT_READ)
    month = f"{archive.month:%Y-%m}"
    with transaction.atomic():
        run = jobs.start(OPENING, actor=viewer.actor, subject=month, lock=f"{OPENING}/{month}", month=month)
        audit.record(viewer.actor, "audit.open_archive", "audit", month, count=archive.rows)
    return run
