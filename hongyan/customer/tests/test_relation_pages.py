"""Relations on the customer's page and over the API, judged by people, derived for everybody (L09, DESIGN 3)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.relate_all import relate_all, relate_touched
from hongyan.customer.models import Customer, Relation, RelationKey
from hongyan.customer.queries.relation_runs import RELATING
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, code_of
from hongyan.customer.tests.merging import XU, make_stewards
from hongyan.customer.tests.relations import (
    HOME,
    SON,
    all_rows,
    company,
    make_family,
    person,
    relation_between,
    told,
)
from hongyan.customer.tests.test_api import api
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db: None) -> None:
    make_family()


@pytest.fixture
def zhang(family: None, client: Client) -> Client:
    return factory.log_in(client, factory.ZHANG)


def tab(client: Client, name: str) -> str:
    return client.get(f"/customers/{code_of(name)}/relations/").content.decode()


def judge(client: Client, name: str, other: str, state: str, **posted: str) -> Any:
    url = f"/customers/{code_of(name)}/relations/{relation_between(name, other).pk}/"
    return client.post(url, {"state": state, **posted})


# --- the page


@pytest.mark.parametrize(("most", "shown", "is_cut"), [(2, 2, False), (1, 1, True)])
def test_more_than_can_be_shown_is_said(
    zhang: Client, monkeypatch: pytest.MonkeyPatch, most: int, shown: int, is_cut: bool
) -> None:
    monkeypatch.setattr("hongyan.customer.queries.relations.MOST_SHOWN", most)
    page = tab(zhang, "孙建国")
    assert page.count('class="related-name"') == shown
    assert ("这里只列出把握最大的" in page) == is_cut
    found = api(factory.ZHANG).get(f"/api/v1/customers/{code_of('孙建国')}/relations").json()
    assert (len(found["relations"]), found["is_cut"]) == (shown, is_cut)


def test_the_tab_says_who_and_why(zhang: Client) -> None:
    page = tab(zhang, "孙建国")
    assert "孙伟" in page
    assert "子女" in page
    assert "住址相同(到房间)；同姓孙；相差 25 岁" in page


def test_a_relative_out_of_scope_is_masked_and_without_a_code(zhang: Client) -> None:
    page = tab(zhang, "孙建国")
    assert "周*" in page
    assert "周兰" not in page
    assert code_of("周兰") not in page


def test_the_tab_costs_the_same_however_many_relatives(zhang: Client) -> None:
    url = f"/customers/{code_of('孙建国')}/relations/"
    few = queries_of(zhang, url)
    factory.take(person("孙小燕", "5", id_="370102199003090020", mobile="13812345605", address=HOME))
    relate_touched()
    assert queries_of(zhang, url) == few <= MOST_QUERIES


def test_a_company_is_shown_as_a_tree_from_its_top(db: None, client: Client) -> None:
    make_stewards()
    factory.take(
        company("济南市鼎盛食品有限公司", "C1"),
        company("济南鼎盛食品有限公司泉城路门店", "C2"),
        company("济南鼎盛食品有限公司经十路门店", "C3", unit=HUAIYIN_OUTLET, manager=LI),
    )
    relate_touched()
    page = tab(factory.log_in(client, factory.ZHANG), "济南鼎盛食品有限公司泉城路门店")
    url = f"/customers/{code_of('济南鼎盛食品有限公司泉城路门店')}/relations/"
    assert queries_of(client, url) <= MOST_QUERIES
    assert page.index("济南市鼎盛食品有限公司</") < page.index("本客户") < page.index("不在您的数据范围内")
    assert "经十路门店" not in page
    assert page.count('<ul class="related-business">') == 1, (
        "of the company in scope, not of who is out of it"
    )
    assert re.search(r"<li>[^<]+ · [^<]+ · C1</li>", page)


def test_relatives_who_became_one_are_no_relatives_of_themselves(family: None, client: Client) -> None:
    head = factory.log_in(client, factory.HEAD)
    factory.state_purposes(head, code_of("孙伟"), code_of("孙建国"))
    assert "孙建国" in tab(head, "孙伟")
    merge(factory.viewer(XU), code_of("吴六"), code_of("周兰"), reason="同一人")
    assert tab(head, "孙伟").count("related-role") == 2


def test_nobody_related_says_so(zhang: Client) -> None:
    assert "没有发现与其他客户的关系" in tab(zhang, "吴六")


# --- judging


def test_what_a_person_confirmed_stays_whatever_is_derived(zhang: Client) -> None:
    assert judge(zhang, "孙建国", "孙伟", "confirmed", reason="本人说明").status_code == 302
    assert AuditEvent.objects.filter(act="customer.relation_confirmed").count() == 2
    factory.take(person("孙伟", "2", id_=SON, mobile="13812345602", address="山东省青岛市市南区香港路8号"))
    relate_touched()
    assert ("孙伟", "孙建国", "family", "parent", "confirmed") in told()


def test_the_form_of_the_page_is_taken(family: None) -> None:
    """Also by a browser that is asked for the form's token."""
    client = factory.log_in(Client(enforce_csrf_checks=True), factory.ZHANG)
    page = client.get(f"/customers/{code_of('孙建国')}/relations/").content.decode()
    form = page[page.index('class="related-judge"') :]
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    posted = {"state": "confirmed", "csrfmiddlewaretoken": token[1]}
    address = f"/customers/{code_of('孙建国')}/relations/{relation_between('孙建国', '孙伟').pk}/"
    assert client.post(address, posted).status_code == 302


