"""Who may share a customer with whom, and with whom it is shared (共享查看)."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.customer.models import Customer, Ownership, Share
from hongyan.customer.queries.records import find_customer, owners_of
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Place, Post
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.org.rights import RIGHTS
from hongyan.ownership.queries.assistants import may_let_assist
from hongyan.ownership.queries.owners import Owned, owned_in_scope

MOST_OFFERED = 300
"""Colleagues a form proposes; others are found by their staff number."""


class Shared(NamedTuple):
    """A customer with its owners, as far as the viewer may share it."""

    customer: Customer
    owners: list[Ownership]


def may_share(viewer: Viewer, owned: list[Owned]) -> bool:
    """Whether a viewer may share a customer: a head of one of its owners, or a manager whose own it is."""
    return any(may_let_assist(viewer, one) for one in owned)


def find_to_share(viewer: Viewer, code: str) -> Shared:
    """A customer that the viewer may share. Errors: NotFound out of scope, or for whoever may not."""
    customer = find_customer(viewer, code)
    owners = list(owners_of(customer))
    if not may_share(viewer, owned_in_scope(viewer, customer, owners)):
        raise NotFound("act", "share")
    return Shared(customer, owners)


def find_share(viewer: Viewer, share_id: int) -> tuple[Share, Customer]:
    """What was shared of a customer whom the viewer may share, and that customer. Errors: NotFound."""
    row = Share.objects.filter(pk=share_id).select_related("customer", "staff").first()
    if row is None:
        raise NotFound("share", share_id)
    return row, find_to_share(viewer, row.customer.code).customer


def reading_posts() -> Q:
    """Current posts, with an open account, whose role may look at customers."""
    roles = [role.value for role, rights in RIGHTS.items() if Right.CUSTOMER_READ in rights]
    return USABLE & is_current(clock.business_date()) & Q(role__in=roles)


def colleagues_near(viewer: Viewer) -> list[tuple[str, str]]:
    """(staff number, name and unit) of colleagues of the viewer's county and scope, to choose from. Two queries."""
    county = Place.objects.filter(pk=viewer.place_id).values_list("county_no", flat=True).first()
    near = Q(place__lo__range=(viewer.scope.lo, viewer.scope.hi))
    if county:
        near |= Q(place__county_no=county)
    posts = Post.objects.filter(reading_posts(), near).exclude(staff_id__in=viewer.people)
    rows = posts.order_by("staff__pinyin", "staff_id", "id").values_list(
        "staff__staff_no", "staff__name", "place__unit__short_name", "place__unit__name"
    )
    found: dict[str, str] = {}
    for staff_no, name, short, full in rows[:MOST_OFFERED]:
        found.setdefault(staff_no, f"{name} · {short or full}")
    return list(found.items())
