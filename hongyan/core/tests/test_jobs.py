"""Jobs: deferred with the caller's rows, carried out once, cancelled, given back when their worker died."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hongyan.core import clock, jobs
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict
from hongyan.core.models import JobRun

ZHANG = Actor("100001")
done: list[dict[str, Any]] = []


@jobs.task("test.count")
def count(run: jobs.Run, *, upto: int) -> dict[str, Any]:
    for number in range(1, upto + 1):
        run.report(number, upto)
    done.append({"run": run.id, "upto": upto})
    return {"counted": upto}


@jobs.task("test.refuse")
def refuse(run: jobs.Run) -> None:
    raise Conflict("thing")


@jobs.task("test.lose_database")
def lose_database(run: jobs.Run) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


@pytest.mark.django_db
def test_a_job_commits_or_vanishes_with_the_callers_rows() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.start("test.count", actor=ZHANG, upto=3)
        raise RuntimeError
    assert (JobRun.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    run = jobs.start("test.count", actor=ZHANG, subject="D1", upto=3)
    assert (run.state, run.created_by, run.subject) == ("waiting", "100001", "D1")
    assert ProcrastinateJob.objects.get().args == {"run_id": run.id, "upto": 3}


@pytest.mark.django_db
def test_a_job_shows_progress_and_result_and_runs_once() -> None:
    run = jobs.start("test.count", actor=ZHANG, upto=3)
    jobs.carry_out("test.count", run.id, {"upto": 3})
    jobs.carry_out("test.count", run.id, {"upto": 3})
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.result) == ("done", 3, 3, {"counted": 3})
    assert len(done) == 1


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_report() -> None:
    run = jobs.start("test.count", actor=ZHANG, upto=3)
    jobs.cancel(run)
    jobs.carry_out("test.count", run.id, {"upto": 3})
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", 1)
    assert done == []


@pytest.mark.django_db
def test_a_refused_job_names_its_error_without_details() -> None:
    run = jobs.start("test.refuse", actor=ZHANG)
    jobs.carry_out("test.refuse", run.id, {})
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "Conflict")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_lost_the_database_is_not_over_and_is_tried_again() -> None:
    """BARS D: after kill -9 of the database the queue takes the work up again by itself."""
    run = jobs.start("test.lose_database", actor=ZHANG)
    with pytest.raises(OperationalError):
        jobs.carry_out("test.lose_database", run.id, {})
    run.refresh_from_db()
    assert run.state == JobRun.State.RUNNING
    retry = jobs.app.tasks["test.lose_database"].retry_strategy
    job = jobs.app.tasks["test.lose_database"].configure().job.evolve(attempts=100)
    assert retry.get_retry_decision(exception=OperationalError(), job=job) is not None
    assert retry.get_retry_decision(exception=ValueError(), job=job) is None


@pytest.mark.django_db
def test_the_same_job_waits_only_once() -> None:
    jobs.defer_once("core.rescue_stalled", "rescue")
    jobs.defer_once("core.rescue_stalled", "rescue")
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_is_given_back() -> None:
    """BARS C 3: by default it would stay `doing` for ever and block everybody behind its lock."""
    jobs.start("test.count", actor=ZHANG, lock="one", upto=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
        worker = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        assert cursor.fetchone()[0] is not None
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
    async_to_sync(jobs.rescue_stalled.func)(0)
    assert ProcrastinateJob.objects.get().status == "todo"


@pytest.mark.django_db
def test_a_run_without_a_queue_row_is_ended_and_others_are_left_alone() -> None:
    with clock.frozen(datetime(2026, 11, 1, tzinfo=UTC)):
        lost = jobs.start("test.count", actor=ZHANG, upto=1)
        waiting = jobs.start("test.count", actor=ZHANG, upto=2)
    new = JobRun.objects.create(task="test.count", created_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'run_id' = %s", [str(lost.id)]
        )
    jobs.end_lost_runs.func(0)
    states = dict(JobRun.objects.values_list("id", "state"))
    assert states == {lost.id: "failed", waiting.id: "waiting", new.id: "waiting"}
