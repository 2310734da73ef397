"""The view of behaviour: rhythm, days, hours, ways and places (V36-005)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock
from hongyan.customer.codes import Kind
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, LIXIA_OUTLET, ZHANG, Given, code_of, log_in, make_town, take
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.ledger.codes import FactKind
from hongyan.ledger.parameters import SILENT_FACTOR
from hongyan.ledger.rules.rhythm import rhythm_of
from hongyan.ledger.tests.factory import book_rows, sell
from hongyan.org.codes import Line

DAY = st.dates(date(2025, 1, 1), date(2026, 11, 22))


@given(st.lists(DAY, max_size=30), st.integers(0, 400))
def test_a_rhythm_counts_each_day_once_and_a_longer_silence_is_no_less_silent(
    days: list[date], more: int
) -> None:
    today = date(2026, 11, 22)
    found = rhythm_of(days, today, factor=3, least=14)
    assert found == rhythm_of(days * 2, today, factor=3, least=14)
    if found is None:
        assert not days
        return
    later = rhythm_of(days, today + timedelta(days=more), factor=3, least=14)
    assert later
    assert (later.gap, later.since) == (found.gap, found.since + more)
    assert later.is_silent or not found.is_silent


@pytest.fixture
def zhang(db: None, client: Client) -> Client:
    make_town()
    return log_in(client, ZHANG)


def sold(number: str, day: date, hour: int, **more: str) -> dict[str, object]:
    return sell(number, "10.00", business_date=day, event_time=f"{day}T{hour:02}:30:00", **more)


def tab(name: str = "王小明") -> str:
    return f"/customers/{code_of(name)}/behaviour/"


def test_habits_are_told_in_days_hours_ways_and_places(zhang: Client) -> None:
    monday = clock.business_date() - timedelta(days=clock.business_date().weekday() + 28)
    book_rows(
        FactKind.TRANSACTION,
        sold("S1", monday, 9, channel="1"),
        sold("S2", monday + timedelta(days=7), 10, channel="1"),
        sold("S3", monday + timedelta(days=14), 12, channel="3"),
        system="kgc",
    )
    book_rows(
        FactKind.MAIL_ITEM,
        {
            "number": "M1",
            "key": "K1",
            "business_date": monday,
            "event_time": f"{monday}T18:00:00",
            "pickup_mode": "1",
        },
        system="kgc",
    )
    panel = zhang.get(tab()).context["panel"]
    weekdays, hours = (chart.series[0].values for chart in panel.charts)
    assert list(weekdays) == [4, 0, 0, 0, 0, 0, 0]
    assert list(hours) == [0, 2, 1, 0, 1]
    assert [(str(one.label), one.percent) for one in panel.ways] == [
        ("交易 · 柜面", 50), ("交易 · 手机", 25), ("寄递 · 上门", 25),
    ]  # fmt: skip
    assert (panel.rhythm.days, panel.rhythm.gap, panel.rhythm.is_silent) == (3, 7, False)
    assert "通常每 7 天一次" in panel.silence
    set_value(SILENT_FACTOR, "1")
    assert "比平时安静" in zhang.get(tab()).content.decode()
    assert queries_of(zhang, tab()) <= MOST_QUERIES


def test_a_reversed_sale_is_no_habit(zhang: Client) -> None:
    day = clock.business_date()
    book_rows(FactKind.TRANSACTION, sold("S1", day, 9), system="kgc")
    book_rows(FactKind.TRANSACTION, sold("S1", day, 15, version=2), system="kgc", delivery_id=2)
    panel = zhang.get(tab()).context["panel"]
    assert list(panel.charts[1].series[0].values) == [0, 0, 0, 1, 0]


def test_what_one_may_not_see_is_left_out_and_nothing_is_not_zero(zhang: Client) -> None:
    take(Given("孙储蓄", "B1", system="psb", line=Line.BANK, kind=Kind.FINANCIAL, unit=LIXIA_OUTLET))
    day = clock.business_date()
    book_rows(FactKind.TRANSACTION, sell("S9", "70.00", "B1", business_date=day), system="psb", line="03")
    zhang.post(f"/customers/{code_of('孙储蓄')}/purpose/", {"purpose": "service", "note": "办理业务"})
    page = zhang.get(tab("孙储蓄"))
    assert page.context["panel"].rhythm is None
    assert "近 180 天没有业务" in page.content.decode()
    assert "只计您的岗位能看到的板块" in page.content.decode()
    assert log_in(Client(), LI).get(tab()).status_code == 404
