"""Sharing a customer with a colleague for a time: who may, what the colleague sees, how it ends (GEN-006)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.change_owners import project_owners
from hongyan.customer.actions.merge import merge
from hongyan.customer.models import Customer, CustomerScope, ListRow, SearchToken, Share
from hongyan.customer.tests.factory import LI, WANG, ZHANG, log_in, staff, take, viewer
from hongyan.customer.tests.merging import XU, customer, make_stewards, walk_in
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.org.actions.renumber import renumber
from hongyan.org.models import Place
from hongyan.ownership.actions.share import end_overdue
from hongyan.ownership.tests.people import MA, ZHAO, first_code, make_customers, make_people, told

pytestmark = pytest.mark.django_db

GUEST_TABS = ("", "timeline/", "contacts/", "history/")
CLOSED_TABS = (
    "ownership/",
    "business/",
    "relations/",
    "classes/",
    "consent/",
    "applications/",
    "sources/",
    "merges/",
)
SHARED = "/ownership/shared/"


@pytest.fixture
def zhang(client: Client) -> Client:
    make_people()
    make_customers(2)
    return log_in(client, ZHANG)


def shares() -> list[Share]:
    with scope.bulk():
        return list(Share.objects.order_by("id"))


def share(client: Client, code: str, staff_no: str = LI, *, days: int = 7, **given: str) -> Any:
    until = str(clock.business_date() + timedelta(days=days))
    sent = {"staff_no": staff_no, "until": until, "reason": "一起投标", **given}
    return client.post(f"/ownership/customers/{code}/share/", sent)


def page(code: str, tab: str = "") -> str:
    return f"/customers/{code}/{tab}"


def test_a_colleague_of_another_county_looks_and_does_nothing_else(zhang: Client) -> None:
    code, li = first_code(ZHANG), log_in(Client(), LI)
    assert li.get(page(code)).status_code == 404
    assert zhang.get(f"/ownership/customers/{code}/share/").status_code == 200
    assert share(zhang, code).status_code == 302
    assert told(LI) == ["ownership.shared"]
    for tab in GUEST_TABS:
        answer = li.get(page(code, tab))
        assert answer.status_code == 200, tab
        _leads_nowhere_closed(li, answer.content.decode(), code)
    assert "共享给您查看至" in li.get(page(code)).content.decode()
    assert [li.get(page(code, tab)).status_code for tab in CLOSED_TABS] == [404] * len(CLOSED_TABS)
    for address in (f"/customers/{code}/correct/", f"/records/customer/{code}/notes/new/"):
        assert li.get(address).status_code == 404
    assert li.post(f"/records/customer/{code}/follow/").status_code == 404
    assert li.post(f"/customers/{code}/reveal/mobile/", {"purpose": "service"}).status_code == 404
    with scope.bulk():
        looks = AuditEvent.objects.filter(act="customer.open", subject=code, actor=LI, result="done")
        assert looks.count() > len(GUEST_TABS)
        assert {(one.after["share"], one.org_no) for one in looks} == {(shares()[0].pk, viewer(LI).scope.lo)}


def _leads_nowhere_closed(client: Client, html: str, code: str) -> None:
    """Every link and form of a guest's page about the customer opens for a guest."""
    addresses = set(re.findall(rf'(?:href|action|data-url|hx-get)="(/[a-z/]*{code}[^"#]*)"', html))
    assert addresses
    assert [one for one in addresses if client.get(one).status_code != 200] == []


def test_it_is_for_that_person_alone_and_stands_in_no_list_or_search(zhang: Client) -> None:
    code, li = first_code(ZHANG), log_in(Client(), LI)
    share(zhang, code)
    assert code in li.get(SHARED).content.decode()
    assert code not in li.get("/customers/").content.decode()
    assert code not in log_in(Client(), "ma").get(SHARED).content.decode()
    with scope.bulk():
        second = Customer.objects.exclude(code=code).earliest("pk").code
        assert not ListRow.objects.filter(org_no__gte=scope.PERSONAL).exists()
        assert not SearchToken.objects.filter(org_no__gte=scope.PERSONAL).exists()
    assert li.get(page(second)).status_code == 404
    with scope.acting(scope.personal(staff(LI).pk)):
        assert [one.code for one in Customer.objects.all()] == [code]
    with scope.acting(scope.personal(staff(MA).pk)):
        assert not Customer.objects.exists()
        assert not Share.objects.exists()
    with scope.acting(viewer(LI).scope):
        assert not Customer.objects.filter(code=code).exists()


