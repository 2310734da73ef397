"""Rows that wait to be mended, within the viewer's scope (隔离区)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.customer.models import Customer
from hongyan.integration.codes import DeliveryState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.deliveries import is_at_work, records_of
from hongyan.org.codes import Viewer


def quarantined_rows(viewer: Viewer) -> QuerySet[QuarantinedRow]:
    """Rows of units in the viewer's scope, without what is sealed."""
    return QuarantinedRow.objects.visible_to(viewer).select_related("delivery", "resent_as").defer("sealed")


def find_row(viewer: Viewer, row_id: int) -> QuarantinedRow:
    """One row with its sealed values. Errors: NotFound, also out of scope."""
    rows = QuarantinedRow.objects.visible_to(viewer).select_related("delivery", "resent_as__run")
    row = rows.filter(id=row_id).first()
    if row is None:
        raise NotFound("quarantined_row", row_id)
    return row


@dataclass(frozen=True, slots=True)
class Resent:
    """What became of a mended row: still at work, taken in (for which customer), or back in quarantine."""

    delivery: Delivery
    is_at_work: bool
    customer: Customer | None
    outcome: str
    again: QuarantinedRow | None


def what_became_of(viewer: Viewer, resent_as: Delivery) -> Resent:
    """The result of sending a row in again. At most two queries."""
    record = records_of(resent_as).first() if resent_as.state == DeliveryState.APPLIED else None
    again = quarantined_rows(viewer).filter(delivery=resent_as).first() if resent_as.quarantined else None
    return Resent(
        delivery=resent_as,
        is_at_work=is_at_work(resent_as),
        customer=record.party.customer if record else None,
        outcome=_outcome(resent_as),
        again=again,
    )


def _outcome(delivery: Delivery) -> str:
    """The count of a delivery of one row that is not nothing: new, joined, updated, unchanged."""
    return next((name for name in ("new", "joined", "updated", "unchanged") if getattr(delivery, name)), "")
