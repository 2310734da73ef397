"""Who assists with a customer (协办), and who may change that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F

from hongyan.core.errors import NotFound
from hongyan.core.versions import mark
from hongyan.customer.models import Assistant, Customer
from hongyan.customer.queries.records import find_customer, owners_of
from hongyan.org.codes import Right, Viewer
from hongyan.ownership.queries.owners import Owned, owned_in_scope

MOST_SHOWN = 50


def assistants_of(members: Sequence[Customer]) -> list[Assistant]:
    """Who assists, will, or did with a customer under any of its codes; those who last first. One query."""
    rows = Assistant.objects.filter(customer__in=members).select_related("staff", "unit")
    return list(rows.order_by(F("until").desc(nulls_first=True), "line", "-since", "-id")[:MOST_SHOWN])


def may_let_assist(viewer: Viewer, owned: Owned) -> bool:
    """Whether a viewer may say who assists: a head inside their unit, a manager for their own customer."""
    if viewer.may(Right.OWNERSHIP_CHANGE):
        return True
    return viewer.may(Right.OWNERSHIP_CLAIM) and owned.owner.manager_id in viewer.people


class Assisting(NamedTuple):
    """Somebody's assistance with a customer, and whether the viewer may end it."""

    row: Assistant
    customer: Customer
    may_end: bool

    @property
    def mark(self) -> str:
        """By which a form tells that somebody ended it meanwhile."""
        return mark({"until": self.row.until})


def find_assisting(viewer: Viewer, assistant_id: int) -> Assisting:
    """One assistance with a customer whom the viewer may see. Errors: NotFound."""
    row = Assistant.objects.filter(pk=assistant_id).select_related("customer", "staff", "unit").first()
    if row is None:
        raise NotFound("assistant", assistant_id)
    customer = find_customer(viewer, row.customer.code)
    owned = owned_in_scope(viewer, customer, list(owners_of(customer)))
    mine = [one for one in owned if one.owner.line == row.line]
    may_end = row.staff_id in viewer.people or any(may_let_assist(viewer, one) for one in mine)
    return Assisting(row, customer, row.until is None and may_end)
