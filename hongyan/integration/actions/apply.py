"""Applying (装载): staged rows to the rooms that own them, chunk by chunk.

Each chunk is one transaction: records taken in, counts and `applied_rows` on the ledger, quarantine of orphans. Kill
the process anywhere and call `apply` again: it goes on behind the last committed chunk and ends in the same state.

    read → map → prepare (one chunk ahead)  →  lock the delivery → take in → count → commit

Chunks are made in a thread; customers of a long delivery are read, mapped and prepared in a process of its own.

Facts go as blocks of text to the ledger, which books them set-based; their sums of money, weight and pieces are
counted with them, and a delivery whose sums do not come out to the fen is not finished.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from hongyan.core import audit, clock, scope
from hongyan.core.ahead import ahead, collecting_seldom
from hongyan.core.elsewhere import elsewhere, here
from hongyan.core.events import publish
from hongyan.customer.actions.take_in import take_in_prepared
from hongyan.integration import mapping, notices, places, staging, sums
from hongyan.integration.actions.check import (
    SYSTEM,
    delivered_rows,
    org_numbers,
    quarantined_row,
    raw_values,
    recognised,
)
from hongyan.integration.actions.receive import acting_for
from hongyan.integration.actions.resend import take_out
from hongyan.integration.actions.retry_orphans import retry_orphans
from hongyan.integration.actions.take_places import PLACES, take_in_places
from hongyan.integration.chunks import Chunk, chunks_of, has_customers, kinds_of, pace_of
from hongyan.integration.codes import BY_HAND, DeliveryApplied, DeliveryState
from hongyan.integration.descriptors import FACTS, Descriptor, RecordKind, Target, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.reach import scope_brought_for
from hongyan.ledger.actions.bank_intake import follow_delivery
from hongyan.ledger.actions.book import book
from hongyan.ledger.actions.take_in import take_in_holdings, take_in_products
from hongyan.ledger.codes import TakenStates
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Bringer

Report = Callable[[int, int], None]

WORTH_A_PROCESS = 20_000
"""Rows from which on a process that prepares customers saves more than its start takes."""


@dataclass(slots=True)
class Taken:
    """What one chunk came to, in rows; `refused` are rows the owner would not take, with their reasons.

    `sums` are those of facts, by outcome and target.
    """

    new: int = 0
    joined: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    review: int = 0
    sums: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    refused: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def apply(delivery_id: int, *, report: Report | None = None) -> Delivery:
    """Load a signed delivery, or what is left of it; `report` hears (rows done, rows in all) after each chunk.

    A delivery that is not signed, or applied already, comes back unchanged. Errors of `report` (a cancel) stop
    between two chunks; what was committed stays and a later call goes on.
    """
    delivery = Delivery.objects.get(id=delivery_id)
    if delivery.state != DeliveryState.APPLYING:
        return delivery
    descriptor = find_descriptor(delivery.system)
    assert descriptor is not None, "a delivery's system has a descriptor"
    while delivery.state == DeliveryState.APPLYING and not delivery.refusal:
        delivery = _go_on(delivery, descriptor, report)
    return delivery


def _go_on(delivery: Delivery, descriptor: Descriptor, report: Report | None) -> Delivery:
    """Apply chunks from where the ledger stands until the end, or until somebody else moved the ledger."""
    is_long = delivery.staged_rows - delivery.applied_rows >= WORTH_A_PROCESS
    with elsewhere() if is_long and has_customers(delivery, descriptor) else nullcontext(here) as stream:
        for chunk in collecting_seldom(ahead(chunks_of(delivery, descriptor, pace_of(stream)))):
            with scope.bulk():
                held = Delivery.objects.select_for_update().get(id=delivery.id)
                if held.state != DeliveryState.APPLYING or held.applied_rows != chunk.start:
                    return held
                _apply_chunk(held, chunk)
            delivery = held
            if report:
                report(delivery.applied_rows, delivery.staged_rows)
    return _finish(delivery)


def _apply_chunk(delivery: Delivery, chunk: Chunk) -> None:
    taken = _TAKERS[chunk.kind.target](chunk, delivery)
    if taken.refused:
        _quarantine(delivery, chunk, taken)
    delivery.new += taken.new
    delivery.joined += taken.joined
    delivery.updated += taken.updated
    delivery.unchanged += taken.unchanged
    delivery.stale += taken.stale
    delivery.review += taken.review
    delivery.accepted = (
        delivery.new + delivery.joined + delivery.updated + delivery.unchanged + delivery.stale
    )
    if chunk.kind.code in delivery.sums:
        delivery.sums[chunk.kind.code] = sums.booked(delivery.sums[chunk.kind.code], taken.sums)
    delivery.quarantined += len({row for row, _ in taken.refused})
    delivery.applied_rows += chunk.size
    delivery.save()


def _take_in_records(chunk: Chunk, delivery: Delivery) -> Taken:
    done = take_in_prepared(chunk.prepared, decided_by=SYSTEM.code, delivery_id=delivery.id)
    refused = [
        (row, {"field": chunk.kind.column_of("key"), "code": code, "params": {}})
        for code, rows in (("unknown_customer", done.orphans), ("key_reissued", done.strangers))
        for row in rows
    ]
    return Taken(done.new, done.joined, done.updated, done.unchanged, review=done.review, refused=refused)


def _take_in_units(chunk: Chunk, delivery: Delivery) -> Taken:
    rows = [mapping.unit_row(row) for row in chunk.rows]
    done = take_in_units(rows, actor=SYSTEM, by_hand=_bringer_of(delivery))
    refused = _refusals(chunk.kind, done.refused)
    return Taken(done.new, updated=done.updated, unchanged=done.unchanged, refused=refused)


def _take_in_posts(chunk: Chunk, delivery: Delivery) -> Taken:
    rows = [mapping.post_row(row) for row in chunk.rows]
    done = take_in_posts(rows, actor=SYSTEM, by_hand=_bringer_of(delivery))
    refused = _refusals(chunk.kind, done.refused)
    return Taken(done.new, updated=done.updated, unchanged=done.unchanged, refused=refused)


def _bringer_of(delivery: Delivery) -> Bringer | None:
    """The person who brought a delivery, in the scope it was brought for; None where a system did."""
    if delivery.channel not in BY_HAND:
        return None
    return Bringer(delivery.received_by, scope_brought_for(delivery))


def _take_in_places(chunk: Chunk, delivery: Delivery) -> Taken:
    done = take_in_places(chunk.kind.target, chunk.rows, system=delivery.system)
    return Taken(done.new, updated=done.updated, unchanged=done.unchanged)


def _take_in_holdings(chunk: Chunk, delivery: Delivery) -> Taken:
    descriptor, known_at = _signed(delivery)
    as_of = delivery.business_date or clock.business_date(known_at)
    done = take_in_holdings(
        [mapping.holding_record(row, descriptor, chunk.kind, as_of=as_of) for row in chunk.rows],
        system=delivery.system,
        line=descriptor.line,
        known_at=known_at,
        delivery_id=delivery.id,
        products=descriptor.products,
    )
    return _states(chunk, done)


def _take_in_products(chunk: Chunk, delivery: Delivery) -> Taken:
    descriptor, known_at = _signed(delivery)
    records = [mapping.product_record(row, descriptor) for row in chunk.rows]
    done = take_in_products(
        records,
        system=delivery.system,
        line=descriptor.line,
        known_at=known_at,
        products=descriptor.products,
    )
    return _states(chunk, done)


def _states(chunk: Chunk, done: TakenStates) -> Taken:
    refused = [(row, _conflict(chunk.kind)) for row in done.conflicts]
    return Taken(done.new, updated=done.updated, unchanged=done.unchanged, stale=done.stale, refused=refused)


def _conflict(kind: RecordKind) -> dict[str, Any]:
    """The reason of a row whose version is known with other content."""
    named = kind.column_of("number") or kind.column_of("holding")
    return {"field": named, "code": "fact_conflict", "params": {}}


def _signed(delivery: Delivery) -> tuple[Descriptor, datetime]:
    """The system of a delivery and the instant since when its content is known: one for all its chunks."""
    descriptor = find_descriptor(delivery.system)
    assert descriptor is not None, "a delivery's system has a descriptor"
    assert delivery.signed_at is not None, "nothing is booked before it is signed"
    return descriptor, delivery.signed_at


def _book_facts(chunk: Chunk, delivery: Delivery) -> Taken:
    assert chunk.block is not None, "facts come in blocks"
    descriptor, known_at = _signed(delivery)
    done = book(
        chunk.kind.target,
        chunk.block.pieces,
        chunk.size,
        system=delivery.system,
        line=descriptor.line,
        known_at=known_at,
        delivery_id=delivery.id,
        products=descriptor.products,
    )
    refused = [(row, _conflict(chunk.kind)) for row in done.conflicts]
    return Taken(
        done.new,
        updated=done.corrected,
        unchanged=done.unchanged,
        stale=done.stale,
        sums=done.sums,
        refused=refused,
    )


_TAKERS: dict[Target, Callable[[Chunk, Delivery], Taken]] = {
    Target.PARTY: _take_in_records,
    Target.CONTACT: _take_in_records,
    Target.ADDRESS: _take_in_records,
    Target.UNIT: _take_in_units,
    Target.POST: _take_in_posts,
    Target.HOLDING: _take_in_holdings,
    Target.PRODUCT: _take_in_products,
    **dict.fromkeys(PLACES, _take_in_places),
    **dict.fromkeys(FACTS, _book_facts),
}


def _refusals(kind: RecordKind, refused: Sequence[Any]) -> list[tuple[int, dict[str, Any]]]:
    """Refusals of the organisation room with the source's column in place of ours."""
    found = []
    for row, target, code, params in refused:
        reason = {"field": kind.column_of(target), "code": code, "params": dict(params)}
        found.append((row, reason))
    return found


