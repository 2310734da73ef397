"""Taking records in (接入客户): from checked source records to customers, golden records and projections.

One chunk is one transaction of the caller, under the bulk role. The order of the steps is the order of the tables'
dependence; each step is set-based. Repeating a chunk changes nothing: an equal digest is an unchanged record.

    1. hold the keys            nobody else may create the same customers meanwhile
    2. parties known?           unchanged · changed (a new version) · fresh
    3. place the fresh          join a known customer, form a new one, or note a review
    4. write                    customers, parties, records, identifiers, links, relationships, owners, cases
    5. calculate                golden record and projections of every customer touched
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from django.db import connection

from hongyan.core import clock, numbering
from hongyan.core.bulk import copy_rows, next_ids, references_checked_together, update_rows
from hongyan.core.events import publish
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.count_values import count_if_grown
from hongyan.customer.actions.place_fresh import placements
from hongyan.customer.actions.prepare import Prepared, prepare_all
from hongyan.customer.actions.relate import update_relationships, write_relationships
from hongyan.customer.actions.stored_parts import known_parts, named_parties, saying_anew, shells_of, stated
from hongyan.customer.actions.write_parties import claim, write_links, write_records
from hongyan.customer.actions.write_reviews import review_changed, write_reviews
from hongyan.customer.codes import MAIN_PART, CustomersTakenIn, PartyRecord, TakenIn
from hongyan.customer.models import SourceParty
from hongyan.customer.rules.reissued import Stated, is_somebody_else
from hongyan.customer.stated import view_of
from hongyan.identity.online.placing import Placement

SINGLE_LOCKS_UP_TO = 50
"""Above this many records one lock on everything is cheaper than one lock a key."""

IDENTITY_LOCK = 0x484F4E47


def take_in(records: Sequence[PartyRecord], *, decided_by: str, delivery_id: int | None) -> TakenIn:
    """Take a chunk of records in; see the module. Call it inside `scope.bulk()`.

    `decided_by` names who or what decides (`system:intake`, a staff number). Returns what was done, in records;
    rows of sub-records whose party is unknown come back as orphans, rows that give a known key to somebody else as
    strangers.
    """
    return take_in_prepared(prepare_all(records), decided_by=decided_by, delivery_id=delivery_id)


def take_in_prepared(prepared: Sequence[Prepared], *, decided_by: str, delivery_id: int | None) -> TakenIn:
    """`take_in` for records that were prepared elsewhere."""
    hold_keys(prepared)
    if len(prepared) > SINGLE_LOCKS_UP_TO:
        count_if_grown()
        with references_checked_together():
            return _taken_in(prepared, decided_by=decided_by, delivery_id=delivery_id)
    return _taken_in(prepared, decided_by=decided_by, delivery_id=delivery_id)


def _taken_in(prepared: Sequence[Prepared], *, decided_by: str, delivery_id: int | None) -> TakenIn:
    chunk = Chunk(clock.now(), decided_by, delivery_id)
    for wave in _waves(prepared):
        if wave[0].record.part == MAIN_PART:
            _take_in_parties(wave, chunk)
        else:
            _take_in_parts(wave, chunk)
    if chunk.touched:
        names = {
            (item.record.party_type.value, item.fields["name"]): item.name for item in prepared if item.name
        }
        calculate(
            chunk.touched, fresh=chunk.fresh, views=chunk.views, names=names, actor=decided_by, now=chunk.now
        )
        publish(CustomersTakenIn(tuple(sorted(chunk.touched)), prepared[0].record.system))
    return chunk.counts


def _waves(prepared: Sequence[Prepared]) -> Iterable[list[Prepared]]:
    """Cut a chunk so that no wave holds a part twice, and parties come before their parts."""
    waves: dict[tuple[int, bool], list[Prepared]] = defaultdict(list)
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    for item in prepared:
        record = item.record
        identity = (record.system, record.key, record.part)
        waves[seen[identity], record.part != MAIN_PART].append(item)
        seen[identity] += 1
    return [waves[key] for key in sorted(waves, key=lambda key: (key[1], key[0]))]


def hold_keys(prepared: Sequence[Prepared]) -> None:
    """Keep others from creating the same customers until the transaction ends.

    A file's chunk holds everything; a single record shares that lock and holds its own keys, in one order for all.
    """
    if len(prepared) > SINGLE_LOCKS_UP_TO:
        hold_identity()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [IDENTITY_LOCK])
        keys = {_lock_number(f"{item.record.system}/{item.record.key}".encode()) for item in prepared}
        keys |= {_lock_number(value) for item in prepared for value in item.strong}
        keys |= {key.value for item in prepared for key in item.keys}
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def hold_identity() -> None:
    """Let nobody else take in customers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IDENTITY_LOCK])


def _lock_number(key: bytes) -> int:
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big", signed=True)


# --- parties


