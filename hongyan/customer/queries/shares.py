"""Customers that were shared with somebody, whose own post does not see them (共享给我的).

What is shared stands under the person's own number, outside every unit. Whoever reads it steps into that scope, where
the database shows these customers and nothing else, and reads as a guest: without any right but to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hongyan.core import clock, scope
from hongyan.customer.models import Customer, Share
from hongyan.customer.rules.code import serial_of
from hongyan.org.codes import Level, Right, Viewer
from hongyan.org.models import Staff

MOST_SHOWN = 50


@contextmanager
def as_guest(viewer: Viewer) -> Iterator[Viewer]:
    """Read what is shared with the viewer, and that alone: both walls stand around it. Answers who reads."""
    own = scope.personal(viewer.staff_id)
    with scope.stepping_into(own, back_to=viewer.scope):
        yield replace(
            viewer, scope=own, level=Level.OUTLET, rights=viewer.rights & {Right.CUSTOMER_READ}, is_guest=True
        )


def shared_with(viewer: Viewer) -> QuerySet[Share]:
    """What is shared with a viewer today, and by whom (`by_name`). Read it inside `as_guest`."""
    present = Share.objects.filter(
        staff_id=viewer.staff_id, is_present=True, until__gte=clock.business_date()
    )
    sharer = Staff.objects.filter(staff_no=OuterRef("by")).values("name")
    return present.select_related("customer__survivor").annotate(by_name=Subquery(sharer))


def shares_of(members: Sequence[Customer]) -> list[Share]:
    """With whom a customer is or was shared under any of its codes; those who may look now first. One query."""
    rows = Share.objects.filter(customer__in=members).select_related("staff")
    return list(rows.order_by("-is_present", "-until", "-id")[:MOST_SHOWN])


def find_share(guest: Viewer, code: str) -> Share | None:
    """What is shared with a guest under a code, or another code of the same customer, who it is now. One query."""
    serial = serial_of(code)
    if serial is None:
        return None
    known = Q(customer=serial) | Q(customer__survivor=serial) | Q(customer__aliases=serial)
    aliases = Customer.objects.filter(survivor=Coalesce(OuterRef("customer__survivor"), OuterRef("customer")))
    share = shared_with(guest).filter(known).annotate(has_aliases=Exists(aliases)).first()
    if share is not None:
        share.customer = share.customer.survivor or share.customer
        share.customer.has_aliases = share.has_aliases
    return share
