"""Background tasks of the desk."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.desk.actions.files import SCANNING
from hongyan.desk.actions.mails import plan_digests, tidy_mails
from hongyan.desk.actions.mass import WORKING
from hongyan.desk.actions.run_schedules import run_schedules
from hongyan.desk.actions.scan_files import scan_file as scan
from hongyan.desk.actions.scan_files import scan_waiting
from hongyan.desk.actions.send_mails import send_mails
from hongyan.desk.actions.tasks import remind
from hongyan.desk.actions.tidy_exports import tidy_exports
from hongyan.desk.actions.work_mass import work
from hongyan.desk.actions.write_export import WRITING
from hongyan.desk.actions.write_export import write_export as write


@jobs.task(WRITING)
def write_export(run: jobs.Run, *, export_id: int) -> dict[str, int]:
    """Write the file of an export."""
    return write(export_id, run.report)


@jobs.task(WORKING)
def work_on_many(run: jobs.Run, *, mass_run_id: int) -> dict[str, int]:
    """Preview, do or undo an act on many rows; killed, it goes on where it was."""
    return work(mass_run_id, run.report)


@jobs.task(SCANNING)
def scan_file(_run: jobs.Run, *, file_id: int) -> dict[str, int]:
    """Scan a file that somebody brought."""
    return {"scanned": int(scan(file_id) is not None)}


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.scan_waiting", queue="default", queueing_lock="desk.scan_waiting", pass_context=False)
@jobs.noting_failures
def scan_files(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Scan again what could not be scanned before."""
    scan_waiting()


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.tidy_exports", queue="default", queueing_lock="desk.tidy_exports", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Delete the files whose time is over, end exports whose job is lost, forget mails that are over since long."""
    tidy_exports()
    tidy_mails()


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.run_schedules", queue="default", queueing_lock="desk.run_schedules", pass_context=False)
@jobs.noting_failures
def run_due(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Ask for the exports of scheduled reports that are due."""
    run_schedules()


@app.periodic(cron="* * * * *")
@app.task(name="desk.remind", queue="default", queueing_lock="desk.remind", pass_context=False)
@jobs.noting_failures
def remind_of_tasks(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Tell people of what is due soon, as they asked to be."""
    remind()


@app.periodic(cron="* * * * *")
@app.task(name="desk.send_mails", queue="default", queueing_lock="desk.send_mails", pass_context=False)
@jobs.noting_failures
def send_due_mails(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Plan the digests of today, and send the mails that are due."""
    plan_digests()
    send_mails()
