"""Writing what a chunk says of parties (写入来源): records, identifiers, candidate keys, links, claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from hongyan.core.bulk import copy_rows, hex_list, next_ids
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.prepare import Prepared
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
    copy_rows(
        SourceRecord,
        ("id", "uuid", "party_id", "part", "version", "is_current", "line", "fields", "sealed", "digest", "delivery_id",
         "row", "as_of", "source_updated_at", "received_at", "likeness"),
        (
            (record_id, item.uuid, party_id, item.record.part, stored.version + 1 if stored else 1, True,
             item.record.line, item.fields_json, item.sealed, item.digest,
             chunk.delivery_id, item.record.row, item.record.as_of, item.record.source_updated_at, chunk.stamp,
             item.likeness)
            for record_id, (item, party_id, _, stored) in zip(record_ids, writes, strict=True)
        ),
    )  # fmt: skip
    copy_rows(
        Identifier,
        ("customer_id", "record_id", "kind", "hash", "masked"),
        (
            (customer_id, record_id, found.kind, found.hash, found.masked)
            for record_id, (item, _, customer_id, _) in zip(record_ids, writes, strict=True)
            for found in item.identifiers
        ),
    )
    _write_keys(writes)
    return record_ids


def _write_keys(writes: Sequence[tuple[Prepared, int, int, Known | None]]) -> None:
    """Where the parties are found from now on; parts of a party have no keys."""
    changed = [stored.party_id for item, _, _, stored in writes if stored and item.party]
    if changed:
        CandidateKey.objects.filter(party_id__in=changed).delete()
    keys = (
        (party, *key) for item, party, *_ in writes for key in {(key.value, key.mark) for key in item.keys}
    )
    copy_rows(CandidateKey, ("party_id", "key", "mark"), keys)


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
