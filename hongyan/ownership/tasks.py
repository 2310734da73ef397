"""Background tasks of ownership."""

from __future__ import annotations

from hongyan.core import jobs
from hongyan.ownership.actions import carry_out
from hongyan.ownership.actions.many import CARRYING_OUT, UNDOING


@jobs.task(CARRYING_OUT)
def carry_out_transfer(run: jobs.Run, *, transfer_id: int) -> dict[str, int]:
    """Do what an act on many planned, or go on where a killed run stopped."""
    return carry_out.carry_out(transfer_id, run.report)


@jobs.task(UNDOING)
def undo_transfer(run: jobs.Run, *, transfer_id: int) -> dict[str, int]:
    """Bring back what an act on many changed, or go on where a killed run stopped."""
    return carry_out.restore(transfer_id, run.report)
