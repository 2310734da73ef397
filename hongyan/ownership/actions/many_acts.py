"""Giving customers of the list to one manager, as an act on many (指定客户经理): each chunk is one change of owners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hongyan.core import clock, scope
from hongyan.customer.models import Customer, Ownership
from hongyan.org.codes import Right, Viewer
from hongyan.ownership.actions.acts import ask_right, set_target, target_at, unit_numbers
from hongyan.ownership.actions.carry_out import change, put_back, tell
from hongyan.ownership.codes import Act, Outcome, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.queries.people import Manager


def assign_many(
    viewer: Viewer, owners: Mapping[int, Sequence[Ownership]], manager: Manager, *, reason: str
) -> tuple[Transfer, set[int]]:
    """Give customers to a manager in the lines of some owners; answers the change, and the customers that it reached.

    `owners` is customer → their present owners in the viewer's scope: whoever calls has looked.
    Errors: NotAllowed without the right.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    all_owners = [owner for some in owners.values() for owner in some]
    numbers = unit_numbers(all_owners)
    with scope.bulk():
        transfer = Transfer.objects.create(
            act=Act.REASSIGN, state=TransferState.RUNNING, reason=reason, maker_id=viewer.staff_id,
            org_no=viewer.scope.lo, size=len(all_owners), made_at=clock.now(),
        )  # fmt: skip
        items = [
            TransferItem(transfer=transfer, customer_id=one.customer_id, line=one.line, before=one)
            for one in all_owners
        ]
        for item in items:
            unit = item.before.unit_id
            set_target(item, target_at(manager, unit_id=unit, org_no=numbers[unit, item.line]))
        TransferItem.objects.bulk_create(items)
        change(transfer, items)
        transfer.refresh_from_db()
        transfer.state, transfer.done_at = TransferState.DONE, clock.now()
        transfer.save(update_fields=["state", "done_at"])
        tell(transfer)
        changed = {item.before_id for item in items if item.outcome == Outcome.MOVED}
    return transfer, {key for key, some in owners.items() if any(one.pk in changed for one in some)}


def bring_back(viewer: Viewer, transfer_id: int, customers: Collection[int]) -> set[int]:
    """Bring customers of a change back to whom they had before; answers those that nobody changed since.

    Errors: NotAllowed without the right.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    with scope.bulk():
        transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
        transfer.undone_by = viewer.staff_no
        transfer.save(update_fields=["undone_by"])
        roots = dict(
            Customer.objects.filter(pk__in=transfer.items.values("customer_id")).values_list(
                "pk", "survivor_id"
            )
        )
        items = [
            item
            for item in transfer.items.filter(outcome=Outcome.MOVED).select_related("before").order_by("id")
            if (roots[item.customer_id] or item.customer_id) in customers
        ]
        put_back(transfer, items)
        kept = {
            roots[item.customer_id] or item.customer_id
            for item in items
            if item.outcome != Outcome.RESTORED and not item.is_alike
        }
        left = transfer.items.filter(outcome__in=[Outcome.MOVED, Outcome.POOLED]).exists()
        if not left:
            Transfer.objects.filter(pk=transfer.pk).update(state=TransferState.UNDONE)
    return set(customers) - kept
