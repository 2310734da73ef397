"""Tasks of the kernel; importing the module registers the rescue of stalled jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import jobs  # noqa: F401
from hongyan.core.audit_seals import seal_rows


@app.periodic(cron="* * * * *")
@app.task(name="core.seal_audit", queue="default", queueing_lock="core.seal_audit", pass_context=False)
def seal_audit(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Seal what was written to the audit since the last minute (BARS A 10)."""
    seal_rows()
