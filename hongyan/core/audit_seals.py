"""Seals over the audit (审计封签): what was written can neither vanish nor be slipped in later (BARS A 10).

The code of a row says that the row is as written; a seal says that it is there. Every minute a job closes the run of
rows whose transactions are all over: the Merkle root of their leaves, chained to the seal before, under the audit key.
Chaining row to row instead would make every writer wait for the one before (DESIGN 3, Audit).

A seal keeps the leaves of its rows, so that a verification names the row that was altered, removed, slipped in or
exchanged. Taking away the last seals together with their rows leaves a whole chain: therefore each seal's root is
also logged, and logs leave the machine.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from hongyan.core import audit, clock, vault
from hongyan.core.audit_archives import Archives, is_archive_intact
from hongyan.core.merkle import ID_BYTES, LEAF_BYTES, leaf, merkle_root
from hongyan.core.models import AuditArchive, AuditEvent, AuditSeal
from hongyan.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

SEAL_ROWS = 10_000
"""Rows under one seal at most: a backlog is sealed in several."""

BATCH_SEALS = 500
"""Seals read at once by a verification, as long as they cover no more rows than one may: memory stays bounded."""

_ENTRY_BYTES = ID_BYTES + LEAF_BYTES
_SEAL_LOCK = 0x5345414C
_POLL_SECONDS = 0.1
_WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE relation = 'core_auditevent'::regclass AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Fault(StrEnum):
    """What a verification can find wrong; the first four are about a row, two about a seal, two about an archive."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    EXCHANGED = "exchanged"
    SEAL_ALTERED = "seal_altered"
    SEAL_MISSING = "seal_missing"
    ARCHIVE_ALTERED = "archive_altered"
    ARCHIVE_LOST = "archive_lost"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and the number of the row or seal it was found in; of an archive, its month as 202611."""

    fault: Fault
    id: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a verification read: so many rows, under a seal or not yet, and what was wrong."""

    rows: int
    is_sealed: bool
    findings: tuple[Finding, ...]


# --- sealing


def seal_rows(*, patience: float = 20.0) -> int:
    """Seal all rows that nobody can add a neighbour to any more; returns how many. Opens its own transactions.

    Numbers are given in one order and committed in another. So the newest committed row is noted first, and sealing
    waits, `patience` seconds at most, until every transaction that was writing at that moment is over: whatever it
    wrote is then there to be sealed. If one goes on longer, nothing is sealed this time.
    """
    newest = _newest_row()
    if not _others_are_over(patience):
        log.warning("audit not sealed: a transaction writes for long", extra={"upto": newest})
        return 0
    sealed = 0
    while rows := _seal_some(newest):
        sealed += rows
    return sealed


