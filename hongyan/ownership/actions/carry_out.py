"""Carrying out what was planned (办理管户变动): in chunks, each in a transaction of its own, so that it can be killed
and run again. The cap is looked at when a customer goes to a manager, not only in the plan (PSB-011, example 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from django.db.models import F

from hongyan.core import clock, scope
from hongyan.core.versions import take_turn
from hongyan.customer.actions.change_owners import Act as Because
from hongyan.customer.actions.change_owners import Change, change_owners, owners_alike
from hongyan.customer.models import Customer, Ownership
from hongyan.ownership import notices
from hongyan.ownership.codes import OVERFLOW, UNDO, Outcome, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.queries.people import customers_of, managers_by_id

CHUNK = 200

Report = Callable[[int, int], None]


def carry_out(transfer_id: int, report: Report) -> dict[str, int]:
    """Do what is left of an act. `report` hears (done, all) and may stop it by what it raises."""
    while True:
        with scope.bulk():
            transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
            waiting = transfer.items.filter(outcome=Outcome.WAITING, is_alike=False).order_by("id")
            items = list(waiting.select_related("before")[:CHUNK])
            if not items:
                _finish(transfer)
                return {"moved": transfer.moved, "pooled": transfer.pooled, "skipped": transfer.skipped}
            change(transfer, items)
            transfer.refresh_from_db()
        report(transfer.moved + transfer.pooled + transfer.skipped, transfer.size)


def change(transfer: Transfer, items: Sequence[TransferItem]) -> None:
    """Change the owners of some items now, as far as nobody else did. Call it inside `scope.bulk()`."""
    _decide(items)
    changing = [item for item in items if item.outcome != Outcome.SAME]
    changing += _alike(transfer, changing)
    begun: dict[int, int] = {}
    for reason, outcome in ((transfer.act, Outcome.MOVED), (OVERFLOW, Outcome.POOLED)):
        changes = [_change_of(item) for item in changing if item.outcome == outcome]
        begun |= change_owners(changes, Because(reason, transfer.reason, transfer.maker.staff_no))
    for item in changing:
        item.begun_id = begun.get(item.before_id)
        if item.begun_id is None:
            item.outcome = Outcome.SKIPPED
    TransferItem.objects.bulk_update(items, ["begun", "outcome"])
    TransferItem.objects.bulk_create(item for item in changing if item.is_alike)
    _count(transfer, items)


def _decide(items: Sequence[TransferItem]) -> None:
    """Whom their manager has no room for goes to the pool of the outlet where they are; the others to the manager."""
    wanted = sorted({item.to_manager_id for item in items if item.to_manager_id})
    for one in wanted:
        take_turn("ownership/cap", one)
    caps = {key: one.cap for key, one in managers_by_id(wanted).items()}
    present = customers_of(wanted)
    roots = _roots({item.customer_id for item in items})
    theirs = _theirs(wanted, roots.values())
    for item in items:
        manager_id, root = item.to_manager_id, roots[item.customer_id]
        if (item.to_unit_id, manager_id) == (item.before.unit_id, item.before.manager_id):
            item.outcome = Outcome.SAME
            continue
        item.outcome = Outcome.MOVED
        if manager_id is None or (manager_id, root) in theirs:
            continue
        if present.get(manager_id, 0) >= caps.get(manager_id, 0):
            item.outcome = Outcome.POOLED
            continue
        theirs.add((manager_id, root))
        present[manager_id] = present.get(manager_id, 0) + 1


def _change_of(item: TransferItem) -> Change:
    """What becomes of an owner: as wanted, or the pool of its own unit where the manager had no room."""
    if item.outcome == Outcome.POOLED:
        return Change(item.before_id, item.before.unit_id, None)
    return Change(item.before_id, item.to_unit_id or item.before.unit_id, item.to_manager_id)


def _roots(customers: Collection[int]) -> dict[int, int]:
    rows = Customer.objects.filter(pk__in=customers).values_list("pk", "survivor_id")
    return {customer: survivor or customer for customer, survivor in rows}


def _theirs(managers: Collection[int], roots: Collection[int]) -> set[tuple[int, int]]:
    """Of some customers: whom managers look after already, in another line."""
    owners = Ownership.objects.filter(
        manager_id__in=managers, until=None, gives_way=False, customer_id__in=roots
    )
    return {(manager, root) for manager, root in owners.values_list("manager_id", "customer_id") if manager}


def _alike(transfer: Transfer, items: Sequence[TransferItem]) -> list[TransferItem]:
    """The owners that give way to those of some items, to go the same way."""
    alike = owners_alike([item.before_id for item in items])
    known = {item.before_id for item in items}
    rows = Ownership.objects.in_bulk([key for keys in alike.values() for key in keys if key not in known])
    return [
        TransferItem(
            transfer=transfer,
            customer_id=rows[key].customer_id,
            line=item.line,
            before=rows[key],
            to_unit_id=item.to_unit_id,
            to_manager_id=item.to_manager_id,
            outcome=item.outcome,
            is_alike=True,
        )
        for item in items
        for key in alike.get(item.before_id, ())
        if key in rows
    ]


def _count(transfer: Transfer, items: Sequence[TransferItem]) -> None:
    outcomes = [item.outcome for item in items]
    Transfer.objects.filter(pk=transfer.pk).update(
        moved=F("moved") + outcomes.count(Outcome.MOVED) + outcomes.count(Outcome.SAME),
        pooled=F("pooled") + outcomes.count(Outcome.POOLED),
        skipped=F("skipped") + outcomes.count(Outcome.SKIPPED),
    )


def _finish(transfer: Transfer) -> None:
    """The act is done: everybody it concerns hears of it, once."""
    if transfer.state == TransferState.DONE:
        return
    transfer.state, transfer.done_at = TransferState.DONE, clock.now()
    transfer.save(update_fields=["state", "done_at"])
    tell(transfer)


def tell(transfer: Transfer) -> None:
    """Tell those who have customers more or less, and the heads: how many, by what act (REQUIREMENTS 5.1)."""
    items = transfer.items.filter(is_alike=False, outcome__in=[Outcome.MOVED, Outcome.POOLED])
    rows = items.values_list(
        "before__manager__staff_no", "to_manager__staff_no", "outcome", "customer__code", "line"
    )
    lost: dict[str, list[tuple[str, str]]] = defaultdict(list)
    won: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for old, new, outcome, code, line in rows:
        if old and old != new:
            lost[old].append((code, line))
        if new and outcome == Outcome.MOVED:
            won[new].append((code, line))
    notices.changed(transfer, lost=lost, won=won)
    if transfer.pooled:
        notices.overflowed(transfer)


# --- undoing


def restore(transfer_id: int, report: Report) -> dict[str, int]:
    """Undo an act as far as nobody changed its customers since; else they stay as they are."""
    while True:
        with scope.bulk():
            transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
            changed = transfer.items.filter(outcome__in=[Outcome.MOVED, Outcome.POOLED])
            items = list(changed.select_related("before").order_by("id")[:CHUNK])
            if not items:
                return {"restored": _finish_undoing(transfer)}
            put_back(transfer, items)
            transfer.refresh_from_db()
        report(transfer.restored, transfer.moved + transfer.pooled)


def put_back(transfer: Transfer, items: Sequence[TransferItem]) -> None:
    """Give some customers back to whom they had before an act. Call it inside `scope.bulk()`."""
    changes = [
        Change(item.begun_id, item.before.unit_id, item.before.manager_id) for item in items if item.begun_id
    ]
    begun = change_owners(changes, Because(UNDO, transfer.number, transfer.undone_by))
    for item in items:
        item.outcome = Outcome.RESTORED if item.begun_id in begun else Outcome.KEPT
    TransferItem.objects.bulk_update(items, ["outcome"])
    restored = sum(item.outcome == Outcome.RESTORED and not item.is_alike for item in items)
    Transfer.objects.filter(pk=transfer.pk).update(restored=F("restored") + restored)


def _finish_undoing(transfer: Transfer) -> int:
    if transfer.state != TransferState.UNDONE:
        transfer.state = TransferState.UNDONE
        transfer.save(update_fields=["state"])
        notices.undone(transfer)
    return transfer.restored
