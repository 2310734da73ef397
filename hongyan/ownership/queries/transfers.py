"""Changes of owners as a viewer may see them (管户变动单): those done in the name of units of the scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.org.codes import Right, Viewer
from hongyan.ownership.codes import Outcome, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.parameters import UNDO_HOURS
from hongyan.ownership.queries.people import Manager, managers_by_id
from hongyan.ownership.rules import Plan, Share, plan_for

ENDED = (JobRun.State.CANCELLED, JobRun.State.FAILED)


def transfers_of(viewer: Viewer) -> QuerySet[Transfer]:
    """Acts in the viewer's scope, the latest first."""
    rows = Transfer.objects.select_related("maker", "leaving").order_by("-id")
    if viewer.scope.everything:
        return rows
    return rows.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))


def find_transfer(viewer: Viewer, transfer_id: int, *, for_update: bool = False) -> Transfer:
    """One act. Errors: NotFound out of scope."""
    rows = transfers_of(viewer)
    rows = rows.select_for_update(of=("self",)) if for_update else rows
    found = rows.filter(pk=transfer_id).first()
    if found is None:
        raise NotFound("transfer", transfer_id)
    return found


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many of the chosen customers there are in a line."""

    line: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an act stands: what is chosen, the plan, the job, and what people may do about it.

    `received` says who got how many: name, staff number, count; the pools have neither name nor number.
    """

    transfer: Transfer
    customers: int
    lines: tuple[LineCount, ...]
    plan: Plan | None
    managers: Mapping[int, Manager]
    outcomes: Mapping[str, int]
    received: tuple[tuple[str, str, int], ...]
    run: JobRun | None
    may_plan: bool
    may_undo: bool

    @property
    def is_at_work(self) -> bool:
        """Whether a job works on it, or is about to."""
        works = self.transfer.state in {TransferState.RUNNING, TransferState.UNDOING}
        return works and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """Whether the job ended early; it can go on."""
        works = self.transfer.state in {TransferState.RUNNING, TransferState.UNDOING}
        return works and (self.run is None or self.run.state in ENDED)


def chosen_customers(transfer: Transfer) -> list[int]:
    """The customers of an act by their ids, in the order in which they are shared out."""
    items = TransferItem.objects.filter(transfer=transfer, is_alike=False).order_by("customer_id")
    return list(items.values_list("customer_id", flat=True).distinct())


def shares_of(transfer: Transfer) -> list[Share]:
    """The plan as it was saved."""
    return [Share(int(one["staff"]), int(one["count"])) for one in transfer.shares]


def standing_of(viewer: Viewer, transfer: Transfer, offered: Collection[Manager] = ()) -> Standing:
    """How an act stands now; `offered` are the managers its page lets choose from. Seven queries at most."""
    items = TransferItem.objects.filter(transfer=transfer, is_alike=False)
    by_line: dict[str, int] = defaultdict(int)
    outcomes: dict[str, int] = defaultdict(int)
    for line, outcome, found in items.values_list("line", "outcome").annotate(found=Count("pk")):
        by_line[line] += found
        outcomes[Outcome(outcome)] += found
    shares = shares_of(transfer)
    managers = {one.staff.pk: one for one in offered}
    if unknown := [share.manager_id for share in shares if share.manager_id not in managers]:
        managers |= managers_by_id(unknown)
    customers = items.values("customer_id").distinct().count()
    room = {key: one.room for key, one in managers.items()}
    may_act = viewer.may(Right.OWNERSHIP_CHANGE)
    return Standing(
        transfer=transfer,
        customers=customers,
        lines=tuple(LineCount(line, found) for line, found in sorted(by_line.items())),
        plan=plan_for(customers, shares, room) if transfer.reason else None,
        managers=managers,
        outcomes=outcomes,
        received=() if transfer.state == TransferState.DRAFT else _received(items),
        run=JobRun.objects.filter(pk=transfer.run_id).first() if transfer.run_id else None,
        may_plan=may_act and transfer.state == TransferState.DRAFT,
        may_undo=may_act and can_undo(viewer, transfer),
    )


def _received(items: QuerySet[TransferItem]) -> tuple[tuple[str, str, int], ...]:
    counted = items.exclude(begun=None).values_list("begun__manager__name", "begun__manager__staff_no")
    rows = counted.annotate(found=Count("pk")).order_by("-found")
    return tuple((name or "", staff_no or "", found) for name, staff_no, found in rows)


def can_undo(viewer: Viewer, transfer: Transfer) -> bool:
    """Whether a job did an act and the time to undo it is not over; what took approval is not undone by who asked."""
    if transfer.run_id is None or transfer.state != TransferState.DONE or transfer.done_at is None:
        return False
    hours = int(value_of(UNDO_HOURS, units=viewer.unit_chain))
    return clock.now() - transfer.done_at <= timedelta(hours=hours)
