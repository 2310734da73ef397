"""Deciding review cases of one kind together (批量处理): a sample by hand, and only then the rest by a job.

Agreement customers are left out, since each of them takes a second person; so is whatever the rules refuse.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound
from hongyan.core.parameters import value_of
from hongyan.customer.actions.work_case import work_case
from hongyan.customer.codes import BatchState, PairVerdict
from hongyan.customer.models import CaseBatch, CaseRow
from hongyan.customer.parameters import BATCH_SAMPLE
from hongyan.customer.queries.case_batches import BECOMES, find_batch, standing_of, suitable
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.viewers import find_viewer

DECIDING = "customer.decide_batch"
"""Name of the task that decides the rest of a batch."""

PAGE = 50

Report = Callable[[int, int], None]
RowsOf = Callable[[Viewer, str], QuerySet[CaseRow]]
"""(viewer, query) → the cases that the queue shows them for it."""


def begin_batch(viewer: Viewer, rows: QuerySet[CaseRow], query: str, verdict: str) -> CaseBatch:
    """Begin a batch of the cases that a query of the queue leaves: draws the sample that is decided by hand first.

    Errors: NotAllowed without the right; Invalid for a verdict that decides nothing, or where no case is suitable.
    """
    _ask_right(viewer)
    if verdict not in BECOMES:
        raise Invalid({"verdict": _("请选择判定")})
    with transaction.atomic(savepoint=False):
        found = suitable(rows)
        size = found.count()
        if not size:
            raise Invalid({"": _("这一类里没有可以批量处理的待核")})
        most = int(value_of(BATCH_SAMPLE, units=viewer.unit_chain))
        batch = CaseBatch.objects.create(
            owner=viewer.staff_no,
            post_id=viewer.post_id,
            org_no=viewer.scope.lo,
            query=query,
            verdict=verdict,
            size=size,
            sample=sorted(found.order_by("?").values_list("pk", flat=True)[:most]),
            until=clock.now(),
        )
        after = {"verdict": verdict, "query": query, "sample": len(batch.sample)}
        audit.record(viewer.actor, "case_batch.begin", "case_batch", batch.number, after=after, count=size)
    return batch


def start_batch(viewer: Viewer, batch_id: int) -> CaseBatch:
    """Let a job decide the rest of a batch, or go on where it stopped.

    Errors: NotAllowed without the right; NotFound for others' batches; Conflict while the sample is not decided, when
    some of it came out otherwise, or when it is at work or done.
    """
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        batch = _held(viewer, batch_id)
        if not standing_of(batch).may_start:
            raise Conflict("case_batch", _("样本要先全部核对，并且都与本批的判定一致。"))
        run = jobs.start(
            DECIDING,
            actor=viewer.actor,
            subject=batch.number,
            lock=f"case_batch/{batch.pk}",
            batch_id=batch.pk,
        )
        batch.state, batch.run_id = BatchState.RUNNING, run.pk
        batch.save(update_fields=["state", "run_id"])
        audit.record(viewer.actor, "case_batch.start", "case_batch", batch.number, count=batch.size)
    return batch


def stop_batch(viewer: Viewer, batch_id: int) -> CaseBatch:
    """Ask the job of a batch to stop; what it decided stays.

    Errors: NotAllowed without the right; NotFound for others' batches; Conflict when no job is at work.
    """
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        batch = _held(viewer, batch_id)
        standing = standing_of(batch)
        if not standing.is_at_work or standing.run is None:
            raise Conflict("case_batch", _("{number} 现在没有在处理").format(number=batch.number))
        jobs.cancel(standing.run)
        audit.record(viewer.actor, "case_batch.stop", "case_batch", batch.number, count=batch.decided)
    return batch


def decide_batch(batch_id: int, report: Report, *, rows_of: RowsOf) -> dict[str, int]:
    """Decide what is left of a batch, each case in a transaction of its own under what the post may do at that moment.

    `report` hears (done, total) and may stop it by what it raises. It can be killed and run again: what is decided
    does not wait any more. Answers `{decided, skipped}`. Errors: NotFound when the owner has left the post.
    """
    with scope.bulk():
        # what was skipped waits still, and is tried again
        CaseBatch.objects.filter(pk=batch_id).update(skipped=0)
        batch = CaseBatch.objects.get(pk=batch_id)
    last = done = 0
    while True:
        viewer = _owner_of(batch)
        with scope.acting(viewer.scope):
            rows = suitable(rows_of(viewer, batch.query)).filter(created_at__lte=batch.until, pk__gt=last)
            page = list(rows.order_by("pk").values_list("pk", flat=True)[:PAGE])
        if not page:
            break
        for case_id in page:
            done += 1
            _decide_one(viewer, batch, case_id)
        last = page[-1]
        report(done, batch.size)
    with scope.bulk():
        CaseBatch.objects.filter(pk=batch_id).update(state=BatchState.DONE)
        batch.refresh_from_db()
    return {"decided": batch.decided, "skipped": batch.skipped}


def _owner_of(batch: CaseBatch) -> Viewer:
    """Whose batch it is, in the post it was begun in. Errors: NotFound when they have left it."""
    viewer = find_viewer(batch.owner, post_id=batch.post_id)
    if viewer.post_id != batch.post_id:
        raise NotFound("post", batch.post_id)
    return viewer


def _decide_one(viewer: Viewer, batch: CaseBatch, case_id: int) -> None:
    """One case, counted with its decision. Skipped is what the rules refuse, or somebody else was faster with."""
    try:
        with scope.acting(viewer.scope):
            work_case(viewer, case_id, PairVerdict(batch.verdict), reason=batch.number)
            _count(batch, "decided")
    except HongyanError:
        with scope.acting(viewer.scope):
            _count(batch, "skipped")


def _count(batch: CaseBatch, what: str) -> None:
    CaseBatch.objects.filter(pk=batch.pk).update(**{what: F(what) + 1})


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)


def _held(viewer: Viewer, batch_id: int) -> CaseBatch:
    return CaseBatch.objects.select_for_update().get(pk=find_batch(viewer, batch_id).pk)
