"""The classes of one customer, and moves from one class to another, as a viewer may see them (客户分类查询)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from hongyan.classes.models import ClassMove, CustomerClass
from hongyan.customer.models import CustomerScope
from hongyan.org.codes import Viewer

SHOWN_MOVES = 50


def moves_of(viewer: Viewer) -> QuerySet[ClassMove]:
    """All moves of customers in the viewer's scope, each with its customer."""
    moves = ClassMove.objects.select_related("customer", "run")
    if viewer.scope.everything:
        return moves
    span = (viewer.scope.lo, viewer.scope.hi)
    owned = CustomerScope.objects.filter(customer_id=OuterRef("customer_id"), org_no__range=span)
    return moves.filter(Exists(owned))


def class_of(customer_id: int) -> CustomerClass | None:
    """The classes of a customer whom the caller may see; None where mail and express know nothing of them."""
    return CustomerClass.objects.filter(customer_id=customer_id).first()


def history_of(customer_ids: Collection[int]) -> list[ClassMove]:
    """The last moves of a customer, by all codes they had, the newest first."""
    moves = ClassMove.objects.select_related("run").filter(customer_id__in=customer_ids)
    return list(moves.order_by("-id")[:SHOWN_MOVES])