def test_a_guest_writes_nothing_even_past_the_doors(zhang: Client) -> None:
    """Who writes goes through actions, which do not find the customer; the personal scope ends with the request."""
    code = first_code(ZHANG)
    share(zhang, code)
    li = log_in(Client(), LI)
    li.get(page(code))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hongyan.lo', true)")
        assert int(cursor.fetchone()[0] or 0) < scope.PERSONAL
    assert share(li, code, ZHAO).status_code == 404
    assert li.post(f"/ownership/shared/{shares()[0].pk}/end/").status_code == 404
    assert len(shares()) == 1
    assert shares()[0].is_present


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"staff_no": "nobody"}, "没有这位在岗的同事"),
        ({"staff_no": ZHAO}, "已经能看到"),
        ({"staff_no": ZHANG}, "已经能看到"),
        ({"reason": ""}, "form-problem"),
        ({"reason": "电话13812345678"}, "form-problem"),
        ({"days": 31}, "日期最晚到"),
        ({"days": -1}, "不能早于今天"),
    ],
)
def test_what_cannot_be_shared_is_refused(zhang: Client, given: dict[str, Any], field: str) -> None:
    answer = share(zhang, first_code(ZHANG), **given)
    assert (answer.status_code, field in answer.content.decode(), shares()) == (422, True, [])


def test_who_neither_manages_nor_heads_does_not_share(zhang: Client) -> None:
    code = first_code(ZHANG)
    assert share(log_in(Client(), ZHAO), code).status_code == 404
    assert share(log_in(Client(), LI), code, MA).status_code == 404
    assert shares() == []
    assert share(log_in(Client(), WANG), code).status_code == 302
    assert share(zhang, code).status_code == 422, "once a colleague"


def test_it_ends_when_it_is_taken_back(zhang: Client) -> None:
    code, li = first_code(ZHANG), log_in(Client(), LI)
    share(zhang, code)
    assert "收回" in zhang.get(page(code, "ownership/")).content.decode()
    assert zhang.post(f"/ownership/shared/{shares()[0].pk}/end/").status_code == 302
    assert zhang.post(f"/ownership/shared/{shares()[0].pk}/end/").status_code == 409
    assert li.get(page(code)).status_code == 404
    assert told(LI) == ["ownership.shared", "ownership.share_ended"]
    with scope.bulk():
        assert not CustomerScope.objects.filter(org_no__gte=scope.PERSONAL).exists()
        assert AuditEvent.objects.filter(act="ownership.end_share", subject=code).count() == 1
    assert share(zhang, code).status_code == 302, "and can be shared again"


def test_it_ends_by_itself_after_its_last_day(zhang: Client) -> None:
    code = first_code(ZHANG)
    share(zhang, code, days=1)
    assert end_overdue() == 0
    with clock.frozen(clock.now() + timedelta(days=2)):
        li = log_in(Client(), LI)
        assert li.get(page(code)).status_code == 404, "before the job, too"
        assert code not in li.get(SHARED).content.decode()
        assert (end_overdue(), end_overdue()) == (1, 0)
    with scope.bulk():
        assert not CustomerScope.objects.filter(org_no__gte=scope.PERSONAL).exists()


def test_it_stays_through_changes_of_owners_and_numbers(zhang: Client) -> None:
    code = first_code(ZHANG)
    share(zhang, code)
    with scope.bulk():
        customer = Customer.objects.get(code=code)
        project_owners([customer.pk], [customer.pk])
        assert not SearchToken.objects.filter(org_no__gte=scope.PERSONAL).exists()
        numbers = list(Place.objects.values_list("lo", flat=True))
    renumber({number: number for number in numbers})
    assert log_in(Client(), LI).get(page(code)).status_code == 200


def test_pages_take_few_queries(zhang: Client) -> None:
    code, li = first_code(ZHANG), log_in(Client(), LI)
    before = queries_of(zhang, page(code))
    share(zhang, code)
    assert queries_of(zhang, page(code)) == before, "the ordinary page pays nothing"
    for address in (*(page(code, tab) for tab in GUEST_TABS), SHARED):
        assert queries_of(li, address) <= MOST_QUERIES, address


def test_it_follows_a_merge_to_the_customer_that_stays(client: Client) -> None:
    """Whoever may see one code of a customer may see it under all."""
    make_stewards()
    take(walk_in("王一", "1"), walk_in("张三", "3"))
    stays, goes = customer("王一").code, customer("张三").code
    share(log_in(client, ZHANG), goes)
    steward = viewer(XU)
    with scope.acting(steward.scope):
        merge(steward, stays, goes, reason="同一人")
    li = log_in(Client(), LI)
    assert li.get(page(goes))["Location"] == page(stays)
    assert li.get(page(stays)).status_code == 200
    assert stays in li.get(SHARED).content.decode()
