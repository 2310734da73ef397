"""The pages through HTTP: what is shown, to whom, at what cost, and what is written down (V36-001, CUS-001)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer, Link, SourceParty
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import (
    ADDRESS,
    CONTACT_PHONE,
    ID,
    OTHER_PHONE,
    PHONE,
    SECRETS,
    USCC,
    Given,
)
from hongyan.ui.lists import Count

MOST_QUERIES = 12


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return factory.log_in(client, factory.ZHANG)


@pytest.fixture
def li(town: None) -> Client:
    return factory.log_in(Client(), factory.LI)


def audits(**conditions: object) -> int:
    with transaction.atomic(), scope.bulk():
        return AuditEvent.objects.filter(**conditions).count()


def record_url(name: str = "王小明", tail: str = "") -> str:
    return f"/customers/{factory.code_of(name)}/{tail}"


def names_in(response: object) -> list[str]:
    return [row.name for row in response.context["list"].page.rows]


# --- list


def test_the_list_opens_with_the_readers_default_view(zhang: Client) -> None:
    own = {"name": "企业", "query": "type=O"}
    zhang.post("/views/save/customers/", own, headers={"Referer": "http://testserver/customers/"})
    (tab,) = zhang.get("/customers/?type=O").context["list"].views
    zhang.post(f"/views/{tab.view.key}/", {"name": "企业", "is_default": "on", "seen": tab.view.seen})

    assert zhang.get("/customers/").headers["Location"] == f"?view={tab.view.key}&type=O"


def test_a_manager_lists_the_customers_of_the_outlet(zhang: Client, li: Client) -> None:
    assert names_in(zhang.get("/customers/")) == ["济南市鼎盛食品有限公司", "王小明"]
    assert names_in(li.get("/customers/")) == ["王小丽"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("type=P", ["王小明"]),
        ("kind=A", ["济南市鼎盛食品有限公司"]),
        ("kind=A&kind=B", ["济南市鼎盛食品有限公司", "王小明"]),
        ("line=01", ["济南市鼎盛食品有限公司", "王小明"]),
        ("line=02", []),
        ("q=王小", ["王小明"]),
        ("q=wxm", ["王小明"]),
        ("number=AG2026-001", ["王小明"]),
        ("sources=2", ["王小明"]),
        ("status=frozen", []),
        ("review=0", ["济南市鼎盛食品有限公司", "王小明"]),
        ("manager=mine", ["济南市鼎盛食品有限公司", "王小明"]),
        ("manager=none", []),
        ("created_from=2001-01-01", ["济南市鼎盛食品有限公司", "王小明"]),
        ("created_to=2001-01-01", []),
    ],
)
def test_filters_stand_in_the_address(zhang: Client, query: str, names: list[str]) -> None:
    assert names_in(zhang.get(f"/customers/?{query}")) == names


def test_a_unit_is_chosen_with_everything_beneath_it(town: None) -> None:
    sun = factory.log_in(Client(), factory.SUN)

    assert names_in(sun.get("/customers/")) == ["济南市鼎盛食品有限公司", "王小丽", "王小明"]
    assert names_in(sun.get("/customers/?unit=370104")) == ["王小丽"]
    assert names_in(sun.get(f"/customers/?unit={factory.LIXIA_OUTLET}")) == [
        "济南市鼎盛食品有限公司",
        "王小明",
    ]


def test_a_unit_out_of_scope_is_said_to_be_unknown(li: Client) -> None:
    response = li.get(f"/customers/?unit={factory.LIXIA_OUTLET}")

    assert names_in(response) == ["王小丽"]
    assert factory.LIXIA_OUTLET in response.context["list"].problems[0]


def test_a_customer_of_two_outlets_is_listed_once_above_them(town: None) -> None:
    factory.take(
        Given(
            "王小明",
            "E1",
            system="jiyou",
            line=factory.Line.EXPRESS,
            unit="370102002",
            secrets={"credential_no": ID},
            fields={"credential_type": "01"},
        )
    )

    for staff_no in (factory.WANG, factory.SUN, factory.HEAD):
        shown = names_in(factory.log_in(Client(), staff_no).get("/customers/?type=P"))
        assert shown.count("王小明") == 1, staff_no


@pytest.mark.parametrize("sort", ["name", "-name", "created", "-created"])
def test_pages_hold_everybody_once_and_in_order(zhang: Client, sort: str) -> None:
    factory.take(*factory.many(60))
    with clock.frozen(clock.now() + timedelta(microseconds=7)):
        factory.take(*(Given(f"{one.name}二", f"{one.key}b") for one in factory.many(60)))

    seen: list[str] = []
    url = f"/customers/?sort={sort}"
    while url:
        shown = zhang.get(url).context["list"]
        assert shown.problems == []
        seen += [row.code for row in shown.page.rows]
        url = f"/customers/{shown.next_url}" if shown.next_url else ""

    assert len(seen) == len(set(seen)) == 122


def test_a_list_of_one_page_is_counted_without_asking_again(zhang: Client) -> None:
    factory.take(*factory.many(48))  # with the two of the town, exactly a page
    whole = queries_of(zhang, "/customers/?sort=created")
    factory.take(*factory.many(49))

    assert queries_of(zhang, "/customers/?sort=created") == whole + 1
    assert zhang.get("/customers/").context["list"].count == Count(51)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_all_filters_are_offered_when_asked_for(zhang: Client, headers: dict[str, str]) -> None:
    page = zhang.get("/customers/?type=P&sort=created").content.decode()
    assert 'name="division"' not in page
    assert 'href="?type=P&amp;sort=created&amp;filters=all"' in page

    answer = zhang.get("/customers/?type=P&sort=created&filters=all", headers=headers)
    form = answer.content.decode()

    assert ("<html" in form) == (not headers)
    assert "王小明" not in form
    assert '<option value="P" selected>' in form
    assert '<input type="hidden" name="sort" value="created">' in form
    assert {one.filter.key for one in answer.context["list"].state.filters} >= {"unit", "division", "created"}
    assert answer.context["list"].page.rows == []


# --- search box


def posted(client: Client, text: str, listed: str = "") -> str:
    response = client.post("/customers/search/", {"q": text, "list": listed})
    assert response.status_code == 302
    return response["Location"]


def test_enter_leads_straight_to_the_only_customer_meant(zhang: Client) -> None:
    for text in ("王小明", PHONE, ID, CONTACT_PHONE, "AG2026-001", factory.code_of("王小明")):
        assert posted(zhang, text) == record_url()


def test_enter_leads_to_the_list_otherwise_and_keeps_its_filters(zhang: Client) -> None:
    target = urlsplit(posted(zhang, "王", "type=P&q=old&after=x"))

    assert parse_qs(target.query) == {"type": ["P"], "q": ["王"]}


@pytest.mark.parametrize("text", ["13999999999", "1381234567", "370102198001011234", "nobody@example.cn"])
def test_no_personal_number_stands_in_an_address(zhang: Client, text: str) -> None:
    target = posted(zhang, text)

    assert text not in target
    assert names_in(zhang.get(target)) == []


def test_a_phone_of_two_customers_leads_to_a_list_by_its_hash(zhang: Client) -> None:
    factory.take(Given("李强", "K9", secrets={"mobile": PHONE}))

    target = posted(zhang, PHONE)

    assert PHONE not in target
    assert names_in(zhang.get(target)) == ["李强", "王小明"]


def test_a_phone_typed_into_an_address_is_refused(zhang: Client) -> None:
    response = zhang.get(f"/customers/?q={PHONE}")

    assert response.context["list"].problems == [
        "电话、证件号码和邮箱请在搜索框里查：它们不应出现在网址中。已忽略。"
    ]


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        "138-1234-5678",
        "+86 138 1234 5678",
        "＋8613812345678",
        "11010519491231002X",
        "11010519491231002x",
        "a@b.com",
    ],
)
def test_a_personal_number_typed_as_an_agreement_is_refused(zhang: Client, text: str) -> None:
    response = zhang.get("/customers/", {"number": text})

    assert response.context["list"].problems == [
        "电话、证件号码和邮箱请在搜索框里查：它们不应出现在网址中。已忽略。"
    ]


@pytest.mark.parametrize("text", ["AG2026-001", "91350100M000100Y43", "2026-000017"])
def test_a_number_that_is_nobodys_may_be_typed_as_an_agreement(zhang: Client, text: str) -> None:
    assert not zhang.get("/customers/", {"number": text}).context["list"].problems


def test_suggestions_say_what_fitted(zhang: Client, li: Client) -> None:
    page = strip_tags(zhang.post("/search/suggestions/", {"q": "王"}).content.decode())

    assert "王小明" in page
    assert "名称相符" in page
    assert "王小明" not in li.post("/search/suggestions/", {"q": "王小明"}).content.decode()


# --- record


def test_every_value_names_its_source(zhang: Client) -> None:
    response = zhang.get(record_url())
    fields = {str(one.field.label): one for one in response.context["panel"]}

    assert fields["手机"].field.source.rule == "来源级别高"
    assert [other.source.system for other in fields["手机"].others] == ["集邮"]
    assert fields["名称"].field.source.rule == "各来源一致"
    assert fields["地址"].field.source.rule == "唯一来源"


def test_sources_show_parts_and_the_decision_in_words(zhang: Client) -> None:
    page = zhang.get(record_url(tail="sources/")).content.decode()

    assert "自动归并" in page
    assert "身份证号一致" in page
    assert "周助理" in page
    assert "D00000002 第 2 行" in page


def test_history_tells_newest_first_and_pages_by_key(zhang: Client) -> None:
    for version in range(40):
        factory.take(
            Given(
                "王小明",
                "K1",
                secrets={"mobile": f"138{version:08d}", "credential_no": ID},
                fields={"credential_type": "01"},
            )
        )
    url, seen = record_url(tail="history/"), []
    while url:
        panel = zhang.get(url).context["panel"]
        seen += panel.entries
        url = record_url(tail=f"history/{panel.next_url}") if panel.next_url else ""

    instants = [entry.at for entry in seen]
    assert instants == sorted(instants, reverse=True)
    assert sum(entry.kind == "来源记录" for entry in seen) == 44
    assert sum(entry.kind == "归并关系" for entry in seen) == 2


def test_a_line_without_business_says_so(zhang: Client) -> None:
    page = zhang.get(record_url()).content.decode()

    assert "无业务关系" in page


def test_an_alias_leads_to_its_survivor(zhang: Client) -> None:
    factory.take(Given("王晓明", "K8"))
    loser, survivor = factory.code_of("王晓明"), factory.code_of("王小明")
    with transaction.atomic(), scope.bulk():
        stands = Customer.objects.get(code=survivor)
        Customer.objects.filter(code=loser).update(status="merged", merged_into=stands, survivor=stands)

    response = zhang.get(f"/customers/{loser}/history/")

    # not for ever: a split makes the code a customer of its own again
    assert (response.status_code, response["Location"]) == (302, f"/customers/{survivor}/history/")
    assert zhang.get(f"/customers/{survivor.lower()}/")["Location"] == f"/customers/{survivor}/"


def test_opening_is_audited(zhang: Client) -> None:
    zhang.get(record_url(tail="sources/"))

    assert audits(act="customer.open", subject=factory.code_of("王小明"), result="done", actor="zhang") == 1


def test_the_next_county_gets_404_and_leaves_a_trace(li: Client) -> None:
    assert li.get(record_url()).status_code == 404
    assert audits(act="customer.open", result="denied", actor="li") == 1
    assert audits(act="customer.open", result="done") == 0


def test_a_case_out_of_scope_names_nobody(town: None, zhang: Client) -> None:
    from hongyan.customer.models import ReviewCase

    with transaction.atomic(), scope.bulk():
        mine, other = Customer.objects.get(name="王小明"), Customer.objects.get(name="王小丽")
        ReviewCase.objects.create(
            customer=mine,
            candidate=other,
            party=SourceParty.objects.filter(customer=mine)[0],
            score=61,
            created_at=clock.now(),
            evidence={
                "band": "review",
                "score": 61,
                "rule": "same_name_same_place",
                "evidence": [
                    {
                        "code": "name",
                        "outcome": "similar",
                        "weight": 5,
                        "params": [["left", "王小明"], ["right", "王小丽"]],
                    }
                ],
            },
        )
    page = zhang.get(record_url()).content.decode()

    assert "一位不在您数据范围内的客户" in page
    assert "王小丽" not in page
    sun = factory.state_purposes(factory.log_in(Client(), factory.SUN), mine.code)
    assert "王小丽" in sun.get(record_url()).content.decode()


# --- reveal


def reveal(client: Client, field: str, **posted: str) -> object:
    purpose = {"purpose": "visit", **posted}
    return client.post(record_url(tail=f"reveal/{field}/"), purpose, headers={"Accept": "application/json"})


@pytest.mark.parametrize(("field", "value"), [("mobile", PHONE), ("credential_no", ID), ("address", ADDRESS)])
def test_revealing_shows_the_value_and_is_audited_with_its_purpose(
    zhang: Client, field: str, value: str
) -> None:
    response = reveal(zhang, field, note="上门核对")

    assert response.json() == {"value": value, "seconds": 60}
    assert "no-store" in response["Cache-Control"]
    with transaction.atomic(), scope.bulk():
        event = AuditEvent.objects.get(act="customer.reveal")
    assert (event.purpose, event.after["field"], event.after["note"]) == ("visit", field, "上门核对")
    assert value not in str(event.after)


def test_revealing_what_another_source_says(zhang: Client) -> None:
    with transaction.atomic(), scope.bulk():
        record = SourceParty.objects.get(key="J1").records.get()
        contact = SourceParty.objects.get(key="K1").records.get(part="contact/1")

    assert reveal(zhang, f"mobile/{record.id}").json()["value"] == OTHER_PHONE
    assert reveal(zhang, f"mobile/{contact.id}").json()["value"] == CONTACT_PHONE


@pytest.mark.parametrize("posted", [{"purpose": ""}, {"purpose": "curiosity"}, {"note": "长" * 101}])
def test_revealing_without_a_purpose_shows_nothing(zhang: Client, posted: dict[str, str]) -> None:
    response = reveal(zhang, "mobile", **posted)

    assert response.status_code == 422
    assert PHONE not in response.content.decode()
    assert audits(act="customer.reveal") == 0


def test_revealing_out_of_scope_is_404_and_writes_only_the_attempt(li: Client) -> None:
    response = reveal(li, "mobile")

    assert response.status_code == 404
    assert PHONE not in response.content.decode()
    assert audits(act="customer.reveal") == 0
    assert audits(result="denied", actor="li") == 1


def test_a_record_of_somebody_else_is_not_revealed(zhang: Client) -> None:
    with transaction.atomic(), scope.bulk():
        foreign = SourceParty.objects.get(key="K4").records.get()

    assert reveal(zhang, f"mobile/{foreign.id}").status_code == 404
    assert reveal(zhang, "name").status_code == 404


def test_revealing_works_without_scripts(zhang: Client) -> None:
    url = record_url(tail="reveal/mobile/")

    assert "请说明用途" in zhang.get(url).content.decode()
    page = zhang.post(url, {"purpose": "visit"})
    assert PHONE in page.content.decode()
    assert 'http-equiv="refresh" content="60;' in page.content.decode()


# --- what holds for all pages

PAGES: list[Callable[[Client], object]] = [
    lambda client: client.get("/customers/"),
    lambda client: client.get(
        "/customers/?type=P&kind=B&line=01&q=王&sources=2&unit=" + factory.LIXIA_OUTLET
    ),
    lambda client: client.post("/search/suggestions/", {"q": "王"}),
    lambda client: client.post("/search/suggestions/", {"q": PHONE}),
    lambda client: client.get(record_url()),
    lambda client: client.get(record_url(tail="sources/")),
    lambda client: client.get(record_url(tail="history/")),
    lambda client: client.get(record_url("济南市鼎盛食品有限公司")),
    lambda client: client.get(record_url("济南市鼎盛食品有限公司", "sources/")),
]


@pytest.mark.parametrize("page", PAGES)
def test_everything_personal_is_masked(zhang: Client, page: Callable[[Client], object]) -> None:
    content = page(zhang).content.decode()

    assert [secret for secret in SECRETS if secret in content] == []


def queries_of(client: Client, url: str) -> int:
    """What a page asks; what a process keeps in memory for some seconds was asked for before.

    The least of two times, since those seconds may end in between on a busy machine.
    """
    client.get(url)
    return min(_asked(client, url), _asked(client, url))


def _asked(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)


@pytest.mark.parametrize("tail", ["", "sources/", "history/"])
def test_the_record_costs_the_same_however_many_sources(zhang: Client, tail: str) -> None:
    url = record_url(tail=tail)
    few = queries_of(zhang, url)
    factory.take(
        *(
            Given("王小明", f"X{n}", secrets={"credential_no": ID}, fields={"credential_type": "01"})
            for n in range(8)
        )
    )

    assert queries_of(zhang, url) == few <= MOST_QUERIES


@pytest.mark.parametrize(
    "query", ["", "type=P&kind=B&line=01&q=王小&sources=2&unit=370102001", "manager=mine&sort=-created"]
)
def test_the_list_costs_the_same_however_many_rows(zhang: Client, query: str) -> None:
    factory.take(*factory.many(60))
    few = queries_of(zhang, f"/customers/?{query}")
    factory.take(*factory.many(120))

    assert queries_of(zhang, f"/customers/?{query}") == few <= MOST_QUERIES


def test_search_keeps_within_its_queries(zhang: Client) -> None:
    for text in ("王", "王小明", "wxm", PHONE, ID, "AG2026-001", USCC):
        with CaptureQueriesContext(connection) as captured:
            zhang.post("/search/suggestions/", {"q": text})
        assert len(captured) <= MOST_QUERIES, text


def test_names_are_text_wherever_they_stand(zhang: Client) -> None:
    factory.take(Given('<img src=x onerror="alert(1)">店', "X1"))
    with transaction.atomic(), scope.bulk():
        code = Link.objects.get(party__key="X1").customer.code

    for url in (
        "/customers/",
        f"/customers/{code}/",
        f"/customers/{code}/sources/",
        f"/customers/{code}/history/",
    ):
        assert "<img src=x" not in zhang.get(url).content.decode(), url
    assert "<img src=x" not in zhang.post("/search/suggestions/", {"q": "店"}).content.decode()


def test_bulk_copies_the_codes_of_what_was_chosen(zhang: Client) -> None:
    mine, foreign = factory.code_of("王小明"), factory.code_of("王小丽")

    page = zhang.post("/customers/codes/", {"ids": [mine, foreign], "scope": "page", "query": ""})
    everything = zhang.post("/customers/codes/", {"scope": "all", "query": "type=O"})

    assert page.context["copied"].codes == (mine,)
    assert everything.context["copied"].codes == (factory.code_of("济南市鼎盛食品有限公司"),)
    assert audits(act="customer.copy_codes") == 2


def test_codes_of_all_results_are_refused_for_a_condition_that_cannot_be_used(zhang: Client) -> None:
    """Leaving it out would hand over more than the reader asked for."""
    answer = zhang.post("/customers/codes/", {"scope": "all", "query": "type=O&status=nonsense"})

    assert (answer.status_code, answer.context["answer"].remedy) == (
        422,
        "“客户状态”没有“nonsense”这个选项。",
    )
    assert audits(act="customer.copy_codes") == 0
