"""Customers as records that notes, files, to-dos and followers can be of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def open_customer(viewer: Viewer, key: str, part: str) -> Subject:
    """A customer of whom somebody opens a part: scope, purpose and audit as for its page."""
    customer = find_customer(viewer, key)
    open_part(viewer, customer, part=part)
    return subject_of(customer)


def find_by_id(viewer: Viewer, record_id: int) -> Subject:
    """The customer that something stands under. Errors: NotFound out of scope."""
    return subject_of(find_customer(viewer, code_for(record_id)))


def name_some(viewer: Viewer, record_ids: Collection[int]) -> Mapping[int, Subject]:
    """The customers that things stand under, by those ids, as far as they are in scope. Two queries at most."""
    seen = Customer.objects.visible_to(viewer)
    found = seen.in_bulk(list(record_ids))
    survivors = {one.survivor_id for one in found.values()} - {None, *found}
    found |= seen.in_bulk(survivors) if survivors else {}
    present = {key: found.get(found[key].survivor_id or key) for key in record_ids if key in found}
    return {key: _subject(one, (one.pk,)) for key, one in present.items() if one is not None}


def subject_of(customer: Customer) -> Subject:
    """A customer with the ids of its aliases, under which something may have been written."""
    aliases = [alias.pk for alias in aliases_of(customer)] if customer.has_aliases else []
    return _subject(customer, (customer.pk, *aliases))


def _subject(customer: Customer, ids: tuple[int, ...]) -> Subject:
    told, files = (reverse("customer:record_tab", args=[customer.code, tab]) for tab in ("timeline", "files"))
    return Subject(KIND, ids, customer.code, customer.name, told, files)


def readers(record_id: int, staff: Collection[int]) -> set[int]:
    """Which of some staff have a post from which the customer is seen today. One query. Call it past the walls."""
    owned = CustomerScope.objects.filter(
        customer_id=record_id, org_no__gte=OuterRef("place__lo"), org_no__lte=OuterRef("place__hi")
    )
    seeing = Q(place__level=Level.GROUP) | Exists(owned)
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), seeing, staff_id__in=staff)
    return set(posts.values_list("staff_id", flat=True))


records.register(
    records.Kind(KIND, _("客户"), open=open_customer, find=find_by_id, name=name_some, readers=readers)
)
