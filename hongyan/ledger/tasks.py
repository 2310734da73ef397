"""Background tasks of the ledger."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hongyan.core import jobs, scope
from hongyan.ledger.actions.partitions import make_partitions
from hongyan.ledger.notices import partitions_differ
from hongyan.ledger.queries.partitions import expected_months, partition_states

log = logging.getLogger(__name__)


@app.periodic(cron=jobs.daily(10, 0))
@app.task(
    name="ledger.make_partitions", queue="default", queueing_lock="ledger.make_partitions", pass_context=False
)
@jobs.noting_failures
def make_partitions_ahead(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Each night: make the partitions of the months to come, and look whether all are as their tables."""
    first, last = expected_months()
    with scope.bulk():
        if made := make_partitions(first, last):
            log.info("partitions made", extra={"count": made})
        differing = [state for state in partition_states(expected=(first, last)) if state.differences]
        for state in differing:
            log.error(
                "partition differs", extra={"table": state.name, "differences": list(state.differences)}
            )
        if differing:
            partitions_differ([state.name for state in differing])
