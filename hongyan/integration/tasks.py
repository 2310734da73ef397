"""Background tasks of intake: check and apply deliveries, watch the inboxes. Queue `intake`."""

from __future__ import annotations

import logging
from typing import Any

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.integration.actions import apply, check
from hongyan.integration.inbox import take_from_inboxes
from hongyan.integration.models import Delivery

log = logging.getLogger(__name__)

WATCH_LOCK = "integration.watch_inboxes"


@jobs.task("integration.check_delivery", queue="intake")
def check_delivery(run: jobs.Run, *, delivery_id: int) -> dict[str, Any]:
    """Check a received delivery; an automatic signature defers `integration.apply_delivery`."""
    run.report(0, 0)
    return _counts(check(delivery_id))


@jobs.task("integration.apply_delivery", queue="intake")
def apply_delivery(run: jobs.Run, *, delivery_id: int) -> dict[str, Any]:
    """Load a signed delivery, or go on where a killed or cancelled run stopped."""
    return _counts(apply(delivery_id, report=run.report))


@app.periodic(cron="* * * * * */5")
@app.task(name="integration.watch_inboxes", queue="intake", queueing_lock=WATCH_LOCK, lock=WATCH_LOCK)
def watch_inboxes(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Receive what source systems dropped; every five seconds."""
    received = take_from_inboxes()
    if received:
        log.info("drops received", extra={"files": received})


def _counts(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state,
        "received": delivery.received,
        "accepted": delivery.accepted,
        "quarantined": delivery.quarantined,
    }
