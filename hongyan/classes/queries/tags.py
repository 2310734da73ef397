"""Tags as a viewer may see them: those of units above, of their own, and of those beneath (标签查询)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from hongyan.classes.models import CustomerTag, Tag
from hongyan.core.errors import NotFound
from hongyan.core.versions import mark
from hongyan.customer.models import Customer
from hongyan.customer.queries.records import aliases_of
from hongyan.org.codes import Viewer


def tags_of(viewer: Viewer) -> QuerySet[Tag]:
    """All tags of the viewer's unit, of those above and beneath it, retired ones too."""
    tags = Tag.objects.select_related("unit").order_by("retired_at", "name", "id")
    if viewer.scope.everything:
        return tags
    beneath = Q(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    return tags.filter(beneath | Q(unit_id__in=list(viewer.unit_chain)))


def tags_to_set(viewer: Viewer) -> list[Tag]:
    """Those in use, by name. One query."""
    return list(tags_of(viewer).filter(retired_at=None).order_by("name", "id"))


def find_tag(viewer: Viewer, tag_id: int) -> Tag:
    """One tag. Errors: NotFound for none, or one of a unit elsewhere."""
    tag = tags_of(viewer).filter(pk=tag_id).first()
    if tag is None:
        raise NotFound("tag", tag_id)
    return tag


def tags_on(viewer: Viewer, customer_ids: Collection[int]) -> Sequence[Tag]:
    """The tags of a customer by all codes they had, by name; those a viewer may see."""
    borne = CustomerTag.objects.filter(customer_id__in=customer_ids).values_list("tag_id", flat=True)
    return list(tags_of(viewer).filter(pk__in=borne).order_by("name", "id"))


def tags_borne(viewer: Viewer, customer: Customer) -> Sequence[Tag]:
    """The tags of a customer that a viewer may see. Two queries."""
    return tags_on(viewer, [customer.pk, *aliases_of(customer).values_list("pk", flat=True)])


def seen_of(borne: Sequence[Tag]) -> str:
    """The mark of the tags that somebody saw on a customer."""
    return mark({"tags": sorted(tag.pk for tag in borne)})


def borne_among(customers: Collection[int], tag_id: int) -> set[int]:
    """Who of some customers bears a tag, by any code they had. One query."""
    rows = CustomerTag.objects.filter(
        Q(customer_id__in=customers) | Q(customer__survivor_id__in=customers), tag_id=tag_id
    )
    return {
        survivor or customer
        for customer, survivor in rows.values_list("customer_id", "customer__survivor_id")
    }
