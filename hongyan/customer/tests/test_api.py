"""Customers over the API: the token's scope, everything masked."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ID, PHONE, SECRETS
from hongyan.org.actions.api_tokens import make_api_token

LIST = "/api/v1/customers"


def api(staff_no: str) -> Client:
    viewer = factory.viewer(staff_no)
    with scope.acting(viewer.scope):
        token = make_api_token(viewer, name="test")[1]
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def zhang(town: None) -> Client:
    return api(factory.ZHANG)


@pytest.fixture
def li(town: None) -> Client:
    return api(factory.LI)


def opened() -> int:
    with transaction.atomic(), scope.bulk():
        return AuditEvent.objects.filter(act="customer.open", result="done").count()


def test_lists_what_the_post_sees(zhang: Client, li: Client) -> None:
    assert [item["name"] for item in zhang.get(LIST).json()["items"]] == ["济南市鼎盛食品有限公司", "王小明"]
    assert [item["name"] for item in li.get(LIST).json()["items"]] == ["王小丽"]


def test_filters_and_pages_by_key(zhang: Client) -> None:
    factory.take(*factory.many(60))

    first = zhang.get(LIST, {"type": "P", "sort": "-created"}).json()
    second = zhang.get(LIST, {"type": "P", "sort": "-created", "after": first["next"]}).json()

    seen = [item["code"] for page in (first, second) for item in page["items"]]
    assert len(seen) == len(set(seen)) == 61
    assert second["next"] is None


@pytest.mark.parametrize(
    "query", [{"q": PHONE}, {"type": "X"}, {"unit": factory.HUAIYIN_OUTLET}, {"after": "broken"}]
)
def test_a_filter_that_cannot_be_used_is_an_error(zhang: Client, query: dict[str, str]) -> None:
    assert zhang.get(LIST, query).status_code == 422


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"sort": "weight"}, "没有这种排序方式。"),
        ({"type": "X"}, "“客户类型”没有“X”这个选项。"),
        ({"after": "broken"}, "这一页的位置已经失效。"),
    ],
)
def test_the_api_says_why_and_not_what_a_page_would_do(
    zhang: Client, query: dict[str, str], why: str
) -> None:
    """A page goes on without what it cannot use, and adds that to the same sentence (issue 4)."""
    answer = zhang.get(LIST, query)

    assert (answer.status_code, list(answer.json()["errors"].values())) == (422, [why])


@pytest.mark.parametrize(
    ("text", "matched"), [(PHONE, "phone"), (ID, "credential"), ("wxm", "pinyin"), ("王小", "name")]
)
def test_searches_by_post_and_in_scope(zhang: Client, li: Client, text: str, matched: str) -> None:
    def search(client: Client) -> list[tuple[str, str]]:
        found = client.post(f"{LIST}/search", {"q": text}, content_type="application/json").json()
        return [(hit["matched"], hit["customer"]["name"]) for hit in found]

    assert search(zhang) == [(matched, "王小明")]
    assert ("王小明" in dict(search(li)).values()) is False


def test_reads_one_with_the_source_of_every_value(zhang: Client) -> None:
    answer = zhang.get(f"{LIST}/{factory.code_of('王小明')}").json()

    assert answer["values"]["mobile_masked"]["value"] == "138****5678"
    assert answer["values"]["mobile_masked"]["source"] | {"as_of": ""} == {
        "system": "kgc",
        "key": "K1",
        "as_of": "",
        "rule": "rank",
    }
    assert [source["system"] for source in answer["sources"]] == ["kgc", "jiyou"]
    assert opened() == 1


def test_the_next_county_reads_nothing(li: Client) -> None:
    answer = li.get(f"{LIST}/{factory.code_of('王小明')}")

    assert answer.status_code == 404
    assert "王小明" not in answer.content.decode()
    assert opened() == 0


def test_everything_personal_is_masked(zhang: Client) -> None:
    code = factory.code_of("王小明")
    pages = [
        zhang.get(LIST),
        zhang.get(f"{LIST}/{code}"),
        zhang.post(f"{LIST}/search", {"q": ID}, content_type="application/json"),
    ]

    assert [secret for page in pages for secret in SECRETS if secret in page.content.decode()] == []
