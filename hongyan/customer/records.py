"""Customers as records that notes and followers can be of."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongyan.core import clock
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.models import Customer, CustomerScope
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.records import aliases_of, find_customer
from hongyan.customer.rules.code import code_for
from hongyan.desk import records
from hongyan.desk.records import Subject
from hongyan.org.codes import Level, Viewer
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current


def open_customer(viewer: Viewer, key: str) -> Subject:
    """A customer whom somebody opens: scope, purpose and audit as for its page."""
    customer = find_customer(viewer, key)
    open_part(viewer, customer, part="notes")
    return subject_of(customer)


def find_by_id(viewer: Viewer, record_id: int) -> Subject:
    """The customer that something stands under. Errors: NotFound out of scope."""
    return subject_of(find_customer(viewer, code_for(record_id)))


def subject_of(customer: Customer) -> Subject:
    """A customer with the ids of its aliases, under which something may have been written."""
    aliases = [alias.pk for alias in aliases_of(customer)] if customer.has_aliases else []
    url = reverse("customer:record_tab", args=[customer.code, "notes"])
    return Subject(KIND, (customer.pk, *aliases), customer.code, customer.name, url)


def readers(record_id: int, staff: Collection[int]) -> set[int]:
    """Which of some staff have a post from which the customer is seen today. One query. Call it past the walls."""
    owned = CustomerScope.objects.filter(
        customer_id=record_id, org_no__gte=OuterRef("place__lo"), org_no__lte=OuterRef("place__hi")
    )
    seeing = Q(place__level=Level.GROUP) | Exists(owned)
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), seeing, staff_id__in=staff)
    return set(posts.values_list("staff_id", flat=True))


records.register(records.Kind(KIND, _("客户"), open=open_customer, find=find_by_id, readers=readers))
