"""Review cases of one kind decided together: what a batch would take, and how it stands (批量处理)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.customer.codes import BatchState, CaseState, PairVerdict, Worth
from hongyan.customer.models import CaseBatch, CaseRow, ReviewCase
from hongyan.org.codes import Viewer

BECOMES = {PairVerdict.SAME: CaseState.MERGED, PairVerdict.DIFFERENT: CaseState.REJECTED}
"""What the two verdicts of a batch make of a case."""

ENDED = (JobRun.State.CANCELLED, JobRun.State.FAILED)


def suitable(rows: QuerySet[CaseRow]) -> QuerySet[CaseRow]:
    """Those of some cases that a batch may decide: they wait, and no agreement customer is among them."""
    return rows.filter(state=CaseState.OPEN).exclude(worth=Worth.AGREEMENT)


def batches_of(viewer: Viewer) -> QuerySet[CaseBatch]:
    """The batches that a viewer began in this post, the latest first."""
    return CaseBatch.objects.filter(owner=viewer.staff_no, post_id=viewer.post_id).order_by("-id")


def find_batch(viewer: Viewer, batch_id: int) -> CaseBatch:
    """One of the viewer's batches. Errors: NotFound for anybody else's."""
    batch = batches_of(viewer).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("case_batch", batch_id)
    return batch


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """How a batch stands. Of the sample: how many are `confirmed`, came out `otherwise`, still wait.

    `run` is the job that decides the rest, None before it was started.
    """

    batch: CaseBatch
    confirmed: int
    otherwise: int
    waiting: int
    run: JobRun | None

    @property
    def is_clean(self) -> bool:
        """Whether every case of the sample came out as the batch says."""
        return not self.waiting and not self.otherwise

    @property
    def is_at_work(self) -> bool:
        """Whether a job decides, or is about to."""
        return self.batch.state == BatchState.RUNNING and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """Whether the job ended early, by a cancel or a failure; it can go on."""
        is_running = self.batch.state == BatchState.RUNNING
        return is_running and (self.run is None or self.run.state in ENDED)

    @property
    def may_start(self) -> bool:
        """Whether the rest may be decided, or gone on with."""
        return self.is_stopped or (self.batch.state == BatchState.CHECKING and self.is_clean)


def standing_of(batch: CaseBatch) -> BatchStanding:
    """How a batch stands now. Two queries."""
    states = list(ReviewCase.objects.filter(pk__in=batch.sample).values_list("state", flat=True))
    confirmed = states.count(BECOMES[PairVerdict(batch.verdict)])
    # out of the viewer's sight by now is not confirmed either
    waiting = states.count(CaseState.OPEN) + len(batch.sample) - len(states)
    run = JobRun.objects.filter(pk=batch.run_id).first() if batch.run_id else None
    return BatchStanding(batch, confirmed, len(batch.sample) - confirmed - waiting, waiting, run)
