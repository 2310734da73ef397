"""Rows that wait to be mended, within the viewer's scope (隔离区)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.customer.models import Customer, SourceRecord
from hongyan.integration.codes import DeliveryState, RowState
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


def what_became_of(viewer: Viewer, row: QuarantinedRow) -> Resent | None:
    """The result of sending a row in again, None when it never was. Three queries for each time it was sent."""
    sent = row.resent_as
    if sent is None:
        return None
    number = QuarantinedRow.objects.filter(resent_as=sent, row__lt=row.row).count() + 1
    again = (
        quarantined_rows(viewer).select_related("resent_as__run").filter(delivery=sent, row=number).first()
    )
    if again and again.state == RowState.TAKEN:
        return what_became_of(viewer, again)
    record = records_of(sent).filter(row=number).first() if sent.state == DeliveryState.APPLIED else None
    return Resent(
        delivery=sent,
        is_at_work=is_at_work(sent),
        customer=record.party.customer if record else None,
        outcome=_outcome(sent, record),
        again=again,
    )


def _outcome(sent: Delivery, record: SourceRecord | None) -> str:
    """new, joined, updated or unchanged, a lone row's only count; rows sent together are parts of customers."""
    if sent.received > 1:
        return "updated" if record else "unchanged"
    return next((name for name in ("new", "joined", "updated", "unchanged") if getattr(sent, name)), "")
