"""Source systems at a glance: what their descriptors say, what people say about them, what came in lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import lru_cache

from django.db.models import Count, Max, OuterRef, Q, Subquery

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.integration.codes import Channel, Connection, DeliveryState, RowState
from hongyan.integration.descriptors import Descriptor, all_descriptors, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow, SystemState
from hongyan.org.codes import Tree, Viewer
from hongyan.org.models import Place, Unit
from hongyan.org.queries.tree import visible_places

SHOWN_DELIVERIES = 10
_CONNECTIONS_KEPT_S = 30


@dataclass(frozen=True, slots=True)
class Today:
    """Files since midnight: received, of these applied, waiting for a person, refused."""

    received: int = 0
    applied: int = 0
    waiting: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class SystemOverview:
    """One source system.

    `open_rows` are quarantined rows in the viewer's scope; `is_late`: today's file is due; `home` is the name of the
    unit the system delivers for, on its own page only, empty for the group.
    """

    descriptor: Descriptor
    connection: Connection
    note: str = ""
    state: SystemState | None = None
    last: Delivery | None = None
    open_rows: int = 0
    today: Today = field(default_factory=Today)
    is_late: bool = False
    home: str = ""

    @property
    def unit_code(self) -> str:
        """Code of the unit the system delivers for; empty for the group."""
        return self.state.unit_code if self.state else ""

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
    name = Unit.objects.filter(code=OuterRef("unit_code")).values("short_name")
    state = SystemState.objects.annotate(home=Subquery(name)).filter(code=code).first()
    shown = _overview(descriptor, state, _last_deliveries(), _open_rows(viewer), _today())
    return replace(shown, home=(state.home or shown.unit_code) if state else "")


def connections() -> Sequence[tuple[Descriptor, Connection]]:
    """Every connector with its connection as people last stated it, by code.

    Kept in memory for half a minute, since every customer's page asks and people state it a few times a year.
    """
    return _connections(int(clock.now().timestamp()) // _CONNECTIONS_KEPT_S)


@lru_cache(maxsize=1)
def _connections(_half_minute: int) -> Sequence[tuple[Descriptor, Connection]]:
    stated = dict(SystemState.objects.values_list("code", "connection"))
    return [(one, Connection(stated.get(one.code, one.connection))) for one in all_descriptors()]


def forget_connections() -> None:
    """Ask anew next time: somebody stated a connection."""
    _connections.cache_clear()


def recent_deliveries(descriptor: Descriptor) -> Sequence[Delivery]:
    """The last files of a system, newest first, without resent rows."""
    found = Delivery.objects.filter(system=descriptor.code).exclude(channel=Channel.RESEND)
    return list(found.order_by("-received_at", "-id")[:SHOWN_DELIVERIES])


def home_of(system: str, sender_no: int) -> int:
    """Organisation number of the unit whose rows of no known unit are: the sender's or the one the system delivers for.

    The narrower of the two: what a county sends is the county's, what the group sends for a province is the
    province's. `sender_no` is 0 for a process; the result is 0 where neither is known, which only the group sees.
    """
    code = served_unit(system)
    served = find_seat(code) if code else None
    sender = Place.objects.filter(lo=sender_no).first() if sender_no else None
    if served and (sender is None or sender.scope.covers(served.lo)):
        return served.lo
    return sender_no


def served_unit(system: str) -> str:
    """Code of the unit a system delivers for; empty for the group."""
    return SystemState.objects.filter(code=system).values_list("unit_code", flat=True).first() or ""


def find_seat(code: str) -> Place | None:
    """Where a unit stands: in the postal tree, or else in the bank's; None for an unknown unit."""
    return min(
        Place.objects.select_related("unit").filter(unit__code=code),
        key=lambda place: place.tree != Tree.POSTAL,
        default=None,
    )


def sees_home(viewer: Viewer, code: str) -> bool:
    """Whether the unit of this code, empty for the group, lies in the viewer's scope."""
    return visible_places(viewer).filter(unit__code=code).exists() if code else viewer.scope.everything


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
