"""Deriving the relations of some customers anew (关系推导), from what is kept of them to compare them by.

    1. members     the customers by their homes, so that merges and splits change nothing
    2. near        whom they may be related to, found by keyed hashes; and whom those are near to, since one more
                   behind a door may make it a crowd for all
    3. derive      the rules of `identity.relations`
    4. reconcile   write what changed; what people said stays

Set-based, past every scope, inside `scope.bulk()`. Doing it again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db import connection

from hongyan.core import clock, vault
from hongyan.core.bulk import copy_rows
from hongyan.core.parameters import value_of
from hongyan.customer.candidates import parties_of
from hongyan.customer.codes import RelationSource, RelationState, Upper
from hongyan.customer.models import Relation, RelationKey, SourceParty
from hongyan.customer.parameters import HOUSEHOLD_MOST, RELATION_LEAST
from hongyan.customer.rules.relations import Pair, Stored, pair_of, reconcile
from hongyan.identity.online.party import Party
from hongyan.identity.relations.derive import Limits, derive
from hongyan.identity.relations.grounds import Ground
from hongyan.identity.relations.grounds import Relation as Finding
from hongyan.identity.relations.keys import asked_keys, standing_keys
from hongyan.identity.relations.members import Member

RULE_VERSION = 1
RELATION_LOCK = 0x484F4E52
UNDER_A_KEY = 64
"""Parties under one key are read up to so many; a phone or door of more is a crowd's."""

_UNDER = """
SELECT wanted.key, party.customer_id
FROM unnest(string_to_array(%(keys)s, ',')::bigint[]) AS wanted(key)
CROSS JOIN LATERAL (
    (SELECT party_id FROM customer_candidatekey stored WHERE stored.key = wanted.key ORDER BY party_id LIMIT %(most)s)
    UNION ALL
    (SELECT party_id FROM customer_relationkey stored WHERE stored.key = wanted.key ORDER BY party_id LIMIT %(most)s)
) hit
JOIN customer_sourceparty party ON party.id = hit.party_id AND party.customer_id IS NOT NULL
"""
_STORED = """
SELECT relation.id, coalesce(one.home_id, one.customer_id), coalesce(other.home_id, other.customer_id),
       relation.type, relation.role, relation.upper, relation.source, relation.state, relation.confidence,
       relation.evidence
FROM customer_relation relation
JOIN customer_sourceparty one ON one.id = relation.party_id
JOIN customer_sourceparty other ON other.id = relation.other_party_id
WHERE relation.until IS NULL
  AND (relation.party_id = ANY(%(parties)s) OR relation.other_party_id = ANY(%(parties)s))
FOR UPDATE OF relation
"""


class Counted(NamedTuple):
    """What a derivation did: customers looked at, relations opened, ended, with other grounds."""

    customers: int = 0
    opened: int = 0
    ended: int = 0
    altered: int = 0

    def plus(self, other: Counted) -> Counted:
        """Both together."""
        return Counted(*(ours + theirs for ours, theirs in zip(self, other, strict=True)))


@dataclass
class _Known:
    """Customers read so far. Homes → members and their parties; values that more share than are read."""

    members: dict[int, Member] = field(default_factory=dict)
    parties: dict[int, list[int]] = field(default_factory=dict)
    customers: dict[int, set[int]] = field(default_factory=dict)
    crowded: set[str] = field(default_factory=set)


