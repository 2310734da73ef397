"""Writing what a chunk says of parties (写入来源): records, identifiers, candidate keys, links, claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from hongyan.core.bulk import as_text, copy_lines, copy_rows, hex_list, next_ids
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.prepare import CONTENT, Prepared
from hongyan.customer.codes import Outcome
from hongyan.customer.models import CandidateKey, Identifier, Link, SourceRecord, StrongKey
from hongyan.identity.online.placing import Placement

RULE_VERSION = 2


def write_records(writes: Sequence[tuple[Prepared, int, int, Known | None]], chunk: Chunk) -> list[int]:
    """Write new current versions with their identifiers, superseding the old ones; returns their ids."""
    old = [stored.record_id for *_, stored in writes if stored]
    if old:
        SourceRecord.objects.filter(id__in=old).update(is_current=False, likeness=b"")
        Identifier.objects.filter(record_id__in=old).delete()
    record_ids = next_ids(SourceRecord, len(writes))
    delivery = as_text((chunk.delivery_id,))
    copy_lines(
        SourceRecord,
        ("id", "party_id", "version", "is_current", "delivery_id", "received_at", *CONTENT),
        [
            f"{record_id}\t{party}\t{stored.version + 1 if stored else 1}\tt\t{delivery}\t{chunk.stamp}\t{item.content}"
            for record_id, (item, party, _, stored) in zip(record_ids, writes, strict=True)
        ],
        refers={"party_id": [party for _, party, *_ in writes]},
    )
    copy_lines(
        Identifier,
        ("customer_id", "record_id", "kind", "hash", "masked"),
        [
            f"{customer}\t{record_id}\t{found}"
            for record_id, (item, _, customer, _) in zip(record_ids, writes, strict=True)
            for found in item.identifiers
        ],
    )
    _write_keys(writes)
    return record_ids


def _write_keys(writes: Sequence[tuple[Prepared, int, int, Known | None]]) -> None:
    """Where the parties are found from now on; parts of a party have no keys."""
    changed = [stored.party_id for item, _, _, stored in writes if stored and item.party]
    if changed:
        CandidateKey.objects.filter(party_id__in=changed).delete()
    stands = [f"{party}\t{stand}" for item, party, *_ in writes for stand in item.stands]
    copy_lines(CandidateKey, ("party_id", "key", "mark"), stands)


def write_links(placed: list[Placement], parties: list[int], customers: list[int], chunk: Chunk) -> None:
    """Which customer each fresh party is, with the reasons."""

    def row(placement: Placement, party: int, customer: int) -> tuple[Any, ...]:
        verdict = placement.verdict
        outcome = Outcome.JOINED if verdict else Outcome.NEW
        evidence = orjson.dumps(verdict).decode() if verdict else None
        score = verdict.score if verdict else 0
        return party, customer, chunk.stamp, outcome.value, score, RULE_VERSION, evidence, chunk.decided_by

    copy_rows(
        Link,
        ("party_id", "customer_id", "since", "outcome", "score", "rule_version", "evidence", "decided_by"),
        (row(*columns) for columns in zip(placed, parties, customers, strict=True)),
    )


_HELD = """
SELECT claim.hash
FROM unnest(string_to_array(%s, ',')) AS wanted(hash)
JOIN customer_strongkey claim ON claim.hash = decode(wanted.hash, 'hex')
"""


def claim(items: list[tuple[Prepared, int]]) -> None:
    """Claim valid credentials for their customers; one that another customer holds is a case for review."""
    wanted: dict[bytes, int] = {}
    for item, customer in items:
        for value in item.strong:
            wanted.setdefault(value, customer)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [hex_list(wanted)])
        held = {bytes(value) for (value,) in cursor.fetchall()}
    # No conflict clause on purpose: the keys are held, so a clash is a defect and must stop the transaction.
    copy_rows(
        StrongKey, ("hash", "customer_id"), ((value, wanted[value]) for value in sorted(wanted.keys() - held))
    )
