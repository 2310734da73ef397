"""Taking back what was brought in by mistake (撤回来源): parties that say nothing any more, customers that never were.

A party is withdrawn, never deleted: its link ends, its records are no longer current, and what follows from them goes:
identifiers, look-up keys, claims on credentials, its relationship, pairs proposed because of it that nobody decided.
The golden record of whoever it had joined is calculated from what remains; a customer of whom nothing remains is
ended, and its code leads nobody any more. What people have touched since is left as it is. Source: DESIGN 3, UI 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count, F, Q

from hongyan.core import audit, clock
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import CaseState, Outcome, Status
from hongyan.customer.models import (
    CandidateKey,
    Customer,
    CustomerScope,
    GoldenChange,
    GoldenPin,
    Identifier,
    Link,
    ListRow,
    Ownership,
    Relation,
    RelationKey,
    Relationship,
    ReviewCase,
    SearchToken,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.rules.code import code_for

_HARMLESS = frozenset({"customer.copy_codes", "customer.state_purpose"})
"""Acts on a customer, beside those of reading, that leave it as it was."""

_CLAIMS = """
DELETE FROM customer_strongkey claim WHERE claim.customer_id = ANY(%s)
AND NOT EXISTS (SELECT FROM customer_identifier known
                WHERE known.hash = claim.hash AND known.customer_id = claim.customer_id)
"""


@dataclass(slots=True)
class Withdrawn:
    """What came of it, in parties and customers: `kept` are parties that people have touched since."""

    parties: int = 0
    ended: int = 0
    kept: list[int] = field(default_factory=list)


def withdraw_parties(
    parties: Collection[int], *, system: str, prefix: str, since: datetime, by: str
) -> Withdrawn:
    """Withdraw parties of a system whose keys begin with `prefix`, as far as nobody touched them after `since`.

    With a party go the others of that prefix at the same customer. Call it inside `scope.bulk()`; running it again
    changes nothing more.
    """
    hold_identity()
    own = _own(parties, system, prefix)
    if not own:
        return Withdrawn()
    kept = _touched(own, since)
    going = {party: customer for party, customer in own.items() if party not in kept}
    now = clock.now()
    ending = _without_others(going)
    cases = ReviewCase.objects.filter(state=CaseState.OPEN).filter(
        Q(party_id__in=going) | Q(customer_id__in=ending) | Q(candidate_id__in=ending)
    )
    others = {one for pair in cases.values_list("customer_id", "candidate_id") for one in pair}
    cases.delete()
    _silence(sorted(going), now)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, [sorted(set(going.values()))])
    _end(ending, by, now)
    left = ({*going.values(), *others} - ending) - _aliases(others)
    if left:
        calculate(left, actor=by, now=now)
    return Withdrawn(len(going), len(ending), sorted(kept))


def _own(parties: Collection[int], system: str, prefix: str) -> dict[int, int]:
    """Party → customer of the given parties, and of the others of the same prefix at their customers."""
    customers = SourceParty.objects.filter(pk__in=parties).values("customer_id")
    found = SourceParty.objects.filter(customer_id__in=customers, system=system, key__startswith=prefix)
    return {party: customer for party, customer in found.values_list("id", "customer_id") if customer}


def _aliases(customers: Collection[int]) -> set[int]:
    """Those that were merged into another: they are calculated with it."""
    return set(Customer.objects.filter(pk__in=customers).exclude(survivor=None).values_list("pk", flat=True))


# --- what people have touched


def _touched(own: Mapping[int, int], since: datetime) -> set[int]:
    """The parties that stay: moved by a decision, chosen by a person, or of a customer with a life of its own since."""
    moved = set(
        Link.objects.filter(party_id__in=own)
        .values("party_id")
        .annotate(links=Count("id"))
        .filter(links__gt=1)
        .values_list("party_id", flat=True)
    )
    pinned = GoldenPin.objects.filter(party_id__in=own, ended_at=None).values_list("party_id", flat=True)
    judged = Relation.objects.filter(Q(party_id__in=own) | Q(other_party_id__in=own)).exclude(decided_by="")
    related = {one for pair in judged.values_list("party_id", "other_party_id") for one in pair}
    decided = ReviewCase.objects.filter(party_id__in=own).exclude(state=CaseState.OPEN)
    merged = SourceParty.objects.filter(pk__in=own).exclude(home=None)
    alone = {
        *moved, *pinned, *related,
        *decided.values_list("party_id", flat=True),
        *merged.values_list("pk", flat=True),
    } & own.keys()  # fmt: skip
    lively = _with_a_life(own, since)
    # who stands with a touched party at a customer that the file brought stays with it
    lively |= {own[party] for party in alone if own[party] in _brought(own)}
    return alone | {party for party, customer in own.items() if customer in lively}


def _brought(own: Mapping[int, int]) -> set[int]:
    """The customers that came about by one of these parties."""
    links = Link.objects.filter(party_id__in=own, outcome=Outcome.NEW, until=None)
    return set(links.values_list("customer_id", flat=True))


def _with_a_life(own: Mapping[int, int], since: datetime) -> set[int]:
    """Of the customers that came about by these parties those whom others know by now, or on whom people acted."""
    brought = _brought(own)
    known = SourceParty.objects.filter(customer_id__in=brought).exclude(pk__in=own)
    codes = {code_for(customer): customer for customer in brought}
    acts = AuditEvent.objects.filter(subject_kind="customer", subject__in=codes, at__gt=since)
    acted = acts.exclude(act__in=[*audit.readings(), *_HARMLESS]).values_list("subject", flat=True)
    return {*known.values_list("customer_id", flat=True), *(codes[code] for code in acted)}


# --- what goes


def _without_others(going: Mapping[int, int]) -> set[int]:
    """The customers of whom nothing is left without these parties."""
    by_customer: dict[int, set[int]] = defaultdict(set)
    present = SourceParty.objects.filter(customer_id__in=set(going.values()))
    for party, customer in present.values_list("id", "customer_id"):
        by_customer[customer or 0].add(party)
    return {customer for customer, parties in by_customer.items() if parties <= going.keys()}


def _silence(parties: Sequence[int], now: datetime) -> None:
    """Let parties say nothing any more, and belong to nobody."""
    records = SourceRecord.objects.filter(party_id__in=parties, is_current=True)
    Identifier.objects.filter(record_id__in=records.values("id")).delete()
    records.update(is_current=False, likeness=b"")
    CandidateKey.objects.filter(party_id__in=parties).delete()
    RelationKey.objects.filter(party_id__in=parties).delete()
    proposed = Relation.objects.filter(Q(party_id__in=parties) | Q(other_party_id__in=parties), until=None)
    proposed.update(until=now)
    Relationship.objects.filter(party_id__in=parties).delete()
    Link.objects.filter(party_id__in=parties, until=None).update(until=now)
    SourceParty.objects.filter(pk__in=parties).update(customer=None, home=None)


def _end(customers: Collection[int], by: str, now: datetime) -> None:
    """End customers of whom nothing remains: no list, search or walk finds them any more."""
    stood = Customer.objects.filter(pk__in=customers)
    GoldenChange.objects.bulk_create(
        GoldenChange(
            customer_id=customer, at=now, field="status", before=status, after=Status.DEREGISTERED, actor=by
        )
        for customer, status in stood.values_list("pk", "status")
    )
    stood.update(status=Status.DEREGISTERED, version=F("version") + 1, updated_at=now)
    Ownership.objects.filter(customer_id__in=customers, until=None).update(until=now)
    for projection in (CustomerScope, ListRow, SearchToken):
        projection.objects.filter(customer_id__in=customers).delete()