def _take_in_parties(wave: list[Prepared], chunk: Chunk) -> None:
    known = known_parts(wave)
    changed, fresh = [], []
    for item in wave:
        stored = known.get((item.record.system, item.record.key, MAIN_PART))
        if stored is None:
            fresh.append(item)
        elif stored.digest == item.digest:
            chunk.counts.unchanged += 1
        else:
            changed.append((item, stored))
    if changed:
        _write_changed(_of_the_same(changed, chunk), chunk)
    if fresh:
        _write_fresh(fresh, chunk)


def _of_the_same(changed: list[tuple[Prepared, Known]], chunk: Chunk) -> list[tuple[Prepared, Known]]:
    """Without the records that give a known key to somebody else: those change nothing and wait for a person."""
    before = stated([stored.record_id for _, stored in changed])
    same = []
    for item, stored in changed:
        after = Stated(item.record.party_type.value, item.fields["name"], frozenset(item.strong))
        if is_somebody_else(before[stored.record_id], after):
            chunk.counts.strangers.append(item.record.row)
        else:
            same.append((item, stored))
    return same


def _write_changed(changed: list[tuple[Prepared, Known]], chunk: Chunk) -> None:
    """A new version of a known party: it stays with its customer, also when it fits another one now."""
    if not changed:
        return
    saying = saying_anew(changed)
    write_records([(item, stored.party_id, stored.customer_id, stored) for item, stored in changed], chunk)
    update_relationships(changed, chunk)
    claim([(item, stored.customer_id) for item, stored in changed])
    chunk.counts.updated += len(changed)
    chunk.touched |= {stored.customer_id for _, stored in changed}
    for _, stored in changed:
        chunk.views.pop(stored.customer_id, None)
    if saying:
        review_changed(saying, chunk)


def _write_fresh(fresh: list[Prepared], chunk: Chunk) -> None:
    placed = placements([item.party for item in fresh if item.party], [item.keys for item in fresh])
    customers = _customers_for(placed, chunk)
    party_ids = _write_parties(fresh, customers, chunk)
    record_ids = write_records(
        [(*columns, None) for columns in zip(fresh, party_ids, customers, strict=True)], chunk
    )
    for item, record_id, customer in zip(fresh, record_ids, customers, strict=True):
        if customer in chunk.fresh:
            chunk.views.setdefault(customer, []).append(
                view_of(record_id, item.record, item.fields, chunk.now)
            )
    write_links(placed, party_ids, customers, chunk)
    write_relationships(fresh, party_ids, customers, chunk)
    claim(list(zip(fresh, customers, strict=True)))
    write_reviews(placed, party_ids, customers, chunk)
    chunk.touched |= set(customers)


def _write_parties(fresh: list[Prepared], customers: list[int], chunk: Chunk) -> list[int]:
    """The ids of fresh parties: those of shells that facts opened, which now get their customer, or new ones."""
    shells = shells_of(fresh)
    new_ids = iter(next_ids(SourceParty, len(fresh) - len(shells)))
    party_ids, opened, claimed = [], [], []
    for item, customer in zip(fresh, customers, strict=True):
        record = item.record
        shell = shells.get((record.system, record.key))
        party_ids.append(next(new_ids) if shell is None else shell)
        values = (party_ids[-1], record.party_type.value, customer, chunk.stamp)
        if shell is None:
            opened.append((*values, chunk.stamp, record.system, record.key))
        else:
            claimed.append(values)
    copy_rows(
        SourceParty,
        ("id", "party_type", "customer_id", "last_seen_at", "first_seen_at", "system", "key"),
        opened,
    )
    if claimed:
        update_rows(SourceParty, "id", ("party_type", "customer_id", "last_seen_at"), claimed)
    return party_ids


def _customers_for(placed: list[Placement], chunk: Chunk) -> list[int]:
    """The customer of each fresh party. New customers get their serial here and their row when calculated."""
    groups = sorted({placement.group for placement in placed if placement.customer is None})
    serials = dict(zip(groups, numbering.take("customer", len(groups)), strict=True)) if groups else {}
    chunk.fresh |= set(serials.values())
    opened: set[int] = set()
    customers = []
    for placement in placed:
        customer = placement.customer if placement.customer is not None else serials[placement.group]
        if placement.customer is None and placement.group not in opened:
            opened.add(placement.group)
            chunk.counts.new += 1
        else:
            chunk.counts.joined += 1
        customers.append(customer)
    return customers


# --- sub-records: contacts and addresses


def _take_in_parts(wave: list[Prepared], chunk: Chunk) -> None:
    known = known_parts(wave)
    parties = {
        (system, key): (party, customer) for system, key, party, customer in named_parties(wave, shells=False)
    }
    writes = []
    for item in wave:
        identity = (item.record.system, item.record.key)
        stored = known.get((*identity, item.record.part))
        if identity not in parties:
            chunk.counts.orphans.append(item.record.row)
        elif stored and stored.digest == item.digest:
            chunk.counts.unchanged += 1
        else:
            party_id, customer_id = parties[identity]
            writes.append((item, party_id, customer_id, stored))
            chunk.counts.updated += 1
    if writes:
        write_records(writes, chunk)
