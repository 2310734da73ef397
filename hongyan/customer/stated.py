"""What sources state of customers and people chose, as survivorship sees it (黄金记录的依据)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from hongyan.core.parameters import value_of
from hongyan.customer.codes import (
    ENTRY_SYSTEM,
    IMPORT_SYSTEM,
    MAIN_PART,
    MANUAL_SYSTEM,
    PartyRecord,
    PartyType,
)
from hongyan.customer.models import GoldenPin
from hongyan.customer.parameters import SOURCE_RANK
from hongyan.customer.rules.correcting import CONTEXT, spoken
from hongyan.customer.rules.golden import BROUGHT, LAST, View

_VALIDITY = {
    "credential_masked": "credential_valid",
    "mobile_masked": "mobile_valid",
    "landline_masked": "landline_valid",
    "email_masked": "email_valid",
}


def view_of(record_id: int, record: PartyRecord, fields: Mapping[str, Any], received_at: datetime) -> View:
    """A record as survivorship sees it before it is stored; `fields` are its prepared ones."""
    recency = record.source_updated_at or received_at
    return _view(record_id, record.system, record.party_type, fields, recency, record.status)


def _view(
    record_id: int,
    system: str,
    party_type: str,
    fields: Mapping[str, Any],
    recency: datetime,
    status: str,
    party_id: int = 0,
) -> View:
    invalid = frozenset(head for head, flag in _VALIDITY.items() if fields.get(flag) is False)
    verified = frozenset(fields.get("verified", ()))
    fragments = frozenset({"name"}) if fields.get("name_is_fragment") else frozenset()
    cleared: frozenset[str] = frozenset()
    if system == MANUAL_SYSTEM:
        verified, cleared = frozenset(fields.get("corrected", ())), frozenset(fields.get("cleared", ()))
        fragments = CONTEXT - verified
        fields = spoken(fields, verified)
    if fields.get("credential_valid") and party_type == PartyType.PERSON:
        # A valid resident ID tells birth date and sex better than any form.
        verified |= {"birth_date", "gender"} if fields.get("credential_type") == "01" else frozenset()
    return View(
        record_id,
        system,
        fields,
        recency.timestamp(),
        str(party_type),
        str(status),
        verified,
        invalid,
        fragments,
        party_id,
        cleared,
    )


def source_ranks() -> dict[str, int]:
    """System → its rank, 0 the most trusted. What people typed or brought themselves comes behind all others."""
    own = {ENTRY_SYSTEM: LAST, IMPORT_SYSTEM: BROUGHT}
    return {**own, **{system: rank for rank, system in enumerate(value_of(SOURCE_RANK))}}


_STORED = """
SELECT party.customer_id, record.id, party.system, party.party_type, record.fields,
       coalesce(record.source_updated_at, record.received_at), coalesce(relationship.status, ''), party.id
FROM customer_sourceparty party
JOIN customer_sourcerecord record ON record.party_id = party.id AND record.part = %s AND record.is_current
LEFT JOIN customer_relationship relationship ON relationship.party_id = party.id
WHERE party.customer_id = ANY(%s)
ORDER BY record.id
"""


def stored_views_of(customers: Collection[int]) -> dict[int, list[View]]:
    """The current records of stored customers, in the order of their ids. One query."""
    found: dict[int, list[View]] = defaultdict(list)
    if not customers:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [MAIN_PART, list(customers)])
        for customer, record, system, party_type, fields, recency, status, party in cursor.fetchall():
            view = _view(record, system, party_type, orjson.loads(fields), recency, status, party)
            found[customer].append(view)
    return found


def pins_of(customers: Collection[int], *, now: datetime) -> dict[int, dict[str, int]]:
    """Customer → what people chose in its golden record and still holds: head of a group → party. One query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if not customers:
        return found
    pins = GoldenPin.objects.filter(customer_id__in=customers, ended_at=None).exclude(expires_at__lte=now)
    for customer, field, party in pins.order_by("at", "id").values_list("customer_id", "field", "party_id"):
        found[customer][field] = party
    return found
