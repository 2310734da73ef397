"""Clearing up after exports (清理导出文件): no file outlives its time, no export waits for a job that is gone."""

from __future__ import annotations

from hongyan.core import audit, clock, scope, storage
from hongyan.core.models import JobRun
from hongyan.desk.actions.write_export import fail
from hongyan.desk.codes import ExportFailure, ExportState
from hongyan.desk.export_files import path_of
from hongyan.desk.models import Export


def tidy_exports() -> int:
    """Delete the files whose time is over and say of lost exports that they failed; how many files went.

    A file goes before its row says so: killed between the two, the next run finds the row again.
    """
    with scope.bulk():
        _end_lost()
        over = list(Export.objects.filter(state=ExportState.READY, expires_at__lte=clock.now()))
        for export in over:
            storage.discard(path_of(export))
        if over:
            Export.objects.filter(pk__in=[export.pk for export in over]).update(state=ExportState.GONE)
            audit.record(audit.SYSTEM, "export.deleted", "export", "", count=len(over))
    return len(over)


def _end_lost() -> None:
    over = JobRun.objects.filter(state__in=(JobRun.State.FAILED, JobRun.State.CANCELLED))
    going_on = Export.objects.filter(state__in=(ExportState.QUEUED, ExportState.WRITING))
    for export in going_on.filter(run_id__in=over.values("pk")):
        fail(export, ExportFailure.LOST)