def find_relations(customers: Collection[int], *, is_whole: bool = False) -> Counted:
    """Derive the relations of some customers anew. Call it inside `scope.bulk()`.

    `is_whole`: all customers get their turn, so nobody has to be looked at for a neighbour's sake.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELATION_LOCK])
    known = _Known()
    homes = _read(customers, known, is_concerned=True)
    near = _near(homes, known)
    if not is_whole:
        homes |= _read(near, known)
        near = _near(homes, known)
    _read(near, known)
    limits = Limits(value_of(HOUSEHOLD_MOST), value_of(RELATION_LEAST))
    found = derive([*known.members.values()], limits=limits, crowded=known.crowded)
    return _write([one for one in found if not homes.isdisjoint(one.deciders)], homes, known)


def _read(customers: Collection[int], known: _Known, *, is_concerned: bool = False) -> set[int]:
    """Read customers that are not known yet; the homes of all those asked for. Keys of concerned ones are written."""
    wanted = set(customers) - known.customers.keys()
    by_customer = parties_of(wanted)
    parties = {party.id: party for found in by_customer.values() for party in found if party.id is not None}
    at_home: dict[int, list[Party]] = defaultdict(list)
    for row in SourceParty.objects.filter(customer_id__in=wanted).order_by("id"):
        if row.customer_id is None or row.id not in parties:
            continue
        home = row.home_id or row.customer_id
        at_home[home].append(parties[row.id])
        known.customers.setdefault(row.customer_id, set()).add(home)
    for home, own in at_home.items():
        known.members[home] = Member(home, own[0].kind, tuple(party.row for party in own))
        known.parties[home] = [party.id for party in own if party.id is not None]
    if is_concerned:
        _write_keys(parties.values())
    return set().union(*(known.customers.get(customer, set()) for customer in customers))


def _write_keys(parties: Iterable[Party]) -> None:
    keys = {party.id: {_hash(key.name, key.value) for key in standing_keys(party.row)} for party in parties}
    RelationKey.objects.filter(party_id__in=list(keys)).delete()
    copy_rows(RelationKey, ("party_id", "key"), ((party, key) for party, own in keys.items() for key in own))


def _near(homes: Collection[int], known: _Known) -> set[int]:
    """The customers that stand under the keys of some homes; notes which phones and doors are a crowd's."""
    asked = {_hash(key.name, key.value): key for home in homes for key in asked_keys(known.members[home])}
    if not asked:
        return set()
    under: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_UNDER, {"keys": ",".join(map(str, asked)), "most": UNDER_A_KEY})
        for key, customer in cursor.fetchall():
            under[key].append(customer)
    crowds = {key for key, found in under.items() if len(found) >= UNDER_A_KEY and asked[key].is_shared}
    known.crowded |= {asked[key].value for key in crowds}
    return {customer for key, found in under.items() if key not in crowds for customer in found}


def _hash(name: str, value: str) -> int:
    """As `prepare.look_up_keys` keeps it."""
    return int.from_bytes(vault.blind(name, value)[:8], signed=True)


# --- writing


def _write(found: list[Finding], homes: set[int], known: _Known) -> Counted:
    now = clock.now()
    stored = _stored([party for home in homes for party in known.parties[home]])
    changes = reconcile([one for one in stored if not homes.isdisjoint(one.deciders)], found)
    Relation.objects.filter(id__in=changes.ended).update(until=now)
    for id_, finding in changes.altered.items():
        Relation.objects.filter(id=id_).update(
            confidence=finding.confidence, evidence=_evidence(finding), rule_version=RULE_VERSION
        )
    Relation.objects.bulk_create(_row(one, known.parties, now) for one in changes.opened)
    return Counted(len(homes), len(changes.opened), len(changes.ended), len(changes.altered))


def _stored(parties: list[int]) -> list[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(_STORED, {"parties": parties})
        rows = cursor.fetchall()
    return [_stored_one(*row) for row in rows]


def _stored_one(
    id_: int, one: int, other: int, type_: str, role: str, upper: str, source: str, state: str, sure: int,
    evidence: str,
) -> Stored:  # fmt: skip
    grounds = tuple(Ground(*ground) for ground in orjson.loads(evidence))
    above = {Upper.PARTY: one, Upper.OTHER: other}.get(Upper(upper))
    return Stored(
        id_, Pair(min(one, other), max(one, other), type_), role, above, source, state, sure, grounds
    )


def _row(finding: Finding, parties: Mapping[int, list[int]], now: datetime) -> Relation:
    stands_for = {home: min(parties[home]) for home in (finding.one, finding.other)}
    first, last = sorted(stands_for.values())
    upper = stands_for.get(finding.upper) if finding.upper is not None else None
    return Relation(
        party_id=first,
        other_party_id=last,
        type=pair_of(finding).type,
        role=finding.role,
        upper=Upper.NEITHER if upper is None else Upper.PARTY if upper == first else Upper.OTHER,
        source=RelationSource.DERIVED,
        state=RelationState.PROPOSED,
        confidence=finding.confidence,
        evidence=_evidence(finding),
        rule_version=RULE_VERSION,
        since=now,
    )


def _evidence(finding: Finding) -> list[list[str]]:
    return [[ground.code, ground.said] for ground in finding.grounds]
