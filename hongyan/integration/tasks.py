"""Background tasks of intake: check and apply deliveries, try and load imports, watch the inboxes. Queue `intake`."""

from __future__ import annotations

import logging
from typing import Any

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.integration.actions import apply, check
from hongyan.integration.actions.check_import import check_import
from hongyan.integration.actions.load_import import load_import
from hongyan.integration.actions.revert_import import revert_import
from hongyan.integration.inbox import take_from_inboxes
from hongyan.integration.models import CustomerImport, Delivery

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


@jobs.task("integration.check_import", queue="intake")
def try_import(run: jobs.Run, *, import_id: int) -> dict[str, Any]:
    """Try an import: every row against the rules, then against the customers we have."""
    run.report(0, 0)
    return _outcome(check_import(import_id, report=run.report))


@jobs.task("integration.load_import", queue="intake")
def carry_out_import(run: jobs.Run, *, import_id: int) -> dict[str, Any]:
    """Load an import, or go on where a killed or cancelled run stopped."""
    return _outcome(load_import(import_id, report=run.report))


@jobs.task("integration.revert_import", queue="intake")
def take_import_back(run: jobs.Run, *, import_id: int) -> dict[str, Any]:
    """Take an import back, or go on with that."""
    return _outcome(revert_import(import_id, report=run.report))


@app.periodic(cron="* * * * * */5")
@app.task(name="integration.watch_inboxes", queue="intake", queueing_lock=WATCH_LOCK, lock=WATCH_LOCK)
def watch_inboxes(timestamp: int) -> None:  # noqa: ARG001 the scheduler passes it
    """Receive what source systems dropped; every five seconds."""
    received = take_from_inboxes()
    if received:
        log.info("drops received", extra={"files": received})


def _outcome(brought: CustomerImport) -> dict[str, Any]:
    return {"state": brought.state, "sound": brought.sound, "applied": brought.applied}


def _counts(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state,
        "received": delivery.received,
        "accepted": delivery.accepted,
        "quarantined": delivery.quarantined,
    }
