"""The timeline of a customer: all rooms in one stream, chips, paging, what is due on top, walls (V36-005, X-17)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import strip_tags

from hongyan.classes.actions.classify import classify
from hongyan.consent.tests.factory import agrees, publish_all, takes_back
from hongyan.core import clock, scope
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Kind
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import (
    LI,
    LIXIA_OUTLET,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_town,
    take,
    viewer,
)
from hongyan.customer.tests.merging import XU, make_stewards, walk_in
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.ledger.codes import FactKind, HoldingKind
from hongyan.ledger.parameters import NOTABLE_YUAN
from hongyan.ledger.tests.factory import book_rows, hold, sell
from hongyan.lifecycle.tests.applying import approve
from hongyan.org.codes import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(db: None, client: Client) -> Client:
    make_town()
    publish_all()
    return log_in(client, ZHANG)


def tab(name: str = "王小明", query: str = "") -> str:
    return f"/customers/{code_of(name)}/timeline/{query}"


def note(client: Client, text: str, name: str = "王小明") -> None:
    assert client.post(f"/records/customer/{code_of(name)}/notes/new/", {"text": text}).status_code == 302


def entries(client: Client, address: str) -> list[str]:
    """Each entry in plain words, in the order of the page."""
    page = client.get(address)
    assert page.status_code == 200
    found = re.findall(r'<li class="timeline-entry.*?</li>', page.content.decode(), re.DOTALL)
    return [" ".join(strip_tags(one).split()) for one in found]


def test_what_all_rooms_know_stands_in_one_stream_by_time(zhang: Client) -> None:
    book_rows(
        FactKind.TRANSACTION,
        sell("S1", "9999.99"),
        sell("S2", "10000.00"),
        sell("S3", "88000.00", event_time="2026-10-06T10:00:00"),
        system="kgc",
    )
    for day in (date(2026, 10, 3), date(2026, 11, 22)):
        with scope.bulk():
            classify(day, by="system:test")
    agrees("王小明", "marketing", "04", "sms")
    takes_back("王小明")
    note(zhang, "爱喝茶")
    shown = entries(zhang, tab())
    at = [
        next(n for n, one in enumerate(shown) if word in one)
        for word in ("爱喝茶", "撤回", "88,000.00", "10,000.00")
    ]
    assert at == sorted(at)
    assert not any("9,999.99" in one for one in shown)
    assert any(one.startswith("管户邮务 · ") for one in shown)
    assert any(one.startswith("分类") and "→" in one for one in shown)
    assert queries_of(zhang, tab()) <= MOST_QUERIES

    set_value(NOTABLE_YUAN, "50000")
    assert not any("10,000.00" in one for one in entries(zhang, tab()))


def test_a_fact_that_was_reversed_is_told_no_more(zhang: Client) -> None:
    book_rows(FactKind.TRANSACTION, sell("S1", "20000.00"), system="kgc")
    book_rows(FactKind.TRANSACTION, sell("S1", "30000.00", version=2), system="kgc", delivery_id=2)
    shown = entries(zhang, tab(query="?kinds=transaction"))
    assert len(shown) == 1
    assert "30,000.00" in shown[0]


def test_chips_choose_streams_in_the_address(zhang: Client) -> None:
    note(zhang, "爱喝茶")
    agrees("王小明", "marketing", "04", "sms")
    both = entries(zhang, tab(query="?kinds=note,consent"))
    assert (len(both), "爱喝茶" in both[0] + both[1]) == (2, True)
    assert len(entries(zhang, tab(query="?kinds=note"))) == 1
    assert entries(zhang, tab(query="?kinds=nonsense")) == entries(zhang, tab())
    page = zhang.get(tab(query="?kinds=contact")).content.decode()
    assert 'class="stream-chip is-on" href="?" aria-current="true"' in page  # the same chip takes it away
    assert 'href="?kinds=contact,business"' in page
    assert entries(zhang, tab(query="?kinds=contact")) == entries(zhang, tab(query="?kinds=note"))


def test_pages_by_key_show_everything_once(zhang: Client) -> None:
    for number in range(65):
        note(zhang, f"第{number:02}次")
    seen, address, back = [], tab(query="?kinds=note"), ""
    while address:
        seen += entries(zhang, address)
        page = zhang.get(address).content.decode()
        found = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', page)
        back = (re.search(r'href="(\?[^"]*before=[^"]*)" rel="prev"', page) or ["", ""])[1]
        address = tab(query=found[1].replace("&amp;", "&")) if found else ""
    assert [re.findall(r"第\d\d次", one)[0] for one in seen] == [
        f"第{number:02}次" for number in range(64, -1, -1)
    ]
    assert entries(zhang, tab(query=back.replace("&amp;", "&"))) == seen[30:60]
    assert "已回到第一页" in zhang.get(tab(query="?after=bm8")).content.decode()


def test_what_is_due_stands_on_top_until_it_is_done(zhang: Client) -> None:
    today = clock.business_date()
    take(Given("孙储蓄", "B1", system="psb", line=Line.MAIL, kind=Kind.FINANCIAL, unit=LIXIA_OUTLET))
    for number, days in (("6217000012345671", 30), ("6217000012345672", 400), ("6217000012345673", -3)):
        hold(
            number,
            "B1",
            line="01",
            kind=HoldingKind.DEPOSIT,
            amount=5000,
            matures_on=today + timedelta(days=days),
        )
    page = zhang.get(tab("孙储蓄")).content.decode()
    due = page.partition('class="events is-due"')[2].partition("</ol>")[0]
    assert [len(due.split("timeline-entry")) - 1, due.count("tone-bad"), due.count("tone-warn")] == [2, 1, 1]
    assert "12345672" not in due
    assert due.index("tone-bad") < due.index("tone-warn")


def test_an_application_waits_on_top_and_is_told_when_decided(zhang: Client) -> None:
    form = {"line": "01", "reason": "法院要求", "key": str(uuid4())}
    assert zhang.post(f"/applications/for/{code_of('王小明')}/freeze/", form).status_code == 302
    page = zhang.get(tab()).content.decode()
    assert "冻结" in page.partition('class="events is-due"')[2].partition("</ol>")[0]
    approve()
    page = zhang.get(tab(query="?kinds=application")).content.decode()
    assert "is-due" not in page
    assert "邮务 · 已通过" in page


def test_business_of_other_lines_is_not_told(zhang: Client) -> None:
    take(Given("孙储蓄", "B1", system="psb", line=Line.BANK, kind=Kind.FINANCIAL, unit=LIXIA_OUTLET))
    hold("6217000012345678", "B1", opened_on=clock.business_date())
    book_rows(FactKind.TRANSACTION, sell("S9", "70000.00", "B1"), system="psb", line="03")
    zhang.post(f"/customers/{code_of('孙储蓄')}/purpose/", {"purpose": "service", "note": "办理业务"})
    shown = entries(zhang, tab("孙储蓄"))
    assert shown
    assert not any("70,000.00" in one or "账户" in one for one in shown)


def test_nobody_out_of_scope_reads_it(zhang: Client) -> None:
    note(zhang, "爱喝茶")
    assert log_in(Client(), LI).get(tab()).status_code == 404


def test_a_merge_brings_the_others_stream_and_a_split_parts_them(zhang: Client) -> None:
    make_stewards()
    take(walk_in("孙一", "1"), walk_in("孙二", "2"))
    note(zhang, "另一位的备注", "孙二")
    steward, survivor, absorbed = viewer(XU), code_of("孙一"), code_of("孙二")
    with scope.acting(steward.scope):
        row = merge(steward, survivor, absorbed, reason="同一人", choices=Choices({}, {}))
    shown = entries(zhang, f"/customers/{survivor}/timeline/")
    assert any("另一位的备注" in one for one in shown)
    with scope.acting(steward.scope):
        split(steward, row.pk, reason="不是同一人")
    assert not any("另一位的备注" in one for one in entries(zhang, f"/customers/{survivor}/timeline/"))
    assert any("另一位的备注" in one for one in entries(zhang, f"/customers/{absorbed}/timeline/"))
