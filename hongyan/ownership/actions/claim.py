"""Claiming customers of the pool (认领): a manager takes those of their own outlet whom nobody looks after, one of the
county also what rose to its pool (X-34)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.models import Ownership
from hongyan.org.codes import Level, Right, Viewer
from hongyan.ownership.actions.acts import ask_right
from hongyan.ownership.actions.carry_out import change
from hongyan.ownership.codes import Act, Outcome, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.parameters import RECLAIM_DAYS
from hongyan.ownership.queries.owners import owners_in_scope
from hongyan.ownership.queries.people import managers_by_id
from hongyan.ownership.rules import may_claim_again, may_claim_at

MOST = 50
"""As many as a page of the list holds."""


def claim(viewer: Viewer, ownership_ids: Collection[int]) -> Transfer:
    """Take customers of the pool of one's own unit, or of one's county: all of them, or none.

    Errors: NotAllowed without the right; Conflict when somebody else has one of them; Invalid for none or too many, for
    customers of a pool that is not the viewer's, when the cap would be passed, or for one given back or lost lately.
    """
    ask_right(viewer, Right.OWNERSHIP_CLAIM)
    keeper = viewer.holder.staff_id if viewer.holder else viewer.staff_id
    if not 0 < len(ownership_ids) <= MOST:
        raise Invalid({"": _("请选择 1 至 {count} 户").format(count=MOST)})
    with transaction.atomic():
        take_turn("ownership/cap", keeper)
        rows = list(owners_in_scope(viewer).filter(pk__in=ownership_ids).order_by("id"))
        if len(rows) < len(set(ownership_ids)) or any(row.manager_id for row in rows):
            raise Conflict("owner", _("其中有客户已由他人管户，请刷新后重选。"))
        at_county = viewer.level == Level.COUNTY
        if not all(
            may_claim_at(viewer.unit_id, row.unit_id, at_county=at_county, is_risen=row.risen_at is not None)
            for row in rows
        ):
            raise Invalid({"": _("只能认领本机构待分配池里的客户；县级岗位还可认领已转入县级待分配池的")})
        _check_cap(keeper, {row.customer_id for row in rows})
        _check_lost(viewer, keeper, rows)
        return _take(viewer, keeper, rows)


def _check_cap(keeper: int, customers: Collection[int]) -> None:
    manager = managers_by_id([keeper]).get(keeper)
    if manager is None:
        raise NotAllowed(Right.OWNERSHIP_CLAIM)
    if len(customers) > manager.room:
        told = _("管户上限 {cap} 户，现有 {present} 户，还可认领 {room} 户。")
        raise Invalid({"": told.format(cap=manager.cap, present=manager.present, room=manager.room)})


def _check_lost(viewer: Viewer, keeper: int, rows: list[Ownership]) -> None:
    days, now = int(value_of(RECLAIM_DAYS, units=viewer.unit_chain)), clock.now()
    customers = {row.customer_id for row in rows}
    past = Ownership.objects.filter(
        customer_id__in=customers, manager_id=keeper, until__gt=now - timedelta(days=days)
    )
    lost: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for customer, line, until in past.values_list("customer_id", "line", "until"):
        if until is not None:
            lost[customer, line].append(until)
    barred = [row for row in rows if not may_claim_again(lost[row.customer_id, row.line], now=now, days=days)]
    if barred:
        told = _("其中 {count} 户在 {days} 天内由您退回或被调走，不能再认领。")
        raise Invalid({"": told.format(count=len(barred), days=days)})


def _take(viewer: Viewer, keeper: int, rows: list[Ownership]) -> Transfer:
    transfer = Transfer.objects.create(
        act=Act.CLAIM, state=TransferState.RUNNING, maker_id=viewer.staff_id, org_no=viewer.scope.lo,
        size=len(rows), made_at=clock.now(),
    )  # fmt: skip
    items = [
        TransferItem(
            transfer=transfer, customer_id=row.customer_id, line=row.line, before=row, to_unit_id=row.unit_id,
            to_manager_id=keeper,
        )
        for row in rows
    ]  # fmt: skip
    TransferItem.objects.bulk_create(items)
    with scope.bulk():
        change(transfer, items)
        if any(item.outcome != Outcome.MOVED for item in items):
            raise Conflict("owner", _("其中有客户已由他人管户，请刷新后重选。"))
        Transfer.objects.filter(pk=transfer.pk).update(state=TransferState.DONE, done_at=clock.now())
    audit.record(viewer.actor, "ownership.claim", "transfer", transfer.number, count=len(rows))
    return transfer
