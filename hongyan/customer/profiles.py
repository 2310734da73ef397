"""Stored customers as identity sees them: profiles built from their current source records."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from hongyan.core.bulk import hex_list
from hongyan.customer.codes import PartyType
from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.identity.profile import Profile, merge_profiles

T = TypeVar("T")

# LATERAL keeps the planner to one index look-up a key. It has no statistics during a first load, and once it
# chose to sort all identifiers for every chunk.
_CUSTOMERS = """
SELECT DISTINCT found.customer_id
FROM unnest(string_to_array(%s, ',')) AS wanted(hash)
CROSS JOIN LATERAL (
    SELECT customer_id FROM customer_identifier WHERE hash = decode(wanted.hash, 'hex') OFFSET 0
) found
"""

_RECORDS = """
SELECT party.customer_id, party.party_type, record.fields,
       array(SELECT identifier.kind FROM customer_identifier identifier
             WHERE identifier.record_id = record.id ORDER BY identifier.kind, identifier.hash),
       array(SELECT identifier.hash FROM customer_identifier identifier
             WHERE identifier.record_id = record.id ORDER BY identifier.kind, identifier.hash)
FROM customer_sourceparty party
JOIN customer_sourcerecord record ON record.party_id = party.id AND record.part = '' AND record.is_current
WHERE party.customer_id = ANY(%s)
"""

_PHONE_NAMES = """
SELECT decode(wanted.hash, 'hex'), found.customers
FROM unnest(string_to_array(%s, ',')) AS wanted(hash)
CROSS JOIN LATERAL (
    SELECT count(DISTINCT customer_id) AS customers FROM customer_identifier
    WHERE hash = decode(wanted.hash, 'hex') AND kind IN ('mobile', 'landline')
) found
WHERE found.customers > 0
"""


def customers_with(hashes: Collection[bytes]) -> list[int]:
    """Ids of the customers that hold any of these keys."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [hex_list(hashes)])
        return [customer for (customer,) in cursor.fetchall()]


def customer_profiles(customers: Collection[int]) -> dict[int, Profile]:
    """The merged profile of each customer."""
    if not customers:
        return {}
    parts: dict[int, list[Profile]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [list(customers)])
        for customer, party_type, fields, kinds, hashes in cursor.fetchall():
            found = [(kind, bytes(value)) for kind, value in zip(kinds, hashes, strict=True)]
            parts[customer].append(_profile(party_type, json.loads(fields), found))
    return {customer: merge_profiles(profiles) for customer, profiles in parts.items()}


def names_per_phone(phones: Collection[bytes]) -> dict[bytes, int]:
    """Blinded phone → how many customers hold it: about as many different names."""
    with connection.cursor() as cursor:
        cursor.execute(_PHONE_NAMES, [hex_list(phones)])
        return {bytes(phone): customers for phone, customers in cursor.fetchall()}


def _profile(party_type: str, fields: Mapping[str, Any], identifiers: Sequence[tuple[str, bytes]]) -> Profile:
    keys = frozenset((kind, value) for kind, value in identifiers if kind[:2] == "C:" or kind.isupper())
    match = {kind: frozenset(map(bytes.fromhex, values)) for kind, values in fields.get("match", {}).items()}
    common = {
        "keys": keys,
        "credentials": frozenset((kind[2:], value) for kind, value in keys if kind[:2] == "C:"),
        "phones": frozenset(value for kind, value in identifiers if kind in ("mobile", "landline")),
        "emails": match.get("E", frozenset()),
        "addresses": match.get("A", frozenset()),
        "divisions": _one(fields.get("division")),
    }
    if party_type == PartyType.PERSON:
        return _person(fields, common)
    return _organisation(fields, common)


def _person(fields: Mapping[str, Any], common: dict[str, Any]) -> Profile:
    name = person_name(fields["name"])
    return Profile(
        kind="person",
        names=_one(name.key if name.is_complete else ""),
        partial_names=_one("" if name.is_complete else name.key),
        readings=frozenset(name.readings) if name.is_complete else frozenset(),
        surnames=_one(name.surname_pinyin),
        birth_dates=_one(date.fromisoformat(fields["birth_date"]) if fields.get("birth_date") else None),
        genders=_one(fields.get("gender") if fields.get("gender") in ("1", "2") else None),
        **common,
    )


def _organisation(fields: Mapping[str, Any], common: dict[str, Any]) -> Profile:
    name = organisation_name(fields["name"])
    return Profile(
        kind="organisation",
        names=_one(name.key),
        stems=_one(name.stem),
        legal_forms=_one(name.legal_form),
        branches=frozenset([name.branch]),
        full_names=_one(name.key if name.is_full else ""),
        legal_persons=_one(person_name(fields["legal_person"]).key if fields.get("legal_person") else ""),
        **common,
    )


def _one(value: T | None) -> frozenset[T]:
    return frozenset([value]) if value else frozenset()
