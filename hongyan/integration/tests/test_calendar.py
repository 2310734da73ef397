"""The delivery calendar: what is due when, what came, what is late or missing (UI, REQUIREMENTS 5.5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock
from hongyan.core.models import CalendarDay
from hongyan.core.workdays import Workdays
from hongyan.customer.tests.factory import HEAD
from hongyan.integration.codes import Channel, Connection, DeliveryState
from hongyan.integration.descriptors import Calendar, Descriptor, find_descriptor
from hongyan.integration.models import Delivery, SystemState
from hongyan.integration.queries.calendar import (
    Arrival,
    Came,
    DeliveryCalendar,
    Slot,
    delivery_calendar,
    due_of,
    expected_kinds,
    slot_of,
)
from hongyan.integration.tests.console import browser, make_stewards

DAY = date(2026, 11, 19)
DUE = datetime(2026, 11, 20, 2, 0, tzinfo=clock.BUSINESS_ZONE)
GRACE = timedelta(minutes=120)
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def came(*kinds: str, hours: float = -1, is_refused: bool = False) -> Came:
    """A file some hours after it was due."""
    return Came("D00000001", frozenset(kinds), DUE + timedelta(hours=hours), is_refused)


def slot(*files: Came, kinds: Collection[str] = ("A", "B"), hours: float = 24) -> Slot:
    """How the day stands some hours after its files were due."""
    now = DUE + timedelta(hours=hours)
    return slot_of(DAY, due=DUE, kinds=kinds, came=files, grace=GRACE, now=now)


@pytest.mark.parametrize(
    ("shown", "arrival"),
    [
        (slot(came("A"), came("B")), Arrival.ARRIVED),
        (slot(came("A", "B")), Arrival.ARRIVED),
        (slot(came("A"), came("B", hours=1.9)), Arrival.ARRIVED),
        (slot(came("A"), came("B", hours=2.1)), Arrival.LATE),
        (slot(came("A"), came("B"), came("A", hours=9)), Arrival.ARRIVED),
        (slot(came("A")), Arrival.MISSING),
        (slot(came("A"), came("B", is_refused=True)), Arrival.MISSING),
        (slot(came("A"), came("B", is_refused=True), came("B", hours=3)), Arrival.LATE),
        (slot(hours=1), Arrival.EXPECTED),
        (slot(hours=2.1), Arrival.MISSING),
        (slot(kinds=()), Arrival.NONE),
        (slot(came("A"), kinds=()), Arrival.ARRIVED),
    ],
)
def test_how_a_day_stands(shown: Slot, arrival: Arrival) -> None:
    assert shown.arrival is arrival


def test_a_slot_counts_good_kinds_and_refused_files() -> None:
    shown = slot(came("A"), came("B", is_refused=True))

    assert (shown.good, shown.expected, shown.refused) == (1, 2, 1)


def kgc() -> Descriptor:
    found = find_descriptor("kgc")
    assert found is not None
    return found


def test_a_file_is_due_the_next_day_at_the_hour_of_its_system() -> None:
    assert due_of(kgc(), DAY) == DUE


@pytest.mark.parametrize(
    ("calendar", "day", "delivers"),
    [
        (Calendar.DAILY, date(2026, 11, 22), True),
        (Calendar.WORKDAYS, date(2026, 11, 20), True),
        (Calendar.WORKDAYS, date(2026, 11, 22), False),
        (Calendar.WORKDAYS, date(2026, 11, 21), True),
        (Calendar.MONTHLY, date(2026, 11, 30), True),
        (Calendar.MONTHLY, date(2026, 11, 29), False),
    ],
)
def test_which_days_bring_files(calendar: Calendar, day: date, delivers: bool) -> None:
    """Saturday the 21st is a make-up day in this calendar."""
    from dataclasses import replace

    days = Workdays({date(2026, 11, 21): True}, frozenset({2026}))
    kinds = expected_kinds(replace(kgc(), calendar=calendar), day, days)
    assert kinds == (("CUST", "CONT", "ADDR") if delivers else ())


# --- the page


@pytest.fixture
def people(db: None) -> None:
    make_stewards()


def deliver(day: date, *kinds: str, at: datetime | None = None, state: str = DeliveryState.APPLIED) -> None:
    """Files of the old customer system for a business day; a refused one has no day yet."""
    for kind in kinds:
        Delivery.objects.create(
            system="kgc",
            kind=kind,
            file_name=f"KG_{kind}_{day:%Y%m%d}.txt",
            digest=f"{day}{kind}{state}",
            size=1,
            channel=Channel.DROP,
            state=state,
            received_at=at or datetime(day.year, day.month, day.day, 15, 0, tzinfo=UTC),
            received_by="system:intake",
            business_date=None if state == DeliveryState.REFUSED else day,
        )


def row_of(shown: DeliveryCalendar, system: str = "kgc") -> list[str]:
    (found,) = (one for one in shown.systems if one.descriptor.code == system)
    return [str(one.arrival) for one in found.slots]


@pytest.mark.usefixtures("people")
def test_the_last_days_of_a_system() -> None:
    kinds = ("CUST", "CONT", "ADDR")
    with clock.frozen(NOW):
        deliver(date(2026, 11, 17), *kinds)
        deliver(date(2026, 11, 18), "CUST", "CONT")
        deliver(date(2026, 11, 18), "ADDR", at=NOW)
        deliver(date(2026, 11, 19), "CUST", "CONT")
        deliver(date(2026, 11, 19), "ADDR", state=DeliveryState.REFUSED)
        deliver(date(2026, 11, 21), *kinds)
        shown = delivery_calendar()

    assert row_of(shown)[-7:] == ["none", "arrived", "late", "missing", "missing", "arrived", "expected"]
    assert shown.count(Arrival.MISSING) == 2
    (refused,) = (one for one in shown.systems if one.descriptor.code == "kgc")
    assert refused.slots[-4].refused == 1
    assert set(row_of(shown, "jiyou")) == {"none"}, "what never delivered anything cannot be late"


@pytest.mark.usefixtures("people")
def test_a_system_that_is_not_connected_expects_nothing() -> None:
    with clock.frozen(NOW):
        deliver(date(2026, 11, 17), "CUST")
        SystemState.objects.create(code="kgc", connection=Connection.OFF, updated_at=NOW, updated_by="x")
        assert row_of(delivery_calendar())[-6:] == ["arrived", "none", "none", "none", "none", "none"]


@pytest.mark.usefixtures("people")
def test_the_page_costs_the_same_however_many_files(client: Client) -> None:
    head = browser(HEAD)
    costs = []
    with clock.frozen(NOW):
        for day in (date(2026, 11, 17), date(2026, 11, 18)):
            deliver(day, "CUST", "CONT", "ADDR")
            CalendarDay.objects.create(
                day=day, is_working=True, source="person", updated_at=NOW, updated_by="x"
            )
            with CaptureQueriesContext(connection) as captured:
                assert head.get("/intake/calendar/").status_code == 200
            costs.append(len(captured))
    assert costs[0] == costs[1] <= 16  # savepoints of the test among them
