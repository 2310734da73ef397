"""Acts on many customers at once (移交与批量调整): chosen, shared out, done by a job, undone in a day."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.core.versions import mark, require_unchanged
from hongyan.customer.models import Ownership
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Staff
from hongyan.org.queries.staff import staff_page
from hongyan.ownership.actions.acts import (
    Target,
    ask_right,
    set_target,
    sound_reason,
    target_at,
    unit_numbers,
)
from hongyan.ownership.codes import Act, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.parameters import MOST_AT_ONCE
from hongyan.ownership.queries.owners import owners_in_scope
from hongyan.ownership.queries.people import managers_by_id, managers_in_scope
from hongyan.ownership.queries.transfers import can_undo, chosen_customers, find_transfer, shares_of
from hongyan.ownership.rules import Share, shared_out

CARRYING_OUT, UNDOING = "ownership.carry_out", "ownership.undo"
"""Names of the tasks that carry out an act, and undo it."""


def begin_hand_over(viewer: Viewer, staff_no: str) -> Transfer:
    """Choose all customers of somebody in the viewer's scope, to be shared out.

    Errors: NotAllowed without the right; NotFound for somebody out of scope; Invalid for whoever has no customers
    there, or more than may be changed at once.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    leaving = staff_page(viewer, staff_no).staff
    rows = owners_in_scope(viewer).filter(manager=leaving)
    return _begin(viewer, Act.HAND_OVER, rows, leaving=leaving)


def begin_reassign(viewer: Viewer, rows: QuerySet[Ownership]) -> Transfer:
    """Choose some owners of the list, to be shared out anew. Errors: as above."""
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    return _begin(viewer, Act.REASSIGN, rows)


def _begin(viewer: Viewer, act: Act, rows: QuerySet[Ownership], *, leaving: Staff | None = None) -> Transfer:
    most = int(value_of(MOST_AT_ONCE, units=viewer.unit_chain))
    chosen = list(rows.order_by("customer_id", "line")[: most + 1].values_list("pk", "customer_id", "line"))
    if not chosen:
        raise Invalid({"": _("没有可以变更的客户")})
    if len(chosen) > most:
        raise Invalid({"": _("一次最多变更 {count} 户，请缩小范围").format(count=most)})
    with transaction.atomic():
        transfer = Transfer.objects.create(
            act=act, state=TransferState.DRAFT, maker_id=viewer.staff_id, org_no=viewer.scope.lo, leaving=leaving,
            size=len(chosen), made_at=clock.now(),
        )  # fmt: skip
        TransferItem.objects.bulk_create(
            TransferItem(transfer=transfer, before_id=owner, customer_id=customer, line=line)
            for owner, customer, line in chosen
        )
        audit.record(viewer.actor, f"ownership.choose_{act}", "transfer", transfer.number, count=len(chosen))
    return transfer


def plan_mark(transfer: Transfer) -> str:
    """The mark of a plan, by which a page tells that somebody planned otherwise meanwhile."""
    return mark({"shares": transfer.shares, "reason": transfer.reason, "state": transfer.state})


