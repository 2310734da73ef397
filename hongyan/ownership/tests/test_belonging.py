"""To which outlet customers of the bank belong: found from balances, confirmed by heads (PSB-009, PSB-010, X-03)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind
from hongyan.customer.models import Ownership
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    LIXIA_OUTLET,
    TESTER,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    take,
    viewer,
)
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, hold
from hongyan.org.actions.approvals import decide
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Line, Role, Verdict
from hongyan.org.models import Approval
from hongyan.org.tests.factory import post_row, unit_row
from hongyan.ownership.actions.belong import belong
from hongyan.ownership.models import Belonging
from hongyan.ownership.tests.people import CULTURE_OUTLET, make_people, run_job, told, transfer

pytestmark = pytest.mark.django_db

NANJING_OUTLET = "320102001"
FANG, GAO = "fang", "gao"
"""Heads in the bank's line: of 历下, of the city."""

TODAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bank(db: None) -> Iterator[None]:
    make_people()
    with scope.bulk():
        units = [
            unit_row("3200", "江苏省分公司", Level.PROVINCE, "1000", row=2),
            unit_row("3201", "南京市分公司", Level.CITY, "3200", row=3),
            unit_row("320102", "玄武县分公司", Level.COUNTY, "3201", row=4),
            unit_row(NANJING_OUTLET, "珠江路支局", Level.OUTLET, "320102", row=5),
        ]
        take_in_units(units, actor=TESTER)
        heads = [
            post_row(FANG, "方圆", "370102", Role.COUNTY_HEAD, line_codes=(Line.BANK,), row=2),
            post_row(GAO, "高山", "3701", Role.CITY_ADMIN, line_codes=(Line.BANK,), row=3),
        ]
        take_in_posts(heads, actor=TESTER)
    with clock.frozen(TODAY):
        yield


def customer(name: str, key: str, *, manager: str = ZHANG) -> str:
    """A customer of the bank who belongs to 泉城路 until now."""
    take(Given(name, key, system="psb", line=Line.BANK, kind=Kind.FINANCIAL, manager=manager))
    return code_of(name)


def account(
    number: str,
    key: str,
    unit: str,
    *,
    assets: str = "",
    liabilities: str = "",
    opened: date = date(2020, 1, 1),
    day: date = date(2026, 7, 1),
) -> None:
    """An account at an outlet with what it stood at from a day on."""
    hold(number, key, unit_code=unit, opened_on=opened)
    rows = [(assets, "A"), (liabilities, "L")]
    stated = [
        {"account": number, "amount": amount, "kind": kind, "business_date": day}
        for amount, kind in rows
        if amount
    ]
    for row in stated:
        book_rows(FactKind.BALANCE, row, system="psb", line="03")


def found() -> dict[str, Any]:
    """What a run finds."""
    return asdict(belong(date(2026, 11, 23)))


def proposals() -> dict[str, tuple[str, int, str]]:
    with scope.bulk():
        rows = Belonging.objects.select_related("customer", "to_unit").order_by("id")
        return {row.customer.name: (row.to_unit.code, row.step, row.state) for row in rows}


def owner_of(code: str) -> Ownership:
    with scope.bulk():
        return Ownership.objects.select_related("unit", "manager").get(customer__code=code, until=None)


@contextmanager
def acting(staff_no: str) -> Iterator[Any]:
    one = viewer(staff_no)
    with scope.acting(one.scope):
        yield one


def _two(
    name: str, key: str, other: str, *, second: str = "60000.00", opened: date = date(2021, 1, 1)
) -> str:
    """Assets and liabilities of 90,000 at 泉城路 and at another outlet; assets of 40,000, and of `second` there."""
    code = customer(name, key)
    account(f"6217{key}01", key, LIXIA_OUTLET, assets="40000.00", liabilities="50000.00")
    rest = f"{90000 - float(second):.2f}"
    account(f"6217{key}02", key, other, assets=second, liabilities=rest, opened=opened)
    return code


