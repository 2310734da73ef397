"""Applying (装载): staged rows to the rooms that own them, chunk by chunk.

Each chunk is one transaction: records taken in, counts and `applied_rows` on the ledger, quarantine of orphans. Kill
the process anywhere and call `apply` again: it goes on behind the last committed chunk and ends in the same state.

    read → map → prepare (one chunk ahead, in a thread)  →  lock the delivery → take in → count → commit
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hongyan.core import audit, clock, scope
from hongyan.core.ahead import ahead, collecting_seldom
from hongyan.core.events import publish
from hongyan.core.parameters import value_of
from hongyan.customer.actions.prepare import Prepared, prepare_all
from hongyan.customer.actions.take_in import take_in_prepared
from hongyan.integration import mapping, notices, places, staging
from hongyan.integration.actions.check import (
    SYSTEM,
    delivered_rows,
    org_numbers,
    quarantined_row,
    raw_values,
)
from hongyan.integration.actions.resend import take_out
from hongyan.integration.actions.retry_orphans import retry_orphans
from hongyan.integration.codes import DeliveryApplied, DeliveryState
from hongyan.integration.descriptors import Descriptor, RecordKind, Target, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.parameters import CHUNK_ROWS
from hongyan.org.actions.take_in import take_in_posts, take_in_units

Report = Callable[[int, int], None]
Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Taken:
    """What one chunk came to, in rows; `refused` are rows the owner would not take, with their reasons."""

    new: int = 0
    joined: int = 0
    updated: int = 0
    unchanged: int = 0
    review: int = 0
    refused: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows of one kind and where they begin among all good rows of the delivery."""

    kind: RecordKind
    start: int
    rows: Rows
    prepared: list[Prepared]
    """The rows of customers, ready to be written; empty for units and posts."""


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
    while delivery.state == DeliveryState.APPLYING:
        delivery = _go_on(delivery, descriptor, report)
    return delivery


def _go_on(delivery: Delivery, descriptor: Descriptor, report: Report | None) -> Delivery:
    """Apply chunks from where the ledger stands until the end, or until somebody else moved the ledger."""
    for chunk in collecting_seldom(ahead(_chunks(delivery, descriptor, int(value_of(CHUNK_ROWS))))):
        with scope.bulk():
            held = Delivery.objects.select_for_update().get(id=delivery.id)
            if held.state != DeliveryState.APPLYING or held.applied_rows != chunk.start:
                return held
            _apply_chunk(held, chunk)
        delivery = held
        if report:
            report(delivery.applied_rows, delivery.staged_rows)
    return _finish(delivery)


def _chunks(delivery: Delivery, descriptor: Descriptor, chunk_rows: int) -> Iterator[_Chunk]:
    """The rows that are left, kind after kind; made one chunk ahead of the writing, without the database.

    Units and posts are one chunk each: trees are numbered as a whole.
    """
    start, position = 0, delivery.applied_rows
    for kind in _kinds(delivery, descriptor):
        path = places.staged(delivery.uuid, kind.code)
        size = delivery.staged_rows + 1 if kind.target in _TAKE_WHOLE else chunk_rows
        good = delivery.warnings["quality"][kind.code]["valid"]
        skip = min(max(position - start, 0), good)
        if skip == good:
            start += good
            continue
        at = start + skip
        for rows in staging.good_rows(path, record=delivery.uuid, skip=skip, chunk=size):
            yield _Chunk(kind, at, rows, _prepared(delivery, descriptor, kind, rows))
            at += len(rows)
        start += good


def _prepared(delivery: Delivery, descriptor: Descriptor, kind: RecordKind, rows: Rows) -> list[Prepared]:
    if kind.target in _TAKE_WHOLE:
        return []
    as_of: date | None = delivery.business_date
    return prepare_all(mapping.party_record(row, descriptor, kind, as_of=as_of) for row in rows)


def _kinds(delivery: Delivery, descriptor: Descriptor) -> Sequence[RecordKind]:
    return [kind for kind in descriptor.kinds if kind.code in delivery.warnings["quality"]]


def _apply_chunk(delivery: Delivery, chunk: _Chunk) -> None:
    taken = _TAKERS[chunk.kind.target](chunk, delivery)
    if taken.refused:
        _quarantine(delivery, chunk, taken)
    delivery.new += taken.new
    delivery.joined += taken.joined
    delivery.updated += taken.updated
    delivery.unchanged += taken.unchanged
    delivery.review += taken.review
    delivery.accepted = delivery.new + delivery.joined + delivery.updated + delivery.unchanged
    delivery.quarantined += len({row for row, _ in taken.refused})
    delivery.applied_rows += len(chunk.rows)
    delivery.save()


