"""Ways back: what somebody opened lately, and what they pinned, as far as they may still see it (GOA-006, UI 8)."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests import factory as people
from hongyan.customer.tests.factory import Given
from hongyan.desk.models import Shortcut

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    people.make_town()


@pytest.fixture
def zhang(client: Client) -> Client:
    return people.log_in(client, people.ZHANG)


def visit(client: Client, kind: str, key: str) -> int:
    """Open a record as a browser does: its page, which then tells that it stands."""
    pages = {
        "customer": "/customers/{}/",
        "unit": "/organisation/units/{}/",
        "staff": "/organisation/staff/{}/",
    }
    client.get(pages[kind].format(key))
    return client.post("/search/opened/", {"kind": kind, "key": key}).status_code


def offered(client: Client) -> dict[str, list[str]]:
    """What stands beneath the empty search box."""
    groups = client.post("/search/suggestions/", {"q": ""}).context["groups"]
    return {str(group.label): [str(item.title) for item in group.items] for group in groups}


def pin(client: Client, kind: str, key: str, on: str = "1") -> int:
    return client.post("/search/pins/", {"kind": kind, "key": key, "on": on}).status_code


def kept() -> int:
    with transaction.atomic(), scope.bulk():
        return Shortcut.objects.count()


def test_what_was_opened_comes_back_the_newest_first(zhang: Client) -> None:
    assert offered(zhang) == {}
    code = people.code_of("王小明")
    for kind, key in (("customer", code), ("unit", "370102001"), ("staff", "zhang"), ("customer", code)):
        assert visit(zhang, kind, key) == 200

    assert offered(zhang) == {"最近打开": ["王小明", "张建国", "泉城路支局"]}
    assert "王小明" in zhang.get("/search/").content.decode()
    with transaction.atomic(), scope.bulk():
        assert AuditEvent.objects.filter(act="customer.recall").latest("id").count == 1


def test_what_is_refused_or_absent_was_not_opened(zhang: Client) -> None:
    foreign = (("customer", people.code_of("王小丽")), ("unit", "370104001"), ("staff", "li"))
    for kind, key in (*foreign, ("customer", "13812345678"), ("house", "1")):
        assert zhang.post("/search/opened/", {"kind": kind, "key": key}).status_code == 404
    assert kept() == 0


def test_everybody_has_their_own(zhang: Client) -> None:
    visit(zhang, "customer", people.code_of("王小明"))
    wang = people.log_in(Client(), people.WANG)

    assert offered(wang) == {}
    assert pin(wang, "customer", people.code_of("王小明")) == 302
    assert offered(zhang) == {"最近打开": ["王小明"]}
    assert offered(wang) == {"已固定": ["王小明"]}


def test_the_newest_ten_stay_and_what_is_pinned(zhang: Client) -> None:
    people.take(
        *(Given(f"周{char}明", f"P{number}") for number, char in enumerate("一二三四五六七八九十百千"))
    )
    codes = [people.code_of(f"周{char}明") for char in "一二三四五六七八九十百千"]
    assert pin(zhang, "customer", codes[0]) == 302
    for code in codes:
        visit(zhang, "customer", code)

    assert offered(zhang) == {
        "已固定": ["周一明"],
        "最近打开": [f"周{char}明" for char in "千百十九八七六五四三"],
    }
    assert kept() == 11


def test_pinning_is_audited_shown_on_the_page_and_taken_back(zhang: Client) -> None:
    code = people.code_of("王小明")
    assert 'hx-post="/search/opened/"' in zhang.get(f"/customers/{code}/sources/").content.decode()
    answer = zhang.post(
        "/search/pins/", {"kind": "customer", "key": code, "on": "1"}, headers={"HX-Request": "true"}
    )
    assert 'aria-pressed="true"' in answer.content.decode()
    known = zhang.post("/search/opened/", {"kind": "customer", "key": code})
    assert known.context["pin"].is_on
    assert pin(zhang, "customer", code, on="0") == 302
    assert offered(zhang) == {"最近打开": ["王小明"]}
    with transaction.atomic(), scope.bulk():
        acts = AuditEvent.objects.filter(subject=code, act__startswith="record.").order_by("id")
        assert list(acts.values_list("act", flat=True)) == ["record.pinned", "record.unpinned"]


@pytest.mark.parametrize(
    ("kind", "key"), [("customer", "王小丽"), ("unit", "370104001"), ("staff", "li"), ("house", "1")]
)
def test_nothing_beyond_the_scope_can_be_pinned(zhang: Client, kind: str, key: str) -> None:
    code = people.code_of(key) if kind == "customer" else key
    assert pin(zhang, kind, code) == 404
    assert kept() == 0


def test_what_left_the_scope_is_offered_no_more(zhang: Client) -> None:
    """It stays true: both walls decide anew each time."""
    viewer = people.viewer(people.ZHANG)
    mine = {"staff_id": viewer.staff_id, "post_id": viewer.post_id, "org_no": viewer.scope.lo}
    with transaction.atomic(), scope.bulk():
        for kind, key in (("customer", people.code_of("王小丽")), ("unit", "370104001"), ("staff", "li")):
            Shortcut.objects.create(**mine, kind=kind, key=key, opened_at=clock.now(), pinned_at=clock.now())
    assert offered(zhang) == {}


def test_ways_back_keep_within_their_queries(zhang: Client) -> None:
    for kind, key in (("customer", people.code_of("王小明")), ("unit", "370102001"), ("staff", "zhang")):
        visit(zhang, kind, key)
    offered(zhang)
    with CaptureQueriesContext(connection) as captured:
        offered(zhang)
    assert len([one for one in captured if "SAVEPOINT" not in one["sql"]]) <= MOST_QUERIES
