"""Live agreements of a legal customer, over all lines and units (有效协议): what the exclusion decides by.

What is found here is told only as far as the asking person may know it; see `panels.admission`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from hongyan.core import scope
from hongyan.customer.codes import Kind, Status
from hongyan.customer.models import Relationship
from hongyan.ledger.codes import HoldingKind, HoldingStatus
from hongyan.ledger.models import Holding
from hongyan.lifecycle.codes import Agreement
from hongyan.lifecycle.models import Application

_KINDS = (Kind.AGREEMENT_UNIT, Kind.AGREEMENT_PERSON)


def agreements_of(customer_id: int) -> list[Agreement]:
    """The agreements of a customer that were not closed, by line; those that ran out are among them. Three queries.

    Whose agreement was admitted here said its families then; of others the agreements the ledger holds say them.
    """
    live = Relationship.objects.filter(customer_id=customer_id, kind__in=_KINDS)
    return _agreements(live.exclude(status=Status.DEREGISTERED))


def agreements_with(parties: Collection[int]) -> list[Agreement]:
    """The agreements of some parties as they are now, by line. Three queries, none where there are no parties."""
    return _agreements(Relationship.objects.filter(party_id__in=parties)) if parties else []


def _agreements(rows: QuerySet[Relationship]) -> list[Agreement]:
    with scope.bulk():
        found = list(rows.select_related("unit", "customer").order_by("line", "party_id"))
        families = _families([row.party_id for row in found])
    return [
        Agreement(
            line=row.line,
            families=families.get(row.party_id, frozenset()),
            since=row.valid_from,
            until=row.valid_to,
            party=row.party_id,
            number=row.agreement_no,
            unit=str(row.unit),
            customer=row.customer.code,
            is_frozen=row.status == Status.FROZEN,
        )
        for row in found
    ]


def _families(parties: Collection[int]) -> Mapping[int, frozenset[str]]:
    if not parties:
        return {}
    said: dict[int, set[str]] = defaultdict(set)
    for party, families in Application.objects.filter(party__in=parties).values_list("party_id", "families"):
        said[party] |= set(families)
    held = Holding.objects.filter(
        party__in=parties, kind=HoldingKind.AGREEMENT, source_product__product__isnull=False
    ).exclude(status=HoldingStatus.CLOSED)
    for party, base in held.values_list("party_id", "source_product__product__base"):
        if base:
            said[party].add(base)
    return {party: frozenset(families) for party, families in said.items()}
