"""Corrections by hand, as their makers and checkers look for them (更正)."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.customer.codes import CorrectionState
from hongyan.customer.models import Correction, Customer
from hongyan.org.codes import Viewer


def find_correction(viewer: Viewer, correction_id: int) -> Correction:
    """A correction of a customer that the viewer may see. Two queries. Errors: NotFound."""
    row = Correction.objects.select_related("customer", "maker").filter(pk=correction_id).first()
    if row is not None:
        concerned = [row.customer.survivor_id or row.customer_id]
        if Customer.objects.visible_to(viewer).filter(pk__in=concerned).exists():
            return row
    raise NotFound("correction", correction_id)


def corrections_of(customer: Customer) -> QuerySet[Correction]:
    """The corrections of a customer, the latest first. Index: `correction_customer`."""
    return Correction.objects.filter(customer=customer).select_related("maker").order_by("-asked_at", "-id")


def waiting_correction(customer: Customer) -> Correction | None:
    """The correction of a customer that waits for a second person. One query."""
    return corrections_of(customer).filter(state=CorrectionState.WAITING).first()
