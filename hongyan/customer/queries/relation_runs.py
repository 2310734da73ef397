"""How the derivation of everybody's relations stands (关系推导任务)."""

from __future__ import annotations

from hongyan.core.models import JobRun

RELATING = "customer.relate_all"
"""Name of the task."""


def latest_run() -> JobRun | None:
    """The last run, at work or over; None before the first."""
    return JobRun.objects.filter(task=RELATING).order_by("-id").first()
