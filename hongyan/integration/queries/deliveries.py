"""Deliveries and what became of their rows. The ledger holds nothing personal: whoever may read intake reads it.

How many rows a file has is for those whose rows they are: see `sees_counts`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hongyan.core.errors import NotFound
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.models import Link, SourceRecord
from hongyan.integration.codes import DeliveryState, RowState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.org.codes import Level, Right, Viewer

_NUMBER = re.compile(r"[Dd]?0*(\d{1,15})")
_ENDED_RUNS = frozenset({JobRun.State.FAILED, JobRun.State.CANCELLED, JobRun.State.DONE})
_AT_WORK = frozenset({DeliveryState.RECEIVED, DeliveryState.CHECKING, DeliveryState.APPLYING})


def find_delivery(number: str) -> Delivery:
    """A delivery by its public number (D00000012), the D and zeros may be left out. Errors: NotFound."""
    found = _NUMBER.fullmatch(number.strip())
    deliveries = Delivery.objects.select_related("run", "parent")
    delivery = deliveries.filter(id=int(found[1])).first() if found else None
    if delivery is None:
        raise NotFound("delivery", number)
    return delivery


def deliveries() -> QuerySet[Delivery]:
    """The ledger."""
    return Delivery.objects.select_related("run")


def sees_counts(viewer: Viewer) -> bool:
    """Whether somebody may know how many rows a file has and how they fared.

    A file is a province's: its counts tell a county or an outlet what its neighbours do. They are for posts of a
    province and above, and for whoever signs files; others see what lies in their own range.
    """
    return viewer.level <= Level.PROVINCE or viewer.may(Right.INTAKE_SIGN)


def with_own_rows(rows: QuerySet[Delivery], viewer: Viewer) -> QuerySet[Delivery]:
    """Deliveries with `own_quarantined`, the rows in quarantine that lie in the viewer's range."""
    own = QuarantinedRow.objects.visible_to(viewer).filter(delivery=OuterRef("pk"))
    counted = own.exclude(state=RowState.TAKEN).order_by().values("delivery").annotate(rows=Count("pk"))
    return rows.annotate(own_quarantined=Coalesce(Subquery(counted.values("rows")), 0))


def is_at_work(delivery: Delivery) -> bool:
    """Whether a job checks or loads the delivery, or waits to."""
    return delivery.state in _AT_WORK and not is_stopped(delivery)


def is_stopped(delivery: Delivery) -> bool:
    """Whether work on the delivery ended before its time: cancelled, failed, or begun by a command that was killed."""
    return delivery.state in _AT_WORK and (delivery.run is None or delivery.run.state in _ENDED_RUNS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of a delivery in quarantine that the viewer may see: all of them, and those still open."""

    visible: int
    open: int


def waiting_rows(viewer: Viewer, delivery: Delivery) -> Waiting:
    """How many rows the viewer may see of those that the delivery counts as quarantined. One query."""
    rows = QuarantinedRow.objects.visible_to(viewer).filter(delivery=delivery).exclude(state=RowState.TAKEN)
    counted = rows.aggregate(visible=Count("id"), open=Count("id", filter=Q(state=RowState.OPEN)))
    return Waiting(**counted)


def resends_of(delivery: Delivery) -> Sequence[Delivery]:
    """What came in again for rows of a delivery, newest first, as far as a page shows it."""
    return list(delivery.resends.order_by("-id")[:10])


def history_of(delivery: Delivery) -> Sequence[AuditEvent]:
    """What was done to a delivery, newest first, by people in the reader's range and by the house for a unit there."""
    events = AuditEvent.objects.filter(subject_kind="delivery", subject=delivery.number)
    return list(events.order_by("-at", "-id")[:50])


def records_of(delivery: Delivery) -> QuerySet[SourceRecord]:
    """Source records a delivery brought, as far as the transaction's scope shows them; `outcome` is the link's.

    Rows without change brought no record. The second wall, row-level security, narrows by customer.
    """
    return _records([delivery.id])


def records_with_resends(delivery: Delivery) -> QuerySet[SourceRecord]:
    """The same with the records of rows that were sent again: all that the delivery counts as accepted."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [delivery.id])
        return _records([member for (member,) in cursor.fetchall()])


_FAMILY = """
WITH RECURSIVE family(id) AS (
    SELECT %s::bigint
    UNION ALL
    SELECT child.id FROM integration_delivery child JOIN family ON child.parent_id = family.id
)
SELECT id FROM family
"""


def _records(delivery_ids: Sequence[int]) -> QuerySet[SourceRecord]:
    links = Link.objects.filter(party_id=OuterRef("party_id"), until=None)
    return (
        SourceRecord.objects.filter(delivery_id__in=delivery_ids)
        .annotate(outcome=Subquery(links.values("outcome")[:1]), customer_code=F("party__customer__code"))
        .select_related("party__customer")
        .defer("sealed", "digest")
    )
