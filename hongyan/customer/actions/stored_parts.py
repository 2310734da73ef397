"""What is stored of the parties that records name (已有来源), read for a whole chunk at once."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.db import connection

from hongyan.core import vault
from hongyan.customer.actions.chunk import Known
from hongyan.customer.actions.prepare import LIKENESS_COLUMN, Prepared
from hongyan.customer.rules.likeness import pack
from hongyan.customer.rules.reissued import Stated

# Many look-ups travel as one JSON text, which driver and database take faster than arrays of thousands of texts.
_KNOWN_PARTS = """
SELECT party.system, party.key, record.part, party.id, party.customer_id, record.id, record.version, record.digest
FROM jsonb_to_recordset(%s::jsonb) AS wanted(system text, key text, part text)
JOIN customer_sourceparty party ON party.system = wanted.system AND party.key = wanted.key
JOIN customer_sourcerecord record ON record.party_id = party.id AND record.part = wanted.part AND record.is_current
"""
_KNOWN_PARTIES = """
SELECT party.system, party.key, party.id, party.customer_id
FROM jsonb_to_recordset(%s::jsonb) AS wanted(system text, key text)
JOIN customer_sourceparty party ON party.system = wanted.system AND party.key = wanted.key
WHERE (party.customer_id IS NULL) = %s
"""
_STATED = """
SELECT record.id, party.party_type, record.fields ->> 'name',
       array(SELECT hash FROM customer_identifier identifier
             WHERE identifier.record_id = record.id AND identifier.kind LIKE 'C:%%')
FROM customer_sourcerecord record
JOIN customer_sourceparty party ON party.id = record.party_id
WHERE record.id = ANY(%s)
"""
_LIKENESSES = "SELECT id, uuid, likeness FROM customer_sourcerecord WHERE id = ANY(%s)"


def known_parts(wave: Sequence[Prepared]) -> dict[tuple[str, str, str], Known]:
    """(system, key, part) → the current version, of those that records name and that there are."""
    wanted = [
        {"system": item.record.system, "key": item.record.key, "part": item.record.part} for item in wave
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_PARTS, [orjson.dumps(wanted).decode()])
        return {
            (system, key, part): Known(party, customer, record, version, bytes(digest))
            for system, key, part, party, customer, record, version, digest in cursor.fetchall()
        }


def stated(records: Sequence[int]) -> dict[int, Stated]:
    """Record → what it says about who it is."""
    with connection.cursor() as cursor:
        cursor.execute(_STATED, [list(records)])
        return {
            record: Stated(party_type, name, frozenset(map(bytes, hashes)))
            for record, party_type, name, hashes in cursor.fetchall()
        }


def saying_anew(changed: Sequence[tuple[Prepared, Known]]) -> list[tuple[Prepared, Known]]:
    """Of new versions of known parties those that change what the party is compared by.

    Errors: vault.Tampered when what is kept of a party is not its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIKENESSES, [[stored.record_id for _, stored in changed]])
        kept = {
            record: vault.unseal(likeness, record=uuid, column=LIKENESS_COLUMN) if likeness else b""
            for record, uuid, likeness in cursor.fetchall()
        }
    return [
        (item, stored)
        for item, stored in changed
        if item.party and pack(item.party.kind, item.party.row) != kept[stored.record_id]
    ]


def named_parties(wave: Sequence[Prepared], *, shells: bool) -> list[tuple[str, str, int, int]]:
    """The parties that records name, as (system, key, id, customer): those with a customer, or the shells without."""
    named = sorted({(item.record.system, item.record.key) for item in wave})
    rows = [{"system": system, "key": key} for system, key in named]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_PARTIES, [orjson.dumps(rows).decode(), shells])
        return list(cursor.fetchall())


def shells_of(fresh: Sequence[Prepared]) -> dict[tuple[str, str], int]:
    """(system, key) → the party that facts opened before its system described it."""
    return {(system, key): party for system, key, party, _ in named_parties(fresh, shells=True)}
