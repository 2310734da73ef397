"""Changing one field of a customer in the cell of a list (就地更正): the pencil, and what waits for a second person."""

from __future__ import annotations

from functools import cache

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.customer.codes import CorrectionState, Status
from hongyan.customer.models import Correction, ListRow
from hongyan.customer.rules.correcting import head_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import Edit


def edit(typed: str, party_type: str = "") -> Edit:
    """How one field is corrected where it stands; of customers of a type, if it is only theirs."""

    def url(row: ListRow) -> str:
        is_meant = row.status == Status.ACTIVE and party_type in ("", row.party_type)
        return f"{row_url(row)}correct/?field={typed}" if is_meant else ""

    def waiting(row: ListRow) -> str:
        return _("待审批") if head_of(typed) in (getattr(row, "waiting", None) or ()) else ""

    return Edit(url, Right.CUSTOMER_CORRECT, waiting)


def with_waiting(viewer: Viewer, rows: QuerySet[ListRow]) -> QuerySet[ListRow]:
    """Rows with the fields whose corrections wait for a second person, for those who may correct."""
    if not viewer.may(Right.CUSTOMER_CORRECT):
        return rows
    asked = Correction.objects.filter(customer=OuterRef("customer_id"), state=CorrectionState.WAITING)
    return rows.annotate(waiting=Subquery(asked.values("heads")[:1]))


def row_url(row: ListRow) -> str:
    """The page of the customer of a row."""
    return f"{_records()}{row.code}/"


@cache
def _records() -> str:
    """What the addresses of all records begin with: resolving one costs as much as rendering a cell."""
    return reverse("customer:record", args=["H"]).removesuffix("H/")
