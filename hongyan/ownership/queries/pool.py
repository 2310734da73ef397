"""The pool of the county (县级待分配池): what rises to it, and when it last did (X-34)."""

from __future__ import annotations

from hongyan.core.models import JobRun

RISING = "ownership.rise"


def last_rising() -> JobRun | None:
    """The last run that let pools rise, at work or over. One query."""
    return JobRun.objects.filter(task=RISING).order_by("-id").first()
