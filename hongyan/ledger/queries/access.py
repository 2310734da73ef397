"""The first wall of the ledger: what a viewer may see of facts, months and holdings.

A unit sees what it booked, walk-ins and parties without a customer included, and all that belongs to customers owned
in its scope. Of the financial lines only posts of those lines see facts (`rules.sharing`). The second wall, row-level
security, says the same without the lines.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from hongyan.customer.models import Customer, SourceParty
from hongyan.ledger.rules.sharing import open_lines
from hongyan.org.codes import Viewer
from hongyan.org.models import Place

Row = TypeVar("Row", bound=Model)


def lines_of(viewer: Viewer) -> frozenset[str]:
    """The lines of which a viewer sees facts and amounts."""
    return open_lines(viewer.line_codes, sees_everything=viewer.scope.everything)


def in_scope(viewer: Viewer, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows with a `unit` and a `party` that the viewer's scope covers by either; the lines are not looked at."""
    if viewer.scope.everything:
        return rows
    span = (viewer.scope.lo, viewer.scope.hi)
    owned = SourceParty.objects.filter(id=OuterRef("party_id"), customer__scopes__org_no__range=span)
    return rows.filter(Q(unit_id__in=units_in(*span)) | Exists(owned))


def visible_facts(viewer: Viewer, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Facts a viewer may see: in scope, and of an open line."""
    return in_scope(viewer, rows).filter(line__in=sorted(lines_of(viewer)))


def units_in(lo: int, hi: int) -> QuerySet[Place, Any]:
    """Ids of the units of a range of organisation numbers, for a condition on facts."""
    return Place.objects.filter(lo__range=(lo, hi)).values("unit_id")


def shown_customer(viewer: Viewer) -> Subquery:
    """Code and name of the customer of a fact's party, where the viewer may know them; None else (外辖客户)."""
    known = Customer.objects.visible_to(viewer).filter(parties=OuterRef("party_id"))
    return Subquery(known.values(found=JSONObject(code="code", name="name"))[:1])
