"""Source systems at a glance: what their descriptors say, what people say about them, what came in lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db.models import Count, Max, Q

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.integration.codes import Channel, Connection, DeliveryState, RowState
from hongyan.integration.descriptors import Descriptor, all_descriptors, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow, SystemState
from hongyan.org.codes import Viewer

SHOWN_DELIVERIES = 10


@dataclass(frozen=True, slots=True)
class Today:
    """Files since midnight: received, of these applied, waiting for a person, refused."""

    received: int = 0
    applied: int = 0
    waiting: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class SystemOverview:
    """One source system. `open_rows` are quarantined rows in the viewer's scope; `is_late`: today's file is due."""

    descriptor: Descriptor
    connection: Connection
    note: str = ""
    state: SystemState | None = None
    last: Delivery | None = None
    open_rows: int = 0
    today: Today = field(default_factory=Today)
    is_late: bool = False

    @property
    def is_connected(self) -> bool:
        return self.connection is Connection.CONNECTED


def systems(viewer: Viewer) -> list[SystemOverview]:
    """Every connector, by code. Four queries whatever their number."""
    states = SystemState.objects.in_bulk()
    today, last, rows = _today(), _last_deliveries(), _open_rows(viewer)
    return [
        _overview(descriptor, states.get(descriptor.code), last, rows, today)
        for descriptor in all_descriptors()
    ]


def find_system(viewer: Viewer, code: str) -> SystemOverview:
    """One connector. Errors: NotFound."""
    descriptor = find_descriptor(code)
    if descriptor is None:
        raise NotFound("system", code[:20])
    state = SystemState.objects.filter(code=code).first()
    return _overview(descriptor, state, _last_deliveries(), _open_rows(viewer), _today())


def recent_deliveries(descriptor: Descriptor) -> Sequence[Delivery]:
    """The last files of a system, newest first, without resent rows."""
    found = Delivery.objects.filter(system=descriptor.code).exclude(channel=Channel.RESEND)
    return list(found.order_by("-received_at", "-id")[:SHOWN_DELIVERIES])


def _overview(
    descriptor: Descriptor,
    state: SystemState | None,
    last: Mapping[str, Delivery],
    rows: Mapping[str, int],
    today: Mapping[str, Today],
) -> SystemOverview:
    connection = Connection(state.connection) if state else descriptor.connection
    came = today.get(descriptor.code, Today())
    return SystemOverview(
        descriptor=descriptor,
        connection=connection,
        note=state.note if state else "",
        state=state,
        last=last.get(descriptor.code),
        open_rows=rows.get(descriptor.code, 0),
        today=came,
        is_late=connection is Connection.CONNECTED and not came.received and _is_due(descriptor.schedule),
    )


def _is_due(schedule: str) -> bool:
    """Whether the hour at which a system delivers (`02:00`, Shanghai time) has passed today."""
    return bool(schedule) and clock.now().astimezone(clock.BUSINESS_ZONE).time() > time.fromisoformat(
        schedule
    )


def _files() -> Q:
    """Files as systems send them: a resent row is a person's work, not a delivery of the system."""
    return ~Q(channel=Channel.RESEND)


def _last_deliveries() -> dict[str, Delivery]:
    newest = Delivery.objects.filter(_files()).values("system").annotate(newest=Max("id")).values("newest")
    return {delivery.system: delivery for delivery in Delivery.objects.filter(id__in=newest)}


def _open_rows(viewer: Viewer) -> dict[str, int]:
    rows = QuarantinedRow.objects.visible_to(viewer).filter(state=RowState.OPEN)
    return dict(rows.values_list("delivery__system").annotate(count=Count("id")))


def _today() -> dict[str, Today]:
    midnight = datetime.combine(clock.business_date(), time.min, clock.BUSINESS_ZONE)
    counted = (
        Delivery.objects.filter(_files(), received_at__gte=midnight)
        .values_list("system")
        .annotate(
            received=Count("id"),
            applied=Count("id", filter=Q(state=DeliveryState.APPLIED)),
            waiting=Count("id", filter=Q(state=DeliveryState.CHECKED)),
            refused=Count("id", filter=Q(state=DeliveryState.REFUSED)),
        )
    )
    return {system: Today(*counts) for system, *counts in counted}
