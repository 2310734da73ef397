"""Who may be the same as a new party (候选): known customers found by keys, read as they are compared.

Everything here looks past every scope, inside `scope.bulk()`. What of it may be shown is for the caller to decide.
"""

# ruff: noqa: S608 - the queries are made of the parts below
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from hongyan.core import vault
from hongyan.core.sealed import uuid_for
from hongyan.customer.actions.learn import read_anew
from hongyan.customer.actions.prepare import LIKENESS_COLUMN, RECORDS, LookUpKey
from hongyan.customer.codes import MAIN_PART
from hongyan.customer.models import SourceRecord
from hongyan.customer.rules.likeness import unpack
from hongyan.identity.online.party import Party, party_of

PARTIES_OF_ONE = 200
"""A customer of more source parties is compared by so many of them."""
UNDER_A_STRONG_KEY = 64
"""Of the parties under a key that is never passed over, so many are compared."""
HOLDERS = 64
"""Customers under one phone or e-mail are counted up to so many: what more share it is worth nothing anyway."""

# LATERAL and OFFSET 0 keep the planner to one index look-up each. It has no statistics during a first load, and once it
# chose to sort a whole table for every chunk.
_HITS = """
SELECT DISTINCT wanted.key, party.customer_id
FROM unnest(
    string_to_array(%s, ',')::bigint[], string_to_array(%s, ',')::integer[], string_to_array(%s, ',', '')::bigint[]
) AS wanted(key, crowd, mark)
CROSS JOIN LATERAL (
    SELECT party_id, mark, count(*) OVER () AS parties FROM (
        SELECT party_id, mark FROM customer_candidatekey stored
        WHERE stored.key = wanted.key ORDER BY party_id
        LIMIT CASE WHEN wanted.crowd = 0 THEN %s ELSE wanted.crowd + 1 END
    ) first
) hit
CROSS JOIN LATERAL (
    SELECT customer_id FROM customer_sourceparty WHERE id = hit.party_id AND customer_id IS NOT NULL OFFSET 0
) party
WHERE (wanted.crowd = 0 OR hit.parties <= wanted.crowd)
  AND (hit.mark = wanted.mark OR hit.mark & 255 <> wanted.mark & 255 OR hit.mark IS NULL OR wanted.mark IS NULL)
"""
_PARTIES_AND_RECORDS = """
CROSS JOIN LATERAL (
    SELECT id, system, key FROM customer_sourceparty
    WHERE customer_id = wanted.customer_id ORDER BY id LIMIT %s
) party
CROSS JOIN LATERAL (
    SELECT uuid, digest, likeness FROM customer_sourcerecord
    WHERE party_id = party.id AND part = '' AND is_current OFFSET 0
) record
"""
_PARTIES = f"""
SELECT wanted.customer_id, party.id, party.system, party.key, record.uuid, record.digest, record.likeness
FROM unnest(string_to_array(%s, ',')::bigint[]) AS wanted(customer_id)
{_PARTIES_AND_RECORDS}
"""
_FOUND = f"""
WITH hit AS ({_HITS}),
wanted AS (SELECT customer_id, array_agg(key) AS keys FROM hit GROUP BY customer_id)
SELECT wanted.keys, wanted.customer_id, party.id, party.system, party.key, record.uuid, record.digest, record.likeness
FROM wanted
{_PARTIES_AND_RECORDS}
"""
_BY_NUMBER = """
SELECT party.customer_id, party.id, party.system, party.key, record.uuid, record.digest, record.likeness
FROM unnest(string_to_array(%s, ',')::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
    SELECT id, customer_id, system, key FROM customer_sourceparty
    WHERE id = wanted.id AND customer_id IS NOT NULL OFFSET 0
) party
CROSS JOIN LATERAL (
    SELECT uuid, digest, likeness FROM customer_sourcerecord
    WHERE party_id = party.id AND part = '' AND is_current OFFSET 0
) record
"""
_HOLDERS = """
SELECT decode(wanted.hash, 'hex'), found.customers
FROM unnest(string_to_array(%s, ',')) AS wanted(hash)
CROSS JOIN LATERAL (
    SELECT count(DISTINCT customer_id) AS customers FROM (
        SELECT customer_id FROM customer_identifier
        WHERE hash = decode(wanted.hash, 'hex') AND kind IN ('mobile', 'landline', 'email') LIMIT %s
    ) held
) found
WHERE found.customers > 1
"""


