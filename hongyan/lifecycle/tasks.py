"""Background tasks of the customer's life."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.lifecycle.actions.answering import settle_due
from hongyan.lifecycle.actions.retiring import anonymise_due

log = logging.getLogger(__name__)

RETENTION_LOCK = "lifecycle.anonymise_due"


@app.periodic(cron="*/10 * * * *")
@app.task(name="lifecycle.settle_due", queueing_lock="lifecycle.settle_due", pass_context=False)
@jobs.noting_failures
def settle_agreed_applications(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """What was agreed to takes effect when the other mailing line's time to object is over."""
    settle_due()


@app.periodic(cron=jobs.daily(20, 2))
@app.task(
    name="lifecycle.anonymise_due", queueing_lock=RETENTION_LOCK, lock=RETENTION_LOCK, pass_context=False
)
@jobs.noting_failures
def anonymise_retired_customers(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """Closed customers whose retention is over become nameless; every night."""
    log.info("customers anonymised", extra={"customers": len(anonymise_due())})
