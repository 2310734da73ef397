"""The delivery calendar (接入日历): which files of which business day have come, which are late, which are missing.

A file of business day D is due at the system's hour of the next day, give or take `intake.expected_grace_min`. What a
system delivers on which days is in its descriptor; working days are those of the calendar (REF-i03).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Min, Q

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.core.workdays import DAY, Workdays
from hongyan.integration import descriptors
from hongyan.integration.codes import Channel, Connection, DeliveryState
from hongyan.integration.descriptors import Descriptor, all_descriptors, find_descriptor
from hongyan.integration.models import Delivery, SystemState
from hongyan.integration.parameters import EXPECTED_GRACE_MIN

SHOWN_DAYS = 14


class Arrival(StrEnum):
    """How the files of one business day of one system stand."""

    ARRIVED = "arrived"
    LATE = "late"
    EXPECTED = "expected"
    MISSING = "missing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Came:
    """A delivery as far as the calendar counts it; `is_refused`: it was refused or withdrawn, so another must come."""

    number: str
    kinds: frozenset[str]
    at: datetime
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One business day of one system: what came, of how many kinds expected, and when it was due."""

    day: date
    arrival: Arrival
    due: datetime
    came: tuple[Came, ...] = ()
    expected: int = 0

    @property
    def good(self) -> int:
        """Kinds of which a file came that was not refused."""
        return len(_kinds(one for one in self.came if not one.is_refused))

    @property
    def refused(self) -> int:
        return sum(one.is_refused for one in self.came)


@dataclass(frozen=True, slots=True)
class SystemDays:
    """A system's row of the calendar; `since` is the first business day it ever delivered, None for never."""

    descriptor: Descriptor
    connection: Connection
    since: date | None
    slots: tuple[Slot, ...]

    @property
    def newest_first(self) -> tuple[Slot, ...]:
        return self.slots[::-1]


@dataclass(frozen=True, slots=True)
class DeliveryCalendar:
    """The last business days, oldest first, and every system that delivers files."""

    days: tuple[date, ...]
    systems: tuple[SystemDays, ...]

    def count(self, arrival: Arrival) -> int:
        """How many slots stand so."""
        return sum(slot.arrival is arrival for system in self.systems for slot in system.slots)


def delivery_calendar(last: date | None = None) -> DeliveryCalendar:
    """The calendar of the 14 business days up to `last`, today by default. Four queries and a parameter."""
    now = clock.now()
    last = last or clock.business_date(now)
    days = tuple(last - DAY * back for back in range(SHOWN_DAYS - 1, -1, -1))
    states, since, came = SystemState.objects.in_bulk(), _first_days(), _came(days[0], days[-1])
    workdays = Workdays.of({day.year for day in (*days, last + DAY)})
    grace = timedelta(minutes=value_of(EXPECTED_GRACE_MIN))

    def row(descriptor: Descriptor) -> SystemDays:
        code, state = descriptor.code, states.get(descriptor.code)
        connection = Connection(state.connection) if state else descriptor.connection
        first = since.get(code)

        def slot(day: date) -> Slot:
            delivers = connection is Connection.CONNECTED and first is not None and day >= first
            kinds = expected_kinds(descriptor, day, workdays) if delivers else ()
            due = due_of(descriptor, day)
            return slot_of(day, due=due, kinds=kinds, came=came.get((code, day), ()), grace=grace, now=now)

        return SystemDays(descriptor, connection, first, tuple(map(slot, days)))

    filed = (descriptor for descriptor in all_descriptors() if descriptor.medium == "file")
    return DeliveryCalendar(days, tuple(map(row, filed)))


def slot_of(
    day: date, *, due: datetime, kinds: Collection[str], came: Sequence[Came], grace: timedelta, now: datetime
) -> Slot:
    """How one day stands: `kinds` are those expected, none on a day without delivery. Pure."""
    whole = [one for one in came if not one.is_refused]
    wanted = set(kinds)
    if not wanted - _kinds(whole):
        arrival = Arrival.NONE if not (wanted or whole) else Arrival.ARRIVED
        if any(one.at > due + grace for one in _decisive(whole, wanted)):
            arrival = Arrival.LATE
    else:
        arrival = Arrival.EXPECTED if now <= due + grace else Arrival.MISSING
    return Slot(day, arrival, due, tuple(came), len(wanted))


def _kinds(came: Iterable[Came]) -> set[str]:
    return {kind for one in came for kind in one.kinds}


def _decisive(whole: Iterable[Came], wanted: Collection[str]) -> list[Came]:
    """The first good file of each expected kind: a later repetition does not make a day late."""
    first: dict[str, Came] = {}
    for one in sorted(whole, key=lambda came: came.at):
        for kind in one.kinds.intersection(wanted):
            first.setdefault(kind, one)
    return list(first.values())


def due_of(descriptor: Descriptor, day: date) -> datetime:
    """When the file of a business day is due: the next day at the system's hour, Shanghai time."""
    hour = descriptor.due or descriptor.schedule or "23:59"
    return datetime.combine(day + DAY, time.fromisoformat(hour), clock.BUSINESS_ZONE)


def expected_kinds(descriptor: Descriptor, day: date, workdays: Workdays) -> tuple[str, ...]:
    """The kinds a system delivers for a business day; without a word of the descriptor, every kind."""
    match descriptor.calendar:
        case descriptors.Calendar.WORKDAYS:
            delivers = workdays.is_working(day)
        case descriptors.Calendar.MONTHLY:
            delivers = (day + DAY).day == 1
        case _:
            delivers = True
    return (descriptor.expects or tuple(kind.code for kind in descriptor.kinds)) if delivers else ()


def _first_days() -> dict[str, date]:
    first = Delivery.objects.filter(business_date__isnull=False).values_list("system")
    return dict(first.annotate(first=Min("business_date")))


def _came(first: date, last: date) -> Mapping[tuple[str, date], tuple[Came, ...]]:
    """Files of the days from first to last, without resent rows, in the order in which they came.

    A file that was refused before its day was read counts for the day in its name.
    """
    found: defaultdict[tuple[str, date], list[Came]] = defaultdict(list)
    of_the_days = Q(business_date__range=(first, last))
    unread = Q(business_date=None, received_at__gte=datetime.combine(first, time.min, clock.BUSINESS_ZONE))
    files = Delivery.objects.filter(of_the_days | unread).exclude(channel=Channel.RESEND)
    for delivery in files.only("system", "file_name", "state", "business_date", "received_at").order_by("id"):
        descriptor = find_descriptor(delivery.system)
        matched = descriptor.match(delivery.file_name) if descriptor else None
        if matched is None:
            continue
        kinds, named = matched
        day = delivery.business_date or _read_day(named)
        if day is None:
            continue
        is_refused = delivery.state in {DeliveryState.REFUSED, DeliveryState.WITHDRAWN}
        codes = frozenset(kind.code for kind in kinds)
        found[delivery.system, day].append(Came(delivery.number, codes, delivery.received_at, is_refused))
    return {key: tuple(came) for key, came in found.items()}


def _read_day(text: str) -> date | None:
    """The day in a file's name, None when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