def _newest_row() -> int:
    with acting(EVERYTHING):
        newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def _others_are_over(patience: float) -> bool:
    waited_for = _writers()
    deadline = time.monotonic() + patience
    while waited_for and (waited_for := waited_for & _writers()):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _writers() -> set[str]:
    """Transactions that wrote to the audit and are not over; they hold their lock since before they took a number."""
    with acting(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {name for (name,) in cursor.fetchall()}


def _seal_some(newest: int) -> int:
    with acting(EVERYTHING):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
        last = AuditSeal.objects.order_by("-number").first()
        begin = last.last_id if last else 0
        events = list(AuditEvent.objects.filter(id__gt=begin, id__lte=newest).order_by("id")[:SEAL_ROWS])
        if not events:
            return 0
        leaves = [_leaf_of(event) for event in events]
        seal = AuditSeal(
            number=last.number + 1 if last else 1,
            sealed_at=clock.now(),
            first_id=begin + 1,
            last_id=events[-1].id,
            leaves=b"".join(_entry(event.id, value) for event, value in zip(events, leaves, strict=True)),
            root=merkle_root(leaves),
        )
        seal.mac = _mac(seal, bytes(last.mac) if last else b"")
        seal.save(force_insert=True)
    log.info("audit sealed", extra={"seal": seal.number, "rows": len(events), "root": seal.root.hex()})
    return len(events)


# --- verifying


def verify_seals(*, first_id: int = 0, last_id: int | None = None) -> Iterator[Step]:
    """Verify the seals and rows of the audit, oldest first, archived ones in their files; a step is one seal.

    Of everything, unless numbers are given: then of the seals that cover the rows from one to the other, and of no
    row that is not sealed. Each batch is read in a transaction of its own.
    """
    archives = Archives(first_id=first_id, last_id=last_id)
    if altered := [archive for archive in archives.all if not is_archive_intact(archive)]:
        yield Step(0, True, tuple(Finding(Fault.ARCHIVE_ALTERED, _number(archive)) for archive in altered))
    last = _seal_before(first_id)
    before, covered, number = (bytes(last.mac), last.last_id, last.number) if last else (b"", 0, 0)
    while seals := _some_seals(number, last_id):
        rows = _rows_under(seals)
        for seal in seals:
            events = _with_archived(_between(rows, seal), archives.between(seal.first_id, seal.last_id))
            findings = (*_check_chain(seal, before, covered), *_check_rows(seal, events, archives))
            yield Step(len(events), True, findings)
            before, covered, number = bytes(seal.mac), seal.last_id, seal.number
    if archives.lost:
        yield Step(0, True, tuple(Finding(Fault.ARCHIVE_LOST, _number(archive)) for archive in archives.lost))
    if last_id is None:
        yield from _verify_open_rows(covered)


def _seal_before(first_id: int) -> AuditSeal | None:
    """The last seal all of whose rows come before a number."""
    with acting(EVERYTHING):
        return AuditSeal.objects.filter(last_id__lt=first_id).order_by("-number").first()


def _some_seals(after: int, last_id: int | None) -> list[AuditSeal]:
    """The seals behind one, as many as one step of memory holds; at least one, unless there is none."""
    following = AuditSeal.objects.filter(number__gt=after).order_by("number")
    if last_id is not None:
        following = following.filter(first_id__lte=last_id)
    with acting(EVERYTHING):
        spans = following.values_list("number", "first_id", "last_id")[:BATCH_SEALS]
        chosen, rows = 0, 0
        for number, first, last in spans:
            rows += max(0, last - first + 1)
            if chosen and rows > SEAL_ROWS:
                break
            chosen = number
        return list(following.filter(number__lte=chosen))


def _rows_under(seals: Sequence[AuditSeal]) -> list[AuditEvent]:
    first, last = min(seal.first_id for seal in seals), max(seal.last_id for seal in seals)
    with acting(EVERYTHING):
        return list(AuditEvent.objects.filter(id__gte=first, id__lte=last).order_by("id"))


def _between(rows: Sequence[AuditEvent], seal: AuditSeal) -> Sequence[AuditEvent]:
    start = bisect_left(rows, seal.first_id, key=lambda event: event.id)
    return rows[start : bisect_left(rows, seal.last_id + 1, key=lambda event: event.id)]


def _with_archived(rows: Sequence[AuditEvent], archived: Sequence[AuditEvent]) -> Sequence[AuditEvent]:
    return sorted([*rows, *archived], key=lambda event: event.id) if archived else rows


def _number(archive: AuditArchive) -> int:
    return int(f"{archive.month:%Y%m}")


def _check_chain(seal: AuditSeal, before: bytes, last_id: int) -> list[Finding]:
    """Whether a seal is as it was set, and follows the one before without a gap."""
    if seal.first_id != last_id + 1:
        return [Finding(Fault.SEAL_MISSING, seal.number)]
    is_whole = bytes(seal.mac) == _mac(seal, before) and bytes(seal.root) == merkle_root(
        [value for _, value in _entries(seal)]
    )
    return [] if is_whole else [Finding(Fault.SEAL_ALTERED, seal.number)]


def _check_rows(seal: AuditSeal, events: Sequence[AuditEvent], archives: Archives) -> list[Finding]:
    """Compare the rows of a seal's run with the leaves it keeps; what a lost archive held is its loss, said once."""
    sealed = dict(_entries(seal))
    found = {event.id: event for event in events}
    missing = (id_ for id_ in sealed.keys() - found.keys() if not archives.is_lost(id_))
    faults = dict.fromkeys(missing, Fault.REMOVED)
    faults |= {id_: fault for id_, event in found.items() if (fault := _fault_of(event, sealed))}
    return [Finding(faults[id_], id_) for id_ in sorted(faults)]


def _fault_of(event: AuditEvent, sealed: Mapping[int, bytes]) -> Fault | None:
    if event.id not in sealed:
        return Fault.ADDED
    if not audit.is_intact(event):
        return Fault.ALTERED
    return None if sealed[event.id] == _leaf_of(event) else Fault.EXCHANGED


def _verify_open_rows(last_id: int) -> Iterator[Step]:
    """Rows that no seal covers yet say for themselves whether they are as written."""
    while True:
        with acting(EVERYTHING):
            events = list(AuditEvent.objects.filter(id__gt=last_id).order_by("id")[:SEAL_ROWS])
        if not events:
            return
        altered = [Finding(Fault.ALTERED, event.id) for event in events if not audit.is_intact(event)]
        yield Step(len(events), False, tuple(altered))
        last_id = events[-1].id


# --- what is sealed


def _leaf_of(event: AuditEvent) -> bytes:
    return leaf(event.id, bytes(event.mac))


def _entry(id_: int, value: bytes) -> bytes:
    return id_.to_bytes(ID_BYTES, "big") + value


def _entries(seal: AuditSeal) -> list[tuple[int, bytes]]:
    """(row number, leaf) of a seal, in the order of the numbers."""
    kept = bytes(seal.leaves)
    entries = (kept[start : start + _ENTRY_BYTES] for start in range(0, len(kept), _ENTRY_BYTES))
    return [(int.from_bytes(entry[:ID_BYTES], "big"), entry[ID_BYTES:]) for entry in entries]


def _mac(seal: AuditSeal, before: bytes) -> bytes:
    """The code of a seal, over its columns and the code of the seal before."""
    numbers = (seal.number, int(seal.sealed_at.timestamp() * 1_000_000), seal.first_id, seal.last_id)
    message = b"".join(number.to_bytes(ID_BYTES, "big") for number in numbers)
    return vault.mac(b"audit seal" + message + bytes(seal.root) + before)
