"""Search everywhere: who answers what, within every wall, and what leaves no trace it should not (GOA-006, UI 8)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hongyan.customer.tests import factory as people
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows
from hongyan.org.codes import Role
from hongyan.org.models import Post
from hongyan.web.search.pages import ACTIONS, PAGES

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
ITEM = "EB000717618QZ"


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    people.make_town()


@pytest.fixture
def zhang(client: Client) -> Client:
    return people.log_in(client, people.ZHANG)


def found(client: Client, typed: str) -> list[tuple[str, list[str]]]:
    """Groups beneath the search box: their label and the titles in them."""
    groups = client.post("/search/suggestions/", {"q": typed}).context["groups"]
    return [(str(group.label), [str(item.title) for item in group.items]) for group in groups]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("wxm", [("客户 · 拼音或首字母相符", ["王小明"])]),
        ("@zjg", [("人员", ["张建国"])]),
        ("＠张", [("人员", ["张建国"])]),
        ("@zhang", [("人员", ["张建国"])]),
        ("#quancheng", [("机构", ["泉城路支局"])]),
        ("#370102001", [("机构", ["泉城路支局"])]),
        ("/gonggu", []),
        ("/gzrl", [("页面", ["工作日历"])]),
        (">xinzeng", [("操作", ["新增客户"])]),
        ("》dr", [("操作", ["导入客户"])]),
        ("泉城", [("机构", ["泉城路支局"])]),
        ("13812345678", [("客户 · 电话相符", ["王小明"])]),
        ("@13812345678", []),
        ("w", []),
        ("  ", []),
    ],
)
def test_each_part_answers_what_it_knows(zhang: Client, typed: str, expected: list) -> None:
    assert found(zhang, typed) == expected


@pytest.mark.parametrize("typed", ["王小明", "wxm", "@张建国", "#泉城", "13812345678", "AG2026-001", ITEM])
def test_the_next_county_finds_nothing(typed: str) -> None:
    book_rows(FactKind.MAIL_ITEM, {"number": ITEM, "key": "K1"}, system="kgc", line="02")
    li, wang = people.log_in(Client(), people.LI), people.log_in(Client(), people.WANG)

    assert found(li, typed) == []
    assert found(wang, typed) != []


def test_whoever_may_not_read_customers_finds_pages_people_and_units_alone() -> None:
    Post.objects.filter(staff__staff_no=people.WANG).update(role=Role.AUDITOR)
    wang = people.log_in(Client(), people.WANG)

    assert found(wang, "王小明") == []
    assert found(wang, "张") == [("人员", ["张建国"])]
    assert [label for label, _titles in found(wang, "shenji")] == ["页面"]
    assert "data-search" in wang.get("/").content.decode()


def test_matched_characters_are_lit(zhang: Client) -> None:
    text = zhang.post("/search/suggestions/", {"q": "xm"}).content.decode()
    assert "小明" not in text  # initials of a given name are no token
    text = zhang.post("/search/suggestions/", {"q": "xiaoming"}).content.decode()
    assert "王<mark>小明</mark>" in text


def test_enter_opens_the_only_one_and_shows_several(zhang: Client) -> None:
    one = zhang.post("/search/", {"q": people.PHONE})
    assert one.headers["Location"] == f"/customers/{people.code_of('王小明')}/"

    several = people.log_in(Client(), people.HEAD).post("/search/", {"q": "王"})
    assert [item.title for group in several.context["groups"] for item in group.items] == [
        "王小丽",
        "王小明",
        "王秀英",
    ]
    assert "搜索“王”" in several.content.decode()
    assert "/customers/?q=" not in several.content.decode()  # nothing is left out


def test_many_customers_lead_on_to_the_list(zhang: Client) -> None:
    people.take(*people.many(30))
    group = zhang.post("/search/suggestions/", {"q": "明"}).context["groups"][0]
    assert (len(group.items), group.more_url) == (6, "/customers/?q=%E6%98%8E")


def test_a_number_typed_stands_in_no_answer(zhang: Client) -> None:
    for typed in (people.ID, "13812345679", "@13812345678"):
        for door in ("/search/", "/search/suggestions/"):
            answer = zhang.post(door, {"q": typed})
            assert typed.strip("@") not in answer.content.decode() + answer.headers.get("Location", "")


def test_finding_keeps_within_its_queries(zhang: Client) -> None:
    for typed in (
        "王",
        "ws",
        "王小明",
        people.PHONE,
        people.ID,
        "AG2026-001",
        ITEM,
        "370102001",
        "@张",
        "#泉",
        "/",
        ">",
    ):
        zhang.post("/search/suggestions/", {"q": typed})
        with CaptureQueriesContext(connection) as captured:
            zhang.post("/search/suggestions/", {"q": typed})
        asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
        assert len(asked) <= MOST_QUERIES, typed


@pytest.mark.parametrize("text", ["/", ">"])
def test_pages_and_acts_ask_nobody(zhang: Client, text: str) -> None:
    """They are in memory: what is asked is who is asking."""
    zhang.post("/search/suggestions/", {"q": text})
    with CaptureQueriesContext(connection) as captured:
        zhang.post("/search/suggestions/", {"q": text})
    tables = ("customer_", "ledger_", "org_unit", "core_audit")
    assert not [query for query in captured if any(f'FROM "{one}' in query["sql"] for one in tables)]


@pytest.mark.parametrize("staff_no", [people.HEAD, people.ZHANG])
def test_what_is_offered_can_be_opened(staff_no: str) -> None:
    """The lists of pages and acts name the same rights as their doors."""
    client, viewer = people.log_in(Client(), staff_no), people.viewer(staff_no)
    for entry in (*PAGES, *ACTIONS):
        allowed = entry.right is None or viewer.may(entry.right)
        answer = client.get(reverse(entry.url_name))
        assert (answer.status_code == 200) == allowed, (entry.url_name, answer.status_code)
