"""Long work in the background (后台任务): deferred by name in the caller's transaction, with progress and cancel.

    @jobs.task("integration.apply_delivery", queue="intake")
    def apply_delivery(run: jobs.Run, *, delivery_id: int) -> dict: ...

    jobs.start("integration.apply_delivery", actor=viewer.actor, subject=delivery.number, delivery_id=delivery.id)

The queue row commits with the caller's rows, so a job never sees a world that was rolled back, and never is lost.
A task takes ids, never personal data, which `start` sees to; it can run twice with one effect; it opens its own
transactions and scopes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from hongyan.core import clock, exception_log
from hongyan.core.audit import Actor
from hongyan.core.errors import HongyanError
from hongyan.core.models import JobRun
from hongyan.core.personal_numbers import find_numbers

log = logging.getLogger(__name__)

Task = Callable[..., dict[str, Any] | None]
_tasks: dict[str, Task] = {}

OUTAGES = (OperationalError, InterfaceError)
"""The database is down or was restarted: not the task's fault, and no reason to end it."""

HOURS_AHEAD = 8
"""How far clocks in China are ahead of UTC."""

_AFTER_AN_OUTAGE = RetryStrategy(wait=10, retry_exceptions=OUTAGES)


def daily(minute: int, *hours: int) -> str:
    """The cron line of times of each day in China: the queue counts the hours in UTC, where there is no summer time.

    >>> daily(30, 2), daily(50, 5, 12, 16)
    ('30 18 * * *', '50 21,4,8 * * *')
    """
    return f"{minute} {','.join(str((hour - HOURS_AHEAD) % 24) for hour in hours)} * * *"


class Cancelled(Exception):
    """Raised inside a task when somebody asked to cancel it; what was committed stays."""


class Run:
    """A task's handle on its own run: report progress and learn of a cancel at the same time."""

    def __init__(self, run_id: int) -> None:
        self.id = run_id

    def report(self, done: int, total: int) -> None:
        """Show progress in rows (or whatever the task counts). Errors: Cancelled when a cancel was asked for."""
        JobRun.objects.filter(id=self.id).update(done=done, total=total)
        if JobRun.objects.filter(id=self.id, cancel_requested=True).exists():
            raise Cancelled


def task(name: str, *, queue: str = "default") -> Callable[[Task], Task]:
    """Register a task under its stable name; the queue decides which workers take it."""

    def register(function: Task) -> Task:
        _tasks[name] = function

        @app.task(name=name, queue=queue, retry=_AFTER_AN_OUTAGE)
        def run_in_worker(run_id: int, **arguments: Any) -> None:
            carry_out(name, run_id, arguments)

        return function

    return register


def start(name: str, *, actor: Actor, subject: str = "", lock: str | None = None, **arguments: Any) -> JobRun:
    """Defer a task and return its visible run. Jobs with the same `lock` run one after another.

    Errors: ValueError for texts that hold somebody's number: they would stand in the queue in the clear.
    """
    if any(
        find_numbers(text) for text in (subject, lock or "", *arguments.values()) if isinstance(text, str)
    ):
        raise ValueError(f"task {name} is given a personal number")
    with transaction.atomic():
        run = JobRun.objects.create(task=name, subject=subject, created_by=actor.code, created_at=clock.now())
        app.configure_task(name, lock=lock).defer(run_id=run.id, **arguments)
    return run


def carry_out(name: str, run_id: int, arguments: dict[str, Any]) -> None:
    """Run a task to its end and keep what came of it: the body of every worker's job."""
    run = JobRun.objects.filter(id=run_id).first()
    if run is None or run.state in {JobRun.State.DONE, JobRun.State.CANCELLED}:
        return
    JobRun.objects.filter(id=run_id).update(
        state=JobRun.State.RUNNING, started_at=run.started_at or clock.now()
    )
    try:
        result = _tasks[name](Run(run_id), **arguments)
    except Cancelled:
        _end(run_id, JobRun.State.CANCELLED)
    except HongyanError as error:
        _end(run_id, JobRun.State.FAILED, error=type(error).__name__)
        exception_log.note_refusal(error, door=name)
        log.warning("job refused", extra={"task": name, "run": run_id, "error": type(error).__name__})
    except OUTAGES:
        connection.close_if_unusable_or_obsolete()  # the next attempt in this thread needs a new one
        raise
    except Exception as error:
        _end(run_id, JobRun.State.FAILED, error=type(error).__name__)
        exception_log.note_failure(exception_log.Kind.JOB, error, within=name)
        raise
    else:
        _end(run_id, JobRun.State.DONE, result=result)


def noting_failures(task: Callable[[int], None]) -> Callable[[int], None]:
    """For a periodic task, which has no visible run: what it fails with stands in the log of exceptions.

    It may be deferred by hand too, without a time.
    """

    @wraps(task)
    def noted(timestamp: int = 0) -> None:
        try:
            task(timestamp)
        except OUTAGES:
            raise
        except Exception as error:
            exception_log.note_failure(exception_log.Kind.JOB, error, within=task.__name__)
            raise

    return noted


def cancel(run: JobRun) -> None:
    """Ask a waiting or running job to stop at its next report."""
    JobRun.objects.filter(id=run.id).update(cancel_requested=True)


def _end(run_id: int, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    JobRun.objects.filter(id=run_id).update(state=state, result=result, error=error, ended_at=clock.now())


def defer_once(name: str, key: str) -> None:
    """Defer a task without a visible run, unless the same one waits already."""
    try:
        with transaction.atomic():
            app.configure_task(name, queueing_lock=key).defer()
    except AlreadyEnqueued:
        log.debug("job waits already", extra={"task": name})


STALLED_AFTER_SECONDS = 30
LOST_AFTER = timedelta(minutes=2)


@app.periodic(cron="* * * * *")
@app.task(name="core.end_lost_runs", queue="default", queueing_lock="core.end_lost_runs", pass_context=False)
def end_lost_runs(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """End the runs whose queue row is over or gone, so that their page offers to start again instead of waiting."""
    unfinished = JobRun.objects.filter(
        state__in=(JobRun.State.WAITING, JobRun.State.RUNNING), created_at__lt=clock.now() - LOST_AFTER
    )
    queued = ProcrastinateJob.objects.filter(status__in=("todo", "doing")).values_list(
        "args__run_id", flat=True
    )
    lost = unfinished.exclude(id__in=[run for run in queued if run is not None])
    tasks = list(lost.values_list("task", flat=True))
    if count := lost.update(state=JobRun.State.FAILED, error="Lost", ended_at=clock.now()):
        log.warning("lost runs ended", extra={"count": count})
        for name in tasks:
            exception_log.note(exception_log.Kind.JOB, "Lost", name)


@app.periodic(cron="* * * * * */20")
@app.task(
    name="core.rescue_stalled", queue="default", queueing_lock="core.rescue_stalled", pass_context=False
)
async def rescue_stalled(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Give jobs of dead workers back to the queue.

    Without this a job whose worker was killed stays `doing` for ever, and so does everybody behind its lock
    (BARS C 3). Runs every 20 seconds: a job is taken up again within a minute.
    """
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)
        log.warning("stalled job given back", extra={"task": job.task_name, "job": job.id})
