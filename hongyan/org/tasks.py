"""Background tasks of the organisation room."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from procrastinate.contrib.django import app

from hongyan.core import clock, jobs
from hongyan.core.audit_openings import close_openings, lay_open
from hongyan.core.parameters import value_of
from hongyan.core.scope import EVERYTHING, Scope, acting
from hongyan.org.actions import reorganise
from hongyan.org.actions.approvals import attend_to_waiting
from hongyan.org.actions.passwords import suspend_dormant
from hongyan.org.parameters import OPENED_DAYS
from hongyan.org.queries.audit import VERIFICATION, count_events, verification_steps
from hongyan.org.queries.audit_archives import OPENING, find_archive

log = logging.getLogger(__name__)

SHOWN_FINDINGS = 50
"""Findings a verification names one by one; it counts them all."""


@jobs.task(VERIFICATION)
def verify_audit(run: jobs.Run, *, lo: int, hi: int, everything: bool) -> dict[str, Any]:
    """Verify every audit row in a scope, and with a scope of everything every seal over them.

    Answers `{rows, unsealed, faults, findings: [{fault, id}]}`; `unsealed` is None where seals were not asked.
    """
    scope = Scope(lo, hi, everything=everything)
    total, read, unsealed, faults = count_events(scope), 0, 0, 0
    named: list[dict[str, Any]] = []
    for step in verification_steps(scope):
        read += step.rows
        unsealed += 0 if step.is_sealed else step.rows
        faults += len(step.findings)
        named += [{"fault": found.fault.value, "id": found.id} for found in step.findings]
        del named[SHOWN_FINDINGS:]
        run.report(min(read, total), total)
    return {"rows": read, "unsealed": unsealed if everything else None, "faults": faults, "findings": named}


@jobs.task(OPENING)
def open_archive(run: jobs.Run, *, month: str) -> dict[str, Any]:
    """Verify an archived month, 2023-01 for instance, and lay its rows open for some days.

    Answers `{rows, faults, findings: [{fault, id}]}`; nothing is laid open of a month with faults.
    """
    until = clock.now() + timedelta(days=int(value_of(OPENED_DAYS)))
    opening = lay_open(find_archive(month), until=until, report=run.report)
    named = [{"fault": one.fault.value, "id": one.id} for one in opening.findings[:SHOWN_FINDINGS]]
    return {"rows": opening.rows, "faults": len(opening.findings), "findings": named}


@app.periodic(cron=jobs.daily(40, 3))
@app.task(name="org.close_openings", queue="default", queueing_lock="org.close_openings", pass_context=False)
@jobs.noting_failures
def close_opened_archives(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Remove the rows of archives that were laid open long enough."""
    if rows := close_openings():
        log.info("opened archives closed", extra={"rows": rows})


@app.periodic(cron=jobs.daily(30, 3))
@app.task(
    name="org.suspend_dormant", queue="default", queueing_lock="org.suspend_dormant", pass_context=False
)
@jobs.noting_failures
def close_dormant_accounts(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Close the accounts nobody logged in to for long (BARS E 4)."""
    with acting(EVERYTHING):
        suspend_dormant()


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="org.attend_to_approvals",
    queue="default",
    queueing_lock="org.attend_to_approvals",
    pass_context=False,
)
@jobs.noting_failures
def attend_to_approvals(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Remind of approvals that are almost over, and escalate or end those that are (SM13)."""
    counts = attend_to_waiting()
    if any(counts.values()):
        log.info("approvals attended to", extra=counts)


@jobs.task(reorganise.TASK)
def carry_out_reorganisation(run: jobs.Run, *, reorganisation_id: int) -> dict[str, Any]:  # noqa: ARG001  one step
    """Move units under another parent, in one transaction. Answers as `reorganise.carry_out`."""
    return reorganise.carry_out(reorganisation_id)


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="org.start_reorganisations",
    queue="default",
    queueing_lock="org.start_reorganisations",
    pass_context=False,
)
@jobs.noting_failures
def start_reorganisations(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Start the approved moves of units whose day has come."""
    with acting(EVERYTHING):
        if started := reorganise.start_due():
            log.info("reorganisations started", extra={"count": started})