def customers_under(keys: Iterable[LookUpKey]) -> dict[int, set[int]]:
    """Key → the customers that stand under it, of those keys under which anybody does.

    Parties with another number for life are left out: two different valid IDs never join (DESIGN 3, Identity 4).
    """
    asked = list(dict.fromkeys(keys))
    found: dict[int, set[int]] = defaultdict(set)
    if not asked:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_HITS, _asked(asked))
        for key, customer in cursor.fetchall():
            found[key].add(customer)
    return found


def met_under(keys: Iterable[LookUpKey]) -> tuple[dict[int, set[int]], dict[int, list[Party]]]:
    """`customers_under` the keys and `parties_of` these customers, in one question: most of a check is waiting.

    Errors: vault.Tampered when what is kept of a party is not its own.
    """
    asked = list(dict.fromkeys(keys))
    under: dict[int, set[int]] = defaultdict(set)
    known: dict[int, list[Party]] = defaultdict(list)
    if not asked:
        return under, known
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [*_asked(asked), PARTIES_OF_ONE])
        rows = cursor.fetchall()
    for keys_met, customer, *_party in rows:
        for key in keys_met:
            under[key].add(customer)
    for customer, party in _unsealed(row[1:] for row in rows):
        known[customer].append(party)
    return under, known


def _asked(keys: Collection[LookUpKey]) -> list[Any]:
    """The parameters of `_HITS`."""
    marks = ",".join("" if key.mark is None else str(key.mark) for key in keys)
    return [_listed(key.value for key in keys), _listed(key.crowd for key in keys), marks, UNDER_A_STRONG_KEY]


def parties_of(customers: Collection[int]) -> dict[int, list[Party]]:
    """Customer → its parties as they are compared.

    Errors: vault.Tampered when what is kept of a party is not its own.
    """
    found: dict[int, list[Party]] = defaultdict(list)
    if not customers:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, [_listed(customers), PARTIES_OF_ONE])
        rows = cursor.fetchall()
    for customer, party in _unsealed(rows):
        found[customer].append(party)
    return found


def parties_by_number(numbers: Collection[int]) -> dict[int, tuple[int, Party]]:
    """Number → (customer, party as it is compared) of those that have a customer. Errors: vault.Tampered."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_NUMBER, [_listed(numbers)])
        rows = cursor.fetchall()
    return {party.id: (customer, party) for customer, party in _unsealed(rows) if party.id is not None}


def _unsealed(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Party]]:
    """(customer, party) of what the queries above read; what another version packed is made again from its record."""
    outdated: list[int] = []
    for customer, party_id, system, key, uuid, digest, likeness in rows:
        if uuid != uuid_for(RECORDS, system, key, MAIN_PART, digest):
            raise vault.Tampered(LIKENESS_COLUMN)
        kept = unpack(vault.unseal(likeness, record=uuid, column=LIKENESS_COLUMN)) if likeness else None
        if kept is None:
            outdated.append(party_id)
        else:
            yield customer, party_of(*kept, party_id)
    for customer, record in _main_records(outdated):
        yield customer, read_anew(record)


def _main_records(parties: Collection[int]) -> Iterator[tuple[int, SourceRecord]]:
    """(customer, record) of parties that have a customer."""
    if not parties:
        return
    records = SourceRecord.objects.filter(party__in=parties, part=MAIN_PART, is_current=True)
    for record in records.select_related("party"):
        if record.party.customer_id is not None:
            yield record.party.customer_id, record


def customers_per_contact(fresh: Iterable[Party], known: Iterable[Party]) -> Mapping[tuple[str, Any], int]:
    """(column, value) → how many customers hold a phone or e-mail that fresh and known parties have in common.

    That is about how many different names there are under it.
    """
    shared = {one for party in fresh for one in _contacts(party)} & {
        one for party in known for one in _contacts(party)
    }
    if not shared:
        return {}
    hashes = {_BLINDED[column](value): (column, value) for column, value in shared}
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [",".join(value.hex() for value in hashes), HOLDERS])
        return {hashes[bytes(value)]: count for value, count in cursor.fetchall()}


def _contacts(party: Party) -> Iterator[tuple[str, str]]:
    for number in party.row.get("numbers") or ():
        yield "numbers", number
    if email := party.row.get("email"):
        yield "email", email


_BLINDED: Mapping[str, Callable[[str], bytes]] = {
    "numbers": lambda number: vault.blind("P", number.partition("x")[0]),
    "email": lambda email: vault.blind("E", email),
}
"""Column → the hash under which a value stands among the identifiers."""


def _listed(numbers: Iterable[int]) -> str:
    """Many numbers as one parameter, which the driver writes much faster than an array."""
    return ",".join(map(str, numbers))