def test_example_01_belonging_follows_the_three_steps_between_provinces_and_inside_one() -> None:
    """Acceptance example 1: equal assets plus liabilities, so the larger assets decide; then the earliest account."""
    _two("王甲", "1", NANJING_OUTLET)
    _two("王乙", "2", CULTURE_OUTLET)
    _two("王丙", "3", NANJING_OUTLET, second="40000.00", opened=date(2019, 1, 1))
    _two("王丁", "4", NANJING_OUTLET, second="40000.00", opened=date(2021, 1, 1))
    _two("王戊", "5", NANJING_OUTLET, second="40000.00", opened=date(2020, 1, 1))
    answer = found()
    assert proposals() == {
        "王甲": (NANJING_OUTLET, 2, "open"),
        "王乙": (CULTURE_OUTLET, 2, "open"),
        "王丙": (NANJING_OUTLET, 3, "open"),
        "王戊": (NANJING_OUTLET, 4, "open"),
    }
    assert {key: answer[key] for key in ("first", "last", "asked", "proposed", "ties", "outdated")} == {
        "first": date(2026, 8, 1), "last": date(2026, 10, 31), "asked": 5, "proposed": 4, "ties": 1, "outdated": 0,
    }  # fmt: skip
    with scope.bulk():
        assert AuditEvent.objects.get(act="ownership.find_belonging").after["ties"] == 1
        first = Belonging.objects.get(customer__name="王甲")
    assert [(one["code"], one["total"], one["assets"]) for one in first.figures] == [
        (NANJING_OUTLET, "90000.00", "60000.00"), (LIXIA_OUTLET, "90000.00", "40000.00"),
    ]  # fmt: skip


def test_averages_are_of_the_days_of_the_window() -> None:
    """A balance holds until the next one; what comes after the window does not count."""
    customer("王甲", "1")
    account("62170001", "1", LIXIA_OUTLET, assets="1000.00")
    account("62170002", "1", CULTURE_OUTLET, assets="9200.00", day=date(2026, 10, 31))
    account("62170003", "1", HUAIYIN_OUTLET, assets="999999.00", day=date(2026, 11, 1))
    found()
    assert proposals() == {}, "1,000 over 92 days against 9,200 on one"
    account("62170004", "1", CULTURE_OUTLET, assets="46000.00", day=date(2026, 10, 30))
    found()
    assert proposals() == {"王甲": (CULTURE_OUTLET, 1, "open")}
    with scope.bulk():
        figures = Belonging.objects.get().figures
    assert [(one["code"], one["total"]) for one in figures] == [
        (CULTURE_OUTLET, "1100.00"), (LIXIA_OUTLET, "1000.00"), (HUAIYIN_OUTLET, "0.00"),
    ]  # fmt: skip


def test_run_again_it_changes_nothing_and_what_does_not_hold_any_more_is_outdated() -> None:
    _two("王甲", "1", CULTURE_OUTLET)
    found()
    assert found()["proposed"] == 1
    assert proposals() == {"王甲": (CULTURE_OUTLET, 2, "open")}
    account("62170099", "1", LIXIA_OUTLET, assets="1.00")
    assert found()["outdated"] == 1
    assert proposals() == {"王甲": (CULTURE_OUTLET, 2, "outdated")}


def test_the_head_of_both_outlets_confirms_all_and_can_undo_it() -> None:
    code, other = _two("王甲", "1", CULTURE_OUTLET), _two("王乙", "2", CULTURE_OUTLET)
    found()
    fang = log_in(Client(), FANG)
    page = fang.get("/ownership/belonging/?state=open").content.decode()
    assert "王甲" in page
    assert "日均资产负债相同，日均资产最大" in page
    answer = fang.post("/ownership/belonging/confirm/", {"scope": "all", "query": "state=open"})
    assert answer["Location"] == f"/ownership/changes/{transfer().pk}/"
    assert owner_of(code).unit.code == LIXIA_OUTLET, "the job does it"
    run_job()
    for one in (code, other):
        owner = owner_of(one)
        assert (owner.unit.code, owner.manager, owner.reason, owner.by) == (
            CULTURE_OUTLET,
            None,
            "belong",
            FANG,
        )
    assert proposals()["王甲"] == (CULTURE_OUTLET, 2, "taken")
    assert "ownership.lost" in told(ZHANG)
    assert found()["proposed"] == 0
    assert fang.post(f"/ownership/changes/{transfer().pk}/undo/").status_code == 302
    run_job()
    assert owner_of(code).manager.staff_no == ZHANG
    found()
    assert proposals()["王甲"] == (CULTURE_OUTLET, 2, "taken"), "decided for these months"


