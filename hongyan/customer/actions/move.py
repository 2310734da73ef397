"""Moving source parties between customers (来源客户改挂): what merge and split are made of.

What follows from a party goes with it: its relationship, the identifiers of its records, its claims on credentials.
Facts point at parties and stay as they are. Call everything here inside `scope.bulk()` with the identities held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hongyan.customer.codes import Outcome
from hongyan.customer.models import Link, Ownership, Relationship, SourceParty, StrongKey
from hongyan.customer.rules.ownership import best_kind

LINK_RULE = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """Why parties change customer: what the new links say."""

    outcome: Outcome
    decided_by: str
    at: datetime
    score: int = 0
    evidence: Mapping[str, Any] | None = None


_PARTIES = """
UPDATE customer_sourceparty party
SET customer_id = %(to)s, home_id = nullif(moved.home_id, %(to)s)
FROM unnest(%(parties)s::bigint[], %(homes)s::bigint[]) AS moved(id, home_id)
WHERE party.id = moved.id
"""
_IDENTIFIERS = """
UPDATE customer_identifier identifier SET customer_id = %(to)s
FROM customer_sourcerecord record
WHERE record.party_id = ANY(%(parties)s) AND record.is_current AND identifier.record_id = record.id
"""


def move_parties(homes: Mapping[int, int], to: int, decision: Decision) -> None:
    """Give parties (party → home) to a customer; their old links end and new ones begin."""
    parties = sorted(homes)
    asked: dict[str, int | list[int]] = {
        "to": to,
        "parties": parties,
        "homes": [homes[party] for party in parties],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, asked)
        cursor.execute(_IDENTIFIERS, asked)
    Relationship.objects.filter(party_id__in=parties).update(customer_id=to)
    Link.objects.filter(party_id__in=parties, until=None).update(until=decision.at)
    Link.objects.bulk_create(
        Link(
            party_id=party,
            customer_id=to,
            since=decision.at,
            outcome=decision.outcome,
            score=decision.score,
            rule_version=LINK_RULE,
            evidence=decision.evidence,
            decided_by=decision.decided_by,
        )
        for party in parties
    )


def homes_of(customer: int) -> dict[int, int]:
    """Party → home of a customer's parties, in the order of the parties. One query."""
    parties = SourceParty.objects.filter(customer_id=customer).order_by("id")
    return {party: home or customer for party, home in parties.values_list("id", "home_id")}


# --- claims on credentials

_CLAIMS_TAKEN = """
UPDATE customer_strongkey SET home_id = coalesce(home_id, customer_id), customer_id = %s WHERE customer_id = %s
"""
_CLAIMS_NEW = """
UPDATE customer_strongkey claim SET customer_id = %(to)s
WHERE claim.customer_id = %(of)s AND claim.home_id IS NULL
  AND EXISTS (SELECT FROM customer_identifier known WHERE known.hash = claim.hash AND known.customer_id = %(to)s)
  AND NOT EXISTS (SELECT FROM customer_identifier known WHERE known.hash = claim.hash AND known.customer_id = %(of)s)
"""


def take_claims(survivor: int, absorbed: int) -> None:
    """Let a survivor hold the claims of whom it takes in; each remembers its home."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS_TAKEN, [survivor, absorbed])


def give_claims_back(customer: int, to: int, homes: Collection[int]) -> None:
    """Give claims back to one that leaves a customer with its `homes`: those it had, and those its parties made since.

    A credential that both hold stays claimed where it was.
    """
    claims = StrongKey.objects.filter(customer_id=customer)
    claims.filter(home_id=to).update(customer_id=to, home_id=None)
    claims.filter(home_id__in=homes).update(customer_id=to)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS_NEW, {"of": customer, "to": to})


# --- owners


def follow_owners(homes: Mapping[int, int], to: int, *, at: datetime) -> None:
    """Settle the owners when single parties (party → the home they leave) go to another home.

    Whoever they go to has an owner in each of their lines; whoever they leave keeps its owner as long as a relationship
    in that line is left, but no owner that rested on one that went.
    """
    gone = list(Relationship.objects.filter(party_id__in=homes))
    _own(to, gone, at=at)
    left = _left(gone, homes)
    for (home, line), went in _by(gone, lambda one: (homes[one.party_id], one.line)).items():
        owner = Ownership.objects.filter(customer_id=home, line=line, until=None).first()
        if owner is None or _rests_on(owner, left[home, line]):
            continue
        if left[home, line] and not _rests_on(owner, went):
            continue
        owner.until = at
        owner.save(update_fields=["until"])
        _own(home, left[home, line], at=at)


def _own(customer: int, relationships: Sequence[Relationship], *, at: datetime) -> None:
    """Give a customer an owner in each line of some relationships where it has none: the best of them."""
    owned = set(Ownership.objects.filter(customer_id=customer, until=None).values_list("line", flat=True))
    for line, ones in _by(relationships, lambda one: one.line).items():
        if line in owned:
            continue
        best = best_kind([one.kind for one in ones])
        chosen = next(one for one in ones if one.kind == best)
        Ownership.objects.create(
            customer_id=customer,
            line=line,
            unit_id=chosen.unit_id,
            manager_id=chosen.manager_id,
            since=at,
            reason="split",
        )


def _left(
    gone: Sequence[Relationship], homes: Mapping[int, int]
) -> dict[tuple[int, str], list[Relationship]]:
    """(home, line) → the relationships that stay where others went."""
    customers = {one.customer_id for one in gone} | set(homes.values())
    stayed = Relationship.objects.filter(customer_id__in=customers).exclude(party_id__in=homes)
    found: dict[tuple[int, str], list[Relationship]] = defaultdict(list)
    for one in stayed.select_related("party").order_by("party_id"):
        found[one.party.home_id or one.customer_id, one.line].append(one)
    return found


def _rests_on(owner: Ownership, relationships: Sequence[Relationship]) -> bool:
    return any((one.unit_id, one.manager_id) == (owner.unit_id, owner.manager_id) for one in relationships)


def _by(ones: Sequence[Relationship], key: Any) -> dict[Any, list[Relationship]]:
    found: dict[Any, list[Relationship]] = defaultdict(list)
    for one in ones:
        found[key(one)].append(one)
    return found
