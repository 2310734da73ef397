"""Background tasks of ownership."""

from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from hongyan.core import jobs
from hongyan.ownership.actions import assist, belong, carry_out, rise, share
from hongyan.ownership.actions.many import CARRYING_OUT, UNDOING
from hongyan.ownership.queries.belonging import BELONGING
from hongyan.ownership.queries.pool import RISING


@jobs.task(CARRYING_OUT)
def carry_out_transfer(run: jobs.Run, *, transfer_id: int) -> dict[str, int]:
    """Do what an act on many planned, or go on where a killed run stopped."""
    return carry_out.carry_out(transfer_id, run.report)


@jobs.task(UNDOING)
def undo_transfer(run: jobs.Run, *, transfer_id: int) -> dict[str, int]:
    """Bring back what an act on many changed, or go on where a killed run stopped."""
    return carry_out.restore(transfer_id, run.report)


@jobs.task(BELONGING)
def find_belonging(run: jobs.Run, *, as_of: str) -> dict[str, int]:
    """What the bank's belonging rule says of everybody; run again, it changes nothing."""
    found = belong.belong(date.fromisoformat(as_of), report=run.report)
    return {"asked": found.asked, "proposed": found.proposed, "ties": found.ties}


@app.periodic(cron=jobs.daily(10, 3))
@app.task(name="ownership.belong_nightly", queueing_lock="ownership.belong_nightly", pass_context=False)
@jobs.noting_failures
def belong_nightly(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """Each night, after the day's balances are in."""
    belong.start_nightly()


@jobs.task(RISING)
def raise_pools(run: jobs.Run) -> dict[str, int]:
    """What stayed in the pools of outlets too long rises to the counties'; run again, it changes nothing."""
    found = rise.rise(report=run.report)
    return {"counties": found.counties, "risen": found.risen}


@app.periodic(cron=jobs.daily(20, 2))
@app.task(name="ownership.rise_nightly", queueing_lock="ownership.rise_nightly", pass_context=False)
@jobs.noting_failures
def rise_nightly(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """Each night."""
    rise.start_nightly()


@app.periodic(cron=jobs.daily(5, 0))
@app.task(name="ownership.assist_daily", queueing_lock="ownership.assist_daily", pass_context=False)
@jobs.noting_failures
def assist_daily(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """At the beginning of each day in China: who assists from today, who no more, and what is shared no more."""
    assist.follow_days()
    share.end_overdue()