def plan(
    viewer: Viewer, transfer_id: int, shares: Sequence[Share], *, reason: str, seen: str | None = None
) -> Transfer:
    """Write down who gets how many; the pool takes the others. Nothing changes yet.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict for an act that is under way, or when somebody
    else planned meanwhile; Invalid without a reason, for somebody twice, for people who are no managers of the scope,
    or for more customers than were chosen.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    reason = sound_reason(reason)
    with transaction.atomic():
        transfer = _draft(viewer, transfer_id, seen)
        _check_shares(viewer, transfer, shares)
        transfer.shares = [{"staff": share.manager_id, "count": share.size} for share in shares]
        transfer.reason = reason
        transfer.save(update_fields=["shares", "reason"])
    return transfer


def _draft(viewer: Viewer, transfer_id: int, seen: str | None) -> Transfer:
    transfer = find_transfer(viewer, transfer_id, for_update=True)
    if transfer.state != TransferState.DRAFT:
        raise Conflict("transfer", _("{number} 已经开始办理").format(number=transfer.number))
    require_unchanged("transfer", seen, plan_mark(transfer), now=transfer.reason)
    return transfer


def _check_shares(viewer: Viewer, transfer: Transfer, shares: Sequence[Share]) -> None:
    offered = {one.staff.pk for one in managers_in_scope(viewer, leaving=transfer.leaving)}
    if any(share.manager_id not in offered for share in shares):
        raise Invalid({"": _("请从列出的客户经理中选择")})
    if len({share.manager_id for share in shares}) < len(shares):
        raise Invalid({"": _("同一位客户经理只能出现一次")})
    if any(share.size < 1 for share in shares):
        raise Invalid({"": _("户数至少为 1")})
    customers = len(chosen_customers(transfer))
    if sum(share.size for share in shares) > customers:
        raise Invalid({"": _("只有 {count} 户可分").format(count=customers)})


def start(viewer: Viewer, transfer_id: int, *, seen: str | None = None) -> Transfer:
    """Let a job do what was planned. Errors: as `plan`; Conflict without a plan."""
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    with transaction.atomic():
        transfer = _draft(viewer, transfer_id, seen)
        if not transfer.reason:
            raise Conflict("transfer", _("请先分配客户"))
        _check_shares(viewer, transfer, shares_of(transfer))
        _set_targets(transfer)
        run(viewer, transfer, CARRYING_OUT, TransferState.RUNNING)
        after = {"shares": transfer.shares, "leaving": transfer.leaving.staff_no if transfer.leaving else ""}
        audit.record(
            viewer.actor, f"ownership.{transfer.act}", "transfer", transfer.number,
            after=after, count=transfer.size, purpose=transfer.reason,
        )  # fmt: skip
    return transfer


def _set_targets(transfer: Transfer) -> None:
    """Say of each customer and line where it goes; a line that is not the manager's goes to the outlet's pool."""
    shares = shares_of(transfer)
    manager_of = shared_out(chosen_customers(transfer), shares)
    managers = managers_by_id([share.manager_id for share in shares])
    items = list(transfer.items.select_related("before").order_by("id"))
    numbers = unit_numbers([item.before for item in items])
    for item in items:
        manager = managers.get(manager_of[item.customer_id] or 0)
        unit = item.before.unit_id
        if manager is None or item.line not in manager.lines:
            set_target(item, Target(unit, None))
        else:
            set_target(item, target_at(manager, unit_id=unit, org_no=numbers[unit, item.line]))
    TransferItem.objects.bulk_update(items, ["to_unit", "to_manager"], batch_size=1000)


def run(viewer: Viewer, transfer: Transfer, task: str, state: TransferState) -> None:
    """Let a job do an act, or undo it, or go on with either."""
    started = jobs.start(
        task,
        actor=viewer.actor,
        subject=transfer.number,
        lock=f"transfer/{transfer.pk}",
        transfer_id=transfer.pk,
    )
    transfer.state, transfer.run_id = state, started.pk
    transfer.save(update_fields=["state", "run_id"])


def undo(viewer: Viewer, transfer_id: int) -> Transfer:
    """Let a job bring every customer of an act back to whom they had before, unless it changed hands since.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict for an act that is not done, or too long ago.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    with transaction.atomic():
        transfer = find_transfer(viewer, transfer_id, for_update=True)
        if not can_undo(viewer, transfer):
            raise Conflict("transfer", _("{number} 已不能撤销").format(number=transfer.number))
        transfer.undone_by = viewer.staff_no
        transfer.save(update_fields=["undone_by"])
        run(viewer, transfer, UNDOING, TransferState.UNDOING)
        audit.record(viewer.actor, "ownership.undo", "transfer", transfer.number, count=transfer.size)
    return transfer


def go_on(viewer: Viewer, transfer_id: int) -> Transfer:
    """Let a job that ended early go on where it was.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict when there is nothing to go on with.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    with transaction.atomic():
        transfer = find_transfer(viewer, transfer_id, for_update=True)
        task = {TransferState.RUNNING: CARRYING_OUT, TransferState.UNDOING: UNDOING}.get(
            TransferState(transfer.state)
        )
        last = JobRun.objects.filter(pk=transfer.run_id or 0).first()
        ended = last is None or last.state in {JobRun.State.CANCELLED, JobRun.State.FAILED}
        if task is None or not ended:
            raise Conflict("transfer", _("{number} 没有中断的办理").format(number=transfer.number))
        run(viewer, transfer, task, TransferState(transfer.state))
        audit.record(viewer.actor, "ownership.go_on", "transfer", transfer.number)
    return transfer
