"""Background tasks of the customer room."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.customer.actions.case_batch import DECIDING
from hongyan.customer.actions.case_batch import decide_batch as decide
from hongyan.customer.actions.count_values import count_values
from hongyan.customer.actions.pins import end_expired_pins
from hongyan.customer.actions.second_look import draw_joins
from hongyan.customer.case_lists import rows_of_query

log = logging.getLogger(__name__)

COUNT_LOCK = "customer.count_values"
PINS_LOCK = "customer.end_pins"


@app.periodic(cron="50 3 * * *")
@app.task(name="customer.count_values", queueing_lock=COUNT_LOCK, lock=COUNT_LOCK, pass_context=False)
@jobs.noting_failures
def count_common_values(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """How common names, birthdays and places are; every night."""
    log.info("values counted", extra={"parties": count_values()})


@jobs.task(DECIDING)
def decide_batch(run: jobs.Run, *, batch_id: int) -> dict[str, int]:
    """Decide the rest of a batch of review cases, or go on where a killed or cancelled run stopped."""
    return decide(batch_id, run.report, rows_of=rows_of_query)


@app.periodic(cron="20 4 * * *")
@app.task(name="customer.draw_joins", queueing_lock="customer.draw_joins", pass_context=False)
@jobs.noting_failures
def draw_second_looks(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Draw from the automatic joins of the day; every night."""
    log.info("second looks drawn", extra={"looks": draw_joins()})


@app.periodic(cron="20 4 * * *")
@app.task(name="customer.end_pins", queueing_lock=PINS_LOCK, lock=PINS_LOCK, pass_context=False)
@jobs.noting_failures
def end_pins(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Golden values that people chose long ago follow the sources again; every night."""
    log.info("pins ended", extra={"pins": end_expired_pins()})
