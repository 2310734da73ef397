"""The first wall of the ledger: what a viewer may see of facts, months and holdings.

A unit sees what it booked, walk-ins and parties without a customer included, and all that belongs to customers owned
in its scope. Of the financial lines only posts of those lines see facts (`consent.rules.sharing`), and on the pages of
a customer who agreed to that, posts of others with the role. The second wall, row-level
security, says the same without the lines.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from hongyan.consent.queries.words import shared_lines
from hongyan.consent.rules.sharing import open_lines
from hongyan.core.errors import NotAllowed
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.queries.ranges import Span
from hongyan.org.codes import Level, Line, Right, Viewer
from hongyan.org.models import Place

Row = TypeVar("Row", bound=Model)


def lines_of(viewer: Viewer) -> frozenset[str]:
    """The lines of which a viewer sees facts and amounts."""
    return open_lines(viewer.line_codes, sees_everything=viewer.scope.everything)


def lines_about(
    viewer: Viewer, customer: Customer, aliases: Collection[Customer], *, having: Collection[str]
) -> frozenset[str]:
    """The lines of which a viewer sees amounts of one customer, who has business in some lines.

    With the role, those too whose business the customer lets other lines see (X-17). One query, and only where there is
    business that the viewer would not see else.
    """
    seen = lines_of(viewer)
    if seen.issuperset(having) or not viewer.may(Right.LEDGER_SHARED):
        return seen
    shared = shared_lines(customer, aliases)
    return open_lines(viewer.line_codes, sees_everything=False, shared=shared)


def check_bank_line(viewer: Viewer) -> None:
    """An empty list would say that nobody reached the threshold. Errors: NotAllowed for a post of other lines."""
    if Line.BANK not in lines_of(viewer):
        raise NotAllowed(Right.LEDGER_READ, _("邮储的客户只给邮储板块的岗位看。"))


def in_scope(viewer: Viewer, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows with a `unit` and a `party` that the viewer's scope covers by either; the lines are not looked at."""
    if viewer.scope.everything:
        return rows
    span = (viewer.scope.lo, viewer.scope.hi)
    booked = Place.objects.filter(unit_id=OuterRef("unit_id"), lo__range=span)
    owned = SourceParty.objects.filter(id=OuterRef("party_id"), customer__scopes__org_no__range=span)
    return rows.filter(Q(looked_up(booked)) | Q(looked_up(owned)))


def looked_up(rows: QuerySet[Any]) -> Coalesce:
    """Whether there is such a row, looked up for each row that is read.

    `Exists` leaves the database the choice to gather all such rows at once, and it gathers a million for fifty.
    """
    return Coalesce(Subquery(rows.values(found=Value(True))[:1]), Value(False))


def visible_facts(viewer: Viewer, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Facts a viewer may see: in scope, and of an open line."""
    return in_scope(viewer, rows).filter(line__in=sorted(lines_of(viewer)))


def units_in(lo: int, hi: int) -> QuerySet[Place, Any]:
    """Ids of the units of a range of organisation numbers, for a condition on facts."""
    return Place.objects.filter(lo__range=(lo, hi)).values("unit_id")


NAMED_UNITS = 200
"""So many units are named one by one in a condition: then the database knows how many rows they have."""


def booked_in(viewer: Viewer, span: Span) -> Q:
    """Rows booked by a unit of the viewer's scope and everything beneath it; of the whole house, all."""
    if viewer.scope.everything and span.level == Level.GROUP:
        return Q()
    units = units_in(span.lo, span.hi).values_list("unit_id", flat=True)
    named = list(units[: NAMED_UNITS + 1])
    return Q(unit_id__in=named if len(named) <= NAMED_UNITS else units)


def shown_customer(viewer: Viewer) -> Subquery:
    """Code and name of the customer of a fact's party, where the viewer may know them; None else (外辖客户)."""
    known = Customer.objects.visible_to(viewer).filter(parties=OuterRef("party_id"))
    return Subquery(known.values(found=JSONObject(code="code", name="name"))[:1])