def _quarantine(delivery: Delivery, chunk: Chunk, taken: Taken) -> None:
    reasons: dict[int, list[dict[str, Any]]] = {}
    for row, reason in taken.refused:
        reasons.setdefault(row, []).append(reason)
    staged = _staged_rows(delivery, chunk, reasons)
    numbers = org_numbers()
    QuarantinedRow.objects.bulk_create(
        quarantined_row(
            delivery,
            chunk.kind,
            row=row,
            key=recognised(staged[row]),
            raw=raw_values(chunk.kind, staged[row]["raw"]),
            reasons=found,
            org_no=numbers.get(staged[row].get("unit_code", ""), delivery.org_no),
        )
        for row, found in sorted(reasons.items())
    )


def _staged_rows(delivery: Delivery, chunk: Chunk, rows: Collection[int]) -> dict[int, dict[str, Any]]:
    """Some rows of a chunk as staged, with the values as delivered: of facts from the sealed original itself."""
    path = places.staged(delivery.uuid, chunk.kind.code)
    staged = staging.rows_of(path, rows, record=delivery.uuid)
    if not chunk.kind.keep_raw:
        for row, values in delivered_rows(delivery, chunk.kind, rows).items():
            staged[row]["raw"] = values
    return staged


def _finish(delivery: Delivery) -> Delivery:
    retry_orphans(delivery, load=apply)
    with scope.bulk():
        delivery = Delivery.objects.select_for_update().get(id=delivery.id)
        if delivery.state != DeliveryState.APPLYING or delivery.applied_rows != delivery.staged_rows:
            return delivery
        if differing := sums.differences(delivery.sums):
            return _hold_back(delivery, *differing[0])
        delivery.state, delivery.applied_at = DeliveryState.APPLIED, clock.now()
        delivery.save(update_fields=["state", "applied_at"])
        take_out(delivery)
        if _states_balances(delivery):
            follow_delivery(delivery.id)
        counts = {
            name: getattr(delivery, name) for name in ("accepted", "quarantined", "new", "joined", "updated")
        }
        audit.record(
            acting_for(SYSTEM, delivery),
            "intake.apply",
            "delivery",
            delivery.number,
            after=counts,
            count=delivery.staged_rows,
        )
        publish(DeliveryApplied(delivery.id, delivery.system))
        notices.applied(delivery)
    places.remove_staged(delivery.uuid)
    return delivery


def _states_balances(delivery: Delivery) -> bool:
    """Whether a delivery may bring somebody into the bank's intake: by balances, or by whose account one is."""
    descriptor = find_descriptor(delivery.system)
    assert descriptor is not None, "a delivery's system has a descriptor"
    targets = {kind.target for kind in kinds_of(delivery, descriptor)}
    return not targets.isdisjoint({Target.BALANCE, Target.HOLDING})


def _hold_back(delivery: Delivery, kind: str, target: str, difference: str) -> Delivery:
    """Everything was booked and yet a sum does not come out: the delivery stays open and somebody is told."""
    descriptor = find_descriptor(delivery.system)
    found = descriptor and descriptor.kind(kind)
    assert found, "a delivery's kinds have descriptors"
    params = {"kind": found.title, "column": found.column_of(target), "difference": difference}
    delivery.refusal = {"code": "sums_differ", "row": None, "params": params}
    delivery.save(update_fields=["refusal"])
    audit.record(acting_for(SYSTEM, delivery), "intake.hold_back", "delivery", delivery.number, after=params)
    notices.held_back(delivery)
    return delivery
