"""Seals over the audit (审计封签): what was written can neither vanish nor be slipped in later (BARS A 10).

The code of a row says that the row is as written; a seal says that it is there. Every minute a job closes the run of
rows whose transactions are all over: the Merkle root of their leaves, chained to the seal before, under the audit key.
Chaining row to row instead would make every writer wait for the one before (DESIGN 3, Audit).

A seal keeps the leaves of its rows, so that a verification names the row that was altered, removed, slipped in or
exchanged. Taking away the last seals together with their rows leaves a whole chain: therefore each seal's root is
also logged, and logs leave the machine.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from hongyan.core import audit, clock, vault
from hongyan.core.models import AuditEvent, AuditSeal
from hongyan.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

SEAL_ROWS = 10_000
"""Rows under one seal at most: a backlog is sealed in several."""

ID_BYTES = 8
LEAF_BYTES = 16
_ENTRY_BYTES = ID_BYTES + LEAF_BYTES
_SEAL_LOCK = 0x5345414C
_POLL_SECONDS = 0.1
_WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE relation = 'core_auditevent'::regclass AND mode = 'RowExclusiveLock'
"""


class Fault(StrEnum):
    """What a verification can find wrong; the first four are about a row, the others about a seal."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    EXCHANGED = "exchanged"
    SEAL_ALTERED = "seal_altered"
    SEAL_MISSING = "seal_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and the number of the row or seal it was found in."""

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
        leaves = [leaf(event) for event in events]
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


def verify_seals() -> Iterator[Step]:
    """Verify every seal and every row of the audit, oldest first; each step is a transaction of its own."""
    before, last_id = b"", 0
    for number in _numbers():
        with acting(EVERYTHING):
            seal = AuditSeal.objects.get(number=number)
            covered = AuditEvent.objects.filter(id__gte=seal.first_id, id__lte=seal.last_id)
            events = list(covered.order_by("id"))
        yield Step(len(events), True, (*_check_chain(seal, before, last_id), *_check_rows(seal, events)))
        before, last_id = bytes(seal.mac), seal.last_id
    yield from _verify_open_rows(last_id)


def _numbers() -> list[int]:
    with acting(EVERYTHING):
        return list(AuditSeal.objects.order_by("number").values_list("number", flat=True))


def _check_chain(seal: AuditSeal, before: bytes, last_id: int) -> list[Finding]:
    """Whether a seal is as it was set, and follows the one before without a gap."""
    if seal.first_id != last_id + 1:
        return [Finding(Fault.SEAL_MISSING, seal.number)]
    is_whole = bytes(seal.mac) == _mac(seal, before) and bytes(seal.root) == merkle_root(
        [value for _, value in _entries(seal)]
    )
    return [] if is_whole else [Finding(Fault.SEAL_ALTERED, seal.number)]


def _check_rows(seal: AuditSeal, events: Sequence[AuditEvent]) -> list[Finding]:
    """Compare the rows of a seal's run with the leaves it keeps."""
    sealed = dict(_entries(seal))
    found = {event.id: event for event in events}
    faults = dict.fromkeys(sealed.keys() - found.keys(), Fault.REMOVED)
    faults |= {id_: fault for id_, event in found.items() if (fault := _fault_of(event, sealed))}
    return [Finding(faults[id_], id_) for id_ in sorted(faults)]


def _fault_of(event: AuditEvent, sealed: Mapping[int, bytes]) -> Fault | None:
    if event.id not in sealed:
        return Fault.ADDED
    if not audit.is_intact(event):
        return Fault.ALTERED
    return None if sealed[event.id] == leaf(event) else Fault.EXCHANGED


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


def leaf(event: AuditEvent) -> bytes:
    """What a seal keeps of a row: a hash of its number and its code, which covers all other columns."""
    return hashlib.sha256(event.id.to_bytes(ID_BYTES, "big") + bytes(event.mac)).digest()[:LEAF_BYTES]


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of a Merkle tree over leaves, 32 bytes; an odd node goes up as it is.

    Leaves and inner nodes are hashed under different prefixes, so that neither can pass for the other (RFC 9162, 2.1).

    >>> merkle_root([b"a", b"b"]) == merkle_root([b"b", b"a"])
    False
    """
    level = [hashlib.sha256(b"\x00" + value).digest() for value in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()


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
