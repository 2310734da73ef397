"""Background tasks of the desk."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.desk.actions.tidy_exports import tidy_exports
from hongyan.desk.actions.write_export import WRITING
from hongyan.desk.actions.write_export import write_export as write


@jobs.task(WRITING)
def write_export(run: jobs.Run, *, export_id: int) -> dict[str, int]:
    """Write the file of an export."""
    return write(export_id, run.report)


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.tidy_exports", queue="default", queueing_lock="desk.tidy_exports", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Delete the files whose time is over, and end exports whose job is lost."""
    tidy_exports()
