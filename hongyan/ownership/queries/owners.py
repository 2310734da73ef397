"""Present owners as a viewer may see them (管户清单): those at units of the scope, in the lines of the post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from hongyan.core.errors import NotFound
from hongyan.customer.models import Customer, CustomerScope, Ownership
from hongyan.customer.queries.records import find_customer, owners_of
from hongyan.org.codes import Viewer
from hongyan.ownership.queries.people import lines_of


def owners_in_scope(viewer: Viewer) -> QuerySet[Ownership]:
    """Who looks after whom now, one row a customer and line. Of a merged customer, the owner that stands."""
    owners = Ownership.objects.filter(until=None, gives_way=False, line__in=sorted(lines_of(viewer)))
    if viewer.scope.everything:
        return owners
    # looked up by the customer, so that a large list is not gathered first; aliases have the scope of their survivor
    here = CustomerScope.objects.filter(
        customer_id=OuterRef("customer_id"),
        line=OuterRef("line"),
        is_assisting=False,
        org_no__range=(viewer.scope.lo, viewer.scope.hi),
    )
    return owners.filter(Exists(here))


class Owned(NamedTuple):
    """A customer and who looks after it in one line; `org_no` is the number of the owner's unit.

    `owners` are those of all lines.
    """

    customer: Customer
    owner: Ownership
    org_no: int
    owners: Sequence[Ownership]


def find_owned(viewer: Viewer, code: str, line: str) -> Owned:
    """A customer's present owner in a line. Two queries, three for an alias.

    Errors: NotFound for a customer or an owner out of scope, a line of others, or one in which nobody owns.
    """
    customer = find_customer(viewer, code)
    for owned in owned_in_scope(viewer, customer, list(owners_of(customer))):
        if owned.owner.line == line:
            return owned
    raise NotFound("owner", f"{customer.code}/{line}")


def owned_in_scope(viewer: Viewer, customer: Customer, owners: Sequence[Ownership]) -> list[Owned]:
    """Those of a customer's present owners, as `owners_of` found them, that are in the viewer's scope and lines."""
    lines = lines_of(viewer)
    return [
        Owned(customer, owner, owner.org_no, owners)
        for owner in owners
        if owner.line in lines and owner.org_no is not None and viewer.scope.covers(owner.org_no)
    ]


MOST_PAST = 50


def history_of(customers: Sequence[Customer]) -> list[Ownership]:
    """Who looked after a customer before, under any of its codes, the latest first. One query."""
    past = Ownership.objects.filter(customer__in=customers, until__isnull=False)
    return list(past.select_related("unit", "manager").order_by("-until", "-id")[:MOST_PAST])