def _take_in_records(chunk: _Chunk, delivery: Delivery) -> Taken:
    done = take_in_prepared(chunk.prepared, decided_by=SYSTEM.code, delivery_id=delivery.id)
    key = chunk.kind.field_of("key")
    refused = [
        (row, {"field": key.column if key else "", "code": code, "params": {}})
        for code, rows in (("unknown_customer", done.orphans), ("key_reissued", done.strangers))
        for row in rows
    ]
    return Taken(done.new, done.joined, done.updated, done.unchanged, done.review, refused)


def _take_in_units(chunk: _Chunk, _delivery: Delivery) -> Taken:
    done = take_in_units([mapping.unit_row(row) for row in chunk.rows], actor=SYSTEM)
    return Taken(done.new, 0, done.updated, done.unchanged, 0, _refusals(chunk.kind, done.refused))


def _take_in_posts(chunk: _Chunk, _delivery: Delivery) -> Taken:
    done = take_in_posts([mapping.post_row(row) for row in chunk.rows], actor=SYSTEM)
    return Taken(done.new, 0, done.updated, done.unchanged, 0, _refusals(chunk.kind, done.refused))


_TAKE_WHOLE = frozenset({Target.UNIT, Target.POST})
_TAKERS: dict[Target, Callable[[_Chunk, Delivery], Taken]] = {
    Target.PARTY: _take_in_records,
    Target.CONTACT: _take_in_records,
    Target.ADDRESS: _take_in_records,
    Target.UNIT: _take_in_units,
    Target.POST: _take_in_posts,
}


def _refusals(kind: RecordKind, refused: Sequence[Any]) -> list[tuple[int, dict[str, Any]]]:
    """Refusals of the organisation room with the source's column in place of ours."""
    found = []
    for row, target, code, params in refused:
        column = kind.field_of(target)
        reason = {"field": column.column if column else "", "code": code, "params": dict(params)}
        found.append((row, reason))
    return found


def _quarantine(delivery: Delivery, chunk: _Chunk, taken: Taken) -> None:
    reasons: dict[int, list[dict[str, Any]]] = {}
    for row, reason in taken.refused:
        reasons.setdefault(row, []).append(reason)
    raw = _as_delivered(delivery, chunk.kind, reasons)
    staged = {row["row"]: row for row in chunk.rows}
    numbers = org_numbers()
    QuarantinedRow.objects.bulk_create(
        quarantined_row(
            delivery,
            chunk.kind,
            row=row,
            key=staged[row].get("key") or staged[row].get("staff_no") or staged[row].get("code") or "",
            raw=raw_values(chunk.kind, raw[row]),
            reasons=found,
            org_no=numbers.get(staged[row].get("unit_code", ""), delivery.org_no),
        )
        for row, found in sorted(reasons.items())
    )


def _as_delivered(delivery: Delivery, kind: RecordKind, rows: Collection[int]) -> dict[int, list[str]]:
    """The values of some rows as delivered; of kinds that keep none for good rows, from the sealed original."""
    if not kind.keep_raw:
        return delivered_rows(delivery, kind, rows)
    return staging.raw_of_rows(places.staged(delivery.uuid, kind.code), rows, record=delivery.uuid)


def _finish(delivery: Delivery) -> Delivery:
    retry_orphans(delivery, load=apply)
    with scope.bulk():
        delivery = Delivery.objects.select_for_update().get(id=delivery.id)
        if delivery.state != DeliveryState.APPLYING or delivery.applied_rows != delivery.staged_rows:
            return delivery
        delivery.state, delivery.applied_at = DeliveryState.APPLIED, clock.now()
        delivery.save(update_fields=["state", "applied_at"])
        take_out(delivery)
        counts = {
            name: getattr(delivery, name) for name in ("accepted", "quarantined", "new", "joined", "updated")
        }
        audit.record(
            SYSTEM, "intake.apply", "delivery", delivery.number, after=counts, count=delivery.staged_rows
        )
        publish(DeliveryApplied(delivery.id, delivery.system))
        notices.applied(delivery)
    places.remove_staged(delivery.uuid)
    return delivery
