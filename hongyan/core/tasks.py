"""Tasks of the kernel; importing the module registers the rescue of stalled jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.core.audit_life import archive_old_months, make_months
from hongyan.core.audit_seals import seal_rows
from hongyan.core.audit_watch import watch_readings as look


@app.periodic(cron="* * * * *")
@app.task(name="core.seal_audit", queue="default", queueing_lock="core.seal_audit", pass_context=False)
@jobs.noting_failures
def seal_audit(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Seal what was written to the audit since the last minute (BARS A 10)."""
    seal_rows()


@app.periodic(cron=jobs.daily(20, 2))
@app.task(name="core.keep_audit", queue="default", queueing_lock="core.keep_audit", pass_context=False)
@jobs.noting_failures
def keep_audit(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Each night: make the months of the audit to come, archive those kept long enough (BARS A 11)."""
    make_months()
    archive_old_months()


@app.periodic(cron="* * * * *")
@app.task(
    name="core.watch_readings", queue="default", queueing_lock="core.watch_readings", pass_context=False
)
@jobs.noting_failures
def watch_readings(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Each minute: raise an alert for whoever read conspicuously much (BARS A 13)."""
    look()
