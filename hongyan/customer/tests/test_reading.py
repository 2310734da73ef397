"""What the audit says of lists and searches: how many rows, by which conditions, and no name (BARS A 9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import PHONE
from hongyan.ui.lists import blinded


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return factory.log_in(client, factory.ZHANG)


def last(act: str) -> AuditEvent:
    with transaction.atomic(), scope.bulk():
        return AuditEvent.objects.filter(act=act).latest("id")


def count(act: str) -> int:
    with transaction.atomic(), scope.bulk():
        return AuditEvent.objects.filter(act=act).count()


@pytest.mark.parametrize(
    ("query", "rows", "conditions"),
    [
        ("", 2, {}),
        ("type=P&kind=A&kind=B", 1, {"type": ["P"], "kind": ["A", "B"]}),
        ("q=王小明&sort=-name", 1, {"q": [blinded("王小明")]}),
        ("number=AG2026-001", 1, {"number": [blinded("AG2026-001")]}),
        ("unit=370102001&division=37", 1, {"unit": ["370102001"], "division": ["37"]}),
    ],
)
def test_a_list_says_how_much_it_showed_and_by_what(
    zhang: Client, query: str, rows: int, conditions: dict[str, Any]
) -> None:
    zhang.get(f"/customers/?{query}")
    event = last("list.read")
    assert (event.actor, event.subject_kind, event.count, event.after) == (
        factory.ZHANG,
        "customer_list",
        rows,
        conditions,
    )
    assert "王" not in str(event.after)


def test_choosing_filters_shows_nothing_and_says_nothing(zhang: Client) -> None:
    zhang.get("/customers/?filters=all")
    assert count("list.read") == 0


def test_a_page_further_on_is_another_look(zhang: Client) -> None:
    factory.take(*factory.many(60))
    first = zhang.get("/customers/?type=P").context["list"]
    zhang.get(f"/customers/{first.next_url}")
    assert count("list.read") == 2
    assert last("list.read").count == 61 - 50


@pytest.mark.parametrize(
    ("typed", "hits", "only"), [("王小明", 1, True), (PHONE, 1, True), ("没有这个人", 0, False)]
)
def test_a_search_says_what_it_found_and_not_what_was_typed(
    zhang: Client, typed: str, hits: int, only: bool
) -> None:
    zhang.post("/search/suggestions/", {"q": typed})
    event = last("customer.search")
    assert (event.count, event.after) == (hits, {"typed": blinded(typed)})
    assert event.subject == (factory.code_of("王小明") if only else "")


def test_nothing_typed_is_nothing_said(zhang: Client) -> None:
    zhang.post("/search/suggestions/", {"q": "  "})
    assert count("customer.search") == 0


def test_the_same_text_has_the_same_hash_whoever_typed_it() -> None:
    assert blinded("WXM") == blinded("wxm")
    assert blinded("王小明") != blinded("王小丽")


def test_looks_do_not_bury_the_changes_in_a_customers_history(zhang: Client) -> None:
    code = factory.code_of("王小明")
    zhang.post("/search/suggestions/", {"q": code})
    zhang.get(f"/customers/{code}/")
    page = zhang.get(f"/customers/{code}/history/").content.decode()
    assert "查找客户" not in page
    assert "打开客户" not in page
