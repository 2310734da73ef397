"""What a customer is to its lines, and which of that is the viewer's to end (业务关系)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from hongyan.customer.models import Customer, CustomerScope, Relationship
from hongyan.org.codes import Viewer


def held(viewer: Viewer, customer: Customer) -> Sequence[Relationship]:
    """The relationships of a customer in the viewer's scope, by line, each with `is_own`. One query.

    One is the viewer's own where the line is of their post, and its owner stands in their scope.
    """
    owned = CustomerScope.objects.filter(customer_id=customer.pk, line=OuterRef("line"), is_assisting=False)
    if not viewer.scope.everything:
        owned = owned.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    rows = Relationship.objects.filter(customer=customer).annotate(is_owned=Exists(owned))
    found = list(rows.select_related("unit").order_by("line", "party_id"))
    for row in found:
        row.is_own = row.is_owned and row.line in viewer.line_codes  # type: ignore[attr-defined]
    return found


def parties_of(rows: Sequence[Relationship]) -> list[int]:
    """The source parties that relationships are of: each has one."""
    return [row.party_id for row in rows]
