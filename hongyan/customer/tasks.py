"""Background tasks of the customer room."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.core.models import JobRun
from hongyan.customer.actions.case_batch import DECIDING
from hongyan.customer.actions.case_batch import decide_batch as decide
from hongyan.customer.actions.count_resolution import COUNTING, count_resolution
from hongyan.customer.actions.count_values import count_values
from hongyan.customer.actions.pins import end_expired_pins
from hongyan.customer.actions.relate_all import RELATION_JOBS, relate_touched
from hongyan.customer.actions.relate_all import relate_all as relate
from hongyan.customer.actions.second_look import draw_joins
from hongyan.customer.actions.train_model import TRAINING, train
from hongyan.customer.case_lists import rows_of_query
from hongyan.customer.queries.relation_runs import RELATING

log = logging.getLogger(__name__)

COUNT_LOCK = "customer.count_values"
PINS_LOCK = "customer.end_pins"
RESOLUTION_LOCK = "customer.count_resolution"


@app.periodic(cron=jobs.daily(50, 3))
@app.task(name="customer.count_values", queueing_lock=COUNT_LOCK, lock=COUNT_LOCK, pass_context=False)
@jobs.noting_failures
def count_common_values(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """How common names, birthdays and places are; every night."""
    log.info("values counted", extra={"parties": count_values()})


@app.periodic(cron=jobs.daily(40, 4))
@app.task(
    name="customer.count_resolution", queueing_lock=RESOLUTION_LOCK, lock=RESOLUTION_LOCK, pass_context=False
)
@jobs.noting_failures
def count_how_resolved(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """How customers came about, per unit; every night."""
    log.info("resolution counted", extra={"numbers": count_resolution()})


@jobs.task(COUNTING)
def count_resolution_now(run: jobs.Run) -> dict[str, int]:
    """The same when somebody asks."""
    run.report(0, 1)
    numbers = count_resolution()
    run.report(1, 1)
    return {"numbers": numbers}


@jobs.task(DECIDING)
def decide_batch(run: jobs.Run, *, batch_id: int) -> dict[str, int]:
    """Decide the rest of a batch of review cases, or go on where a killed or cancelled run stopped."""
    return decide(batch_id, run.report, rows_of=rows_of_query)


@jobs.task(TRAINING)
def train_model(run: jobs.Run, *, model_id: int) -> dict[str, int]:
    """Train a model of the house; a killed or stopped training begins anew and ends the same."""
    return train(model_id, run.report)


@app.periodic(cron=jobs.daily(20, 4))
@app.task(name="customer.draw_joins", queueing_lock="customer.draw_joins", pass_context=False)
@jobs.noting_failures
def draw_second_looks(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Draw from the automatic joins of the day; every night."""
    log.info("second looks drawn", extra={"looks": draw_joins()})


@app.periodic(cron=jobs.daily(20, 4))
@app.task(name="customer.end_pins", queueing_lock=PINS_LOCK, lock=PINS_LOCK, pass_context=False)
@jobs.noting_failures
def end_pins(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Golden values that people chose long ago follow the sources again; every night."""
    log.info("pins ended", extra={"pins": end_expired_pins()})


@app.periodic(cron="* * * * *")
@app.task(
    name="customer.relate_touched",
    queueing_lock="customer.relate_touched",
    lock=RELATION_JOBS,
    pass_context=False,
)
@jobs.noting_failures
def derive_relations(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Who belongs together, of all who came or changed; every minute."""
    counted = relate_touched()
    if counted.customers:
        log.info("relations derived", extra=counted._asdict())


@jobs.task(RELATING)
def relate_everybody(run: jobs.Run, *, after: int) -> dict[str, int]:
    """Who belongs together, of everybody; killed, it goes on where it was."""
    done = JobRun.objects.get(id=run.id).done
    return relate(run.report, after=max(after, done))._asdict()
