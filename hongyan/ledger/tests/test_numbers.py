"""Finding by number in the search box: items with their senders, agreements, accounts, policies, within every wall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests import factory as people
from hongyan.ledger.codes import FactKind, HoldingKind
from hongyan.ledger.tests.factory import book_rows, hold, sell
from hongyan.ledger.tests.test_pages import TODAY

ITEM = "EB000717618QZ"
DOMESTIC = "9900000064400"
AGREEMENT = "XY37010200000001"
ACCOUNT = "6217000000009876"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def town(db: None) -> Iterator[None]:
    """王小明 sent two items and has an agreement; her account at the bank is of a closed line for the mail's outlet."""
    people.make_town()
    with clock.frozen(TODAY):
        for number in (ITEM, DOMESTIC):
            book_rows(FactKind.MAIL_ITEM, {"number": number, "key": "K1"}, system="kgc", line="02")
        hold(AGREEMENT, "K1", system="kgc", line="02", kind=HoldingKind.AGREEMENT)
        hold(ACCOUNT, "J1", system="jiyou", line="03")
        yield


@pytest.fixture
def zhang(client: Client) -> Client:
    return people.log_in(client, people.ZHANG)


def suggested(client: Client, typed: str) -> list[tuple[str, list[str]]]:
    """Groups of the search box: their label and the titles in them."""
    groups = client.post("/search/suggestions/", {"q": typed}).context["groups"]
    return [(str(group.label), [str(item.title) for item in group.items]) for group in groups]


def test_what_is_shown_by_a_number_counts_as_read(zhang: Client) -> None:
    suggested(zhang, ITEM)
    with transaction.atomic(), scope.bulk():
        assert AuditEvent.objects.filter(act="customer.search").latest("id").count == 2


def entered(client: Client, typed: str) -> str:
    """Where Enter leads."""
    return client.post("/customers/search/", {"q": typed}).headers["Location"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [(ITEM, ITEM), ("eb 000 717 618 qz", ITEM), (DOMESTIC, DOMESTIC), ("99000-00064-400", DOMESTIC)],
)
def test_an_item_is_found_with_its_sender(zhang: Client, typed: str, number: str) -> None:
    assert suggested(zhang, typed) == [("邮件号相符", [number]), ("寄件客户", ["王小明"])]
    assert entered(zhang, typed) == f"/ledger/facts/mail_item/kgc/2026-10-05/{number}/"


@pytest.mark.parametrize("typed", [AGREEMENT, AGREEMENT.lower(), "XY37 0102 0000 0001"])
def test_an_agreement_leads_to_where_it_stands_on_the_customers_page(zhang: Client, typed: str) -> None:
    assert suggested(zhang, typed) == [("协议、账户或保单号相符", ["王小明"])]
    assert entered(zhang, typed).startswith(f"/customers/{people.code_of('王小明')}/business/#holding-")
    page = zhang.get(entered(zhang, typed).partition("#")[0]).content.decode()
    assert f'id="{entered(zhang, typed).partition("#")[2]}"' in page


def test_accounts_of_closed_lines_are_not_found(zhang: Client) -> None:
    """X-17: that it is hers would say already that she has business with the bank."""
    head = people.log_in(Client(), people.HEAD)

    assert suggested(zhang, ACCOUNT) == []
    assert suggested(head, ACCOUNT) == [("协议、账户或保单号相符", ["王小明"])]
    assert ACCOUNT not in entered(zhang, ACCOUNT)


@pytest.mark.parametrize("typed", [ITEM, DOMESTIC, AGREEMENT, ACCOUNT])
def test_the_next_county_finds_nothing(typed: str) -> None:
    li = people.log_in(Client(), people.LI)

    assert suggested(li, typed) == []
    assert entered(li, typed).startswith("/customers/?")


def test_an_item_posted_here_by_a_stranger_is_found_without_the_name(zhang: Client) -> None:
    book_rows(FactKind.MAIL_ITEM, {"number": "9900000099999", "key": "K4"}, system="kgc", line="02")

    assert suggested(zhang, "9900000099999") == [("邮件号相符", ["9900000099999"])]


@pytest.mark.parametrize("typed", [ITEM[:-1], DOMESTIC[1:], AGREEMENT[:-1], "EB"])
def test_a_part_of_a_number_is_not_the_number(zhang: Client, typed: str) -> None:
    assert suggested(zhang, typed) == []


def test_a_number_used_again_leads_to_the_list_of_all(zhang: Client) -> None:
    again = {"number": ITEM, "key": "K1", "business_date": date(2025, 9, 1)}
    book_rows(FactKind.MAIL_ITEM, again, system="kgc", line="02")

    assert suggested(zhang, ITEM) == [("邮件号相符", [ITEM, ITEM]), ("寄件客户", ["王小明"])]
    assert entered(zhang, ITEM) == f"/ledger/facts/?kind=mail_item&number={ITEM}"


def test_a_number_of_two_sorts_leaves_the_choice(zhang: Client) -> None:
    book_rows(FactKind.TRANSACTION, sell(DOMESTIC, "10.00"), system="kgc")
    answer = zhang.post("/customers/search/", {"q": DOMESTIC}, follow=True)

    assert [label for label, _titles in suggested(zhang, DOMESTIC)] == [
        "邮件号相符", "寄件客户", "交易号相符", "交易客户",
    ]  # fmt: skip
    assert "请在搜索框的提示里选择" in answer.content.decode()


def test_a_phone_of_a_customer_is_not_looked_for_among_items(zhang: Client) -> None:
    """As Enter does: three look-ups through all months cost more than all the rest of the search."""
    with CaptureQueriesContext(connection) as captured:
        groups = suggested(zhang, people.PHONE)
    assert groups == [("客户 · 电话相符", ["王小明"])]
    assert not [query for query in captured if "ledger_" in query["sql"]]


def test_finding_keeps_within_its_queries(zhang: Client) -> None:
    for typed in (ITEM, DOMESTIC, AGREEMENT, ACCOUNT, "13812345678", "Wang Xiaoming"):
        with CaptureQueriesContext(connection) as captured:
            zhang.post("/search/suggestions/", {"q": typed})
        assert len(captured) <= MOST_QUERIES, typed