def test_to_an_outlet_that_is_not_theirs_the_head_above_both_agrees() -> None:
    code = _two("王甲", "1", HUAIYIN_OUTLET)
    found()
    fang = log_in(Client(), FANG)
    row = _only()
    answer = fang.post("/ownership/belonging/confirm/", {"ids": [str(row.pk)]})
    assert answer["Location"] == "/ownership/belonging/?state=open"
    assert owner_of(code).unit.code == LIXIA_OUTLET
    request = Approval.objects.get(kind="owner_city")
    with acting(GAO) as gao:
        decide(gao, request.pk, Verdict.APPROVE)
    assert owner_of(code).unit.code == HUAIYIN_OUTLET
    assert fang.post(f"/ownership/changes/{transfer().pk}/undo/").status_code in {404, 409}
    assert owner_of(code).unit.code == HUAIYIN_OUTLET


def _only() -> Belonging:
    with scope.bulk():
        return Belonging.objects.get()


def test_what_is_declined_stays_and_is_not_proposed_again() -> None:
    code = _two("王甲", "1", CULTURE_OUTLET)
    found()
    fang, row = log_in(Client(), FANG), _only()
    address = f"/ownership/belonging/{row.pk}/"
    page = fang.get(address).content.decode()
    for text in (
        "¥90,000.00",
        "¥60,000.00",
        f'href="#outlet-{CULTURE_OUTLET}"',
        f'id="outlet-{CULTURE_OUTLET}"',
    ):
        assert text in page, text
    assert f"/customers/{code}/business/#holding-" in page
    assert fang.post(f"{address}decline/", {"reason": ""}).status_code == 422
    assert fang.post(f"{address}decline/", {"reason": "客户要求留下"}).status_code == 302
    assert fang.post(f"{address}decline/", {"reason": "客户要求留下"}).status_code == 409
    found()
    assert proposals()["王甲"] == (CULTURE_OUTLET, 2, "declined")
    assert owner_of(code).unit.code == LIXIA_OUTLET
    assert fang.post("/ownership/belonging/confirm/", {"ids": [str(row.pk)]}).status_code == 422


def test_somebody_faster_is_not_overruled() -> None:
    code = _two("王甲", "1", CULTURE_OUTLET)
    found()
    fang = log_in(Client(), FANG)
    address = f"/ownership/customers/{code}/03/dissolve/"
    seen = fang.get(address).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert fang.post(address, {"reason": "调整", "seen": seen}).status_code == 302
    fang.post("/ownership/belonging/confirm/", {"ids": [str(_only().pk)]})
    assert (owner_of(code).unit.code, proposals()["王甲"][2]) == (LIXIA_OUTLET, "outdated")


def test_posts_of_other_lines_managers_and_other_counties_see_nothing() -> None:
    _two("王甲", "1", CULTURE_OUTLET)
    found()
    row = _only()
    for who, status in ((WANG, 404), (ZHANG, 403)):
        client = log_in(Client(), who)
        assert client.get(f"/ownership/belonging/{row.pk}/").status_code == status
        assert "王甲" not in client.get("/ownership/belonging/").content.decode()
        assert client.post("/ownership/belonging/confirm/", {"ids": [str(row.pk)]}).status_code in {403, 422}
    assert _only().state == "open"


def test_pages_cost_no_more_with_more_rows(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(1, 4):
        _two("王" + "甲乙丙丁"[number], str(number), CULTURE_OUTLET)
    found()
    fang = log_in(Client(), FANG)
    with scope.bulk():
        row = Belonging.objects.latest("pk")
    for path in ("/ownership/belonging/?state=open", f"/ownership/belonging/{row.pk}/"):
        fang.get(path)
        with django_assert_max_num_queries(12):
            assert fang.get(path).status_code == 200, path