def test_what_a_person_refused_does_not_come_back_without_new_grounds(zhang: Client) -> None:
    judge(zhang, "孙建国", "孙伟", "refused")
    relate_all(lambda *_: None)
    assert ("孙伟", "孙建国", "family", "parent", "refused") in told()
    assert "已否定 1 项" in tab(zhang, "孙建国")
    # now they share a phone as well
    factory.take(person("孙伟", "2", id_=SON, mobile="13812345601", address=HOME))
    relate_touched()
    assert ("孙伟", "孙建国", "family", "parent", "proposed") in told()


def test_a_relation_with_somebody_out_of_scope_is_not_judged(zhang: Client) -> None:
    before = all_rows()
    assert judge(zhang, "孙建国", "周兰", "confirmed").status_code == 404
    assert all_rows() == before


def test_the_next_county_judges_nothing(family: None) -> None:
    before = all_rows()
    li = factory.log_in(Client(), LI)
    assert judge(li, "孙建国", "孙伟", "refused").status_code == 404
    assert all_rows() == before


def test_a_reason_holds_no_number(zhang: Client) -> None:
    before = all_rows()
    judge(zhang, "孙建国", "孙伟", "refused", reason="电话13812345678")
    assert all_rows() == before


# --- walls


def test_the_wall_shows_relations_of_ones_own_customers_alone(family: None) -> None:
    with scope.acting(factory.viewer(LI).scope):
        assert Relation.objects.count() == 2
    with scope.acting(scope.Scope()):
        assert not Relation.objects.exists()
    with scope.bulk():
        assert RelationKey.objects.exists()


# --- everybody's


def test_the_head_starts_it_for_everybody_and_a_stopped_one_goes_on(family: None, client: Client) -> None:
    head = factory.log_in(client, factory.HEAD)
    assert head.post("/customers/cases/relations/start/").status_code == 302
    assert head.post("/customers/cases/relations/start/").status_code == 409
    assert "正在推导" in head.get("/customers/cases/relations/").content.decode()
    assert head.post("/customers/cases/relations/stop/").status_code == 302
    JobRun.objects.update(state=JobRun.State.CANCELLED, done=2)
    assert "继续" in head.get("/customers/cases/relations/").content.decode()
    head.post("/customers/cases/relations/start/")
    assert AuditEvent.objects.filter(act="customer.relate_all").last().after == {"from": 2}


def test_a_steward_of_a_province_starts_nothing(family: None, client: Client) -> None:
    steward = factory.log_in(client, XU)
    assert steward.post("/customers/cases/relations/start/").status_code == 403
    assert not JobRun.objects.exists()


def test_a_killed_run_goes_on_where_it_was(family: None, client: Client) -> None:
    head = factory.log_in(client, factory.HEAD)
    head.post("/customers/cases/relations/start/")
    run = JobRun.objects.get()
    with scope.bulk():
        last = Customer.objects.order_by("-id").values_list("id", flat=True)[0]
    JobRun.objects.update(state=JobRun.State.RUNNING, done=last - 1)
    jobs.carry_out(RELATING, run.pk, {"after": 0})
    run.refresh_from_db()
    assert (run.state, run.result["customers"], run.done) == (JobRun.State.DONE, 1, last)


# --- the API


def test_the_api_tells_relations_and_masks_who_is_out_of_scope(family: None) -> None:
    found = api(factory.ZHANG).get(f"/api/v1/customers/{code_of('孙建国')}/relations").json()
    son, wife = sorted(found["relations"], key=lambda one: one["role"])
    assert (son["name"], son["code"], son["role"], son["side"]) == (
        "孙伟",
        code_of("孙伟"),
        "parent",
        "lower",
    )
    assert son["reasons"] == ["住址相同(到房间)", "同姓孙", "相差 25 岁"]
    assert (wife["name"], wife["code"], wife["role"]) == ("周*", None, "spouse")
    assert "相差 … 岁" in wife["reasons"], "her age follows from her husband's"
    assert AuditEvent.objects.filter(act="customer.open", subject=code_of("孙建国")).count() == 1


def test_the_api_tells_the_next_county_nothing(family: None) -> None:
    assert api(LI).get(f"/api/v1/customers/{code_of('孙建国')}/relations").status_code == 404
