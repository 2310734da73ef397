"""How classifications of everybody stand, and what the last one counted (分类批次与统计)."""

from __future__ import annotations

from hongyan.classes.models import ClassCount, ClassRun
from hongyan.core.models import JobRun
from hongyan.org.codes import Viewer

CLASSIFYING = "classes.classify"
"""Name of the task."""
WHOLE_GROUP = 0
SHOWN_RUNS = 10


def latest_runs() -> list[ClassRun]:
    """The last runs, the newest first. One query."""
    return list(ClassRun.objects.order_by("-id")[:SHOWN_RUNS])


def job_at_work() -> JobRun | None:
    """The background job that classifies now, or waits to."""
    at_work = (JobRun.State.WAITING, JobRun.State.RUNNING)
    return JobRun.objects.filter(task=CLASSIFYING, state__in=at_work).order_by("-id").first()


def counts_of(viewer: Viewer) -> dict[str, int]:
    """Mark → customers of the viewer's unit and all beneath it. One query, by the key."""
    unit = WHOLE_GROUP if viewer.scope.everything else viewer.scope.lo
    return dict(ClassCount.objects.filter(org_no=unit).values_list("mark", "count"))
