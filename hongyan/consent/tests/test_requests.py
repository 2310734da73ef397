"""The request desk: from what a person asks to the answer, in 15 working days (PIPL 44–50, BARS A 36)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from hongyan.consent.actions import requests as acts
from hongyan.consent.models import PersonRequest
from hongyan.core import clock, scope
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.core.models import AuditEvent
from hongyan.core.workdays import Workdays
from hongyan.customer.models import Customer
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import LI, WANG, ZHANG, code_of, log_in, viewer
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of

pytestmark = pytest.mark.django_db

ASKED = {"kind": "erase", "source": "counter", "asked": "请删除我的资料"}


@pytest.fixture
def town(db: None) -> None:
    factory.make_town()


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


@pytest.fixture
def wang(town: None) -> Client:
    return log_in(Client(), WANG)


def ask(client: Client, **said: str) -> HttpResponse:
    return client.post(f"/consent/requests/for/{code_of('王小明')}/", {**ASKED, **said})


def last() -> PersonRequest:
    with scope.bulk():
        return PersonRequest.objects.select_related("customer").latest("pk")


def step(client: Client, act: str, **said: object) -> HttpResponse:
    row = last()
    return client.post(f"/consent/requests/{row.pk}/{act}/", {"version": row.version, **said})


def make(kind: str = "access") -> PersonRequest:
    who = viewer(ZHANG)
    with scope.acting(who.scope):
        return acts.receive(who, code_of("王小明"), kind=kind, source="phone", asked="想看我的资料")


def test_a_request_goes_from_the_counter_to_an_answer_that_freezes(zhang: Client, wang: Client) -> None:
    assert ask(zhang).status_code == 302
    today = clock.business_date()
    with scope.bulk():
        fifteen = Workdays.near(today).add_working_days(today, 15)
    assert (last().state, last().due_on) == ("received", fifteen)
    assert step(zhang, "verify", identity="original").status_code == 302
    assert step(wang, "begin").status_code == 302
    assert step(wang, "answer", text="业务记录依法保存，已停止使用", with_freeze="on").status_code == 302
    row = last()
    assert (row.state, row.is_closed, row.is_frozen) == ("answered", True, True)
    with scope.bulk():
        assert Customer.objects.get(pk=row.customer_id).status == "frozen"
        acts_done = AuditEvent.objects.filter(subject=row.number).order_by("pk").values_list("act", flat=True)
        done = [act for act in acts_done if act != "request.opened"]
    assert done == ["request.received", "request.verified", "request.begun", "request.answered"]
    page = wang.get(f"/consent/requests/{row.pk}/").content.decode()
    assert "业务记录依法保存" in page
    assert "客户资料已冻结" in page
    assert "核对证件原件" in page


def test_a_refusal_needs_its_reason_and_nobody_is_answered_unverified(zhang: Client, wang: Client) -> None:
    ask(zhang, kind="explain")
    assert step(wang, "answer", text="好").status_code == 409
    assert step(wang, "refuse", text=" ").status_code == 422
    assert last().state == "received"
    assert step(wang, "refuse", text="来人不能证明是本人").status_code == 302
    assert (last().state, last().answer) == ("refused", "来人不能证明是本人")
    assert step(wang, "refuse", text="再拒绝一次").status_code == 409


def test_two_at_once_the_second_is_told(zhang: Client) -> None:
    row = make()
    who = viewer(ZHANG)
    with scope.acting(who.scope):
        acts.verify(who, row.pk, version=1, identity="original")
        with pytest.raises(Conflict):
            acts.verify(who, row.pk, version=1, identity="agent")
    assert last().identity == "original"


def test_the_same_request_is_taken_in_once(zhang: Client) -> None:
    ask(zhang)
    assert ask(zhang).status_code == 409
    with scope.bulk():
        assert PersonRequest.objects.count() == 1


def test_a_firm_has_no_such_rights(zhang: Client) -> None:
    answer = zhang.post(f"/consent/requests/for/{code_of('济南市鼎盛食品有限公司')}/", ASKED)
    assert answer.status_code == 422
    assert "只适用于个人客户" in answer.content.decode()


def test_who_may_not_answer_does_not_and_nothing_changes(zhang: Client) -> None:
    row, who = make(), viewer(ZHANG)
    with scope.acting(who.scope), pytest.raises(NotAllowed):
        acts.refuse(who, row.pk, version=1, text="不")
    assert step(zhang, "refuse", text="不").status_code == 403
    assert last().state == "received"


def test_the_next_county_sees_nothing(town: None, client: Client) -> None:
    row = make()
    li = log_in(client, LI)
    assert li.get(f"/consent/requests/{row.pk}/").status_code == 404
    assert row.number not in li.get("/consent/requests/").content.decode()
    said = {"version": 1, "identity": "agent"}
    assert li.post(f"/consent/requests/{row.pk}/verify/", said).status_code == 404
    assert last().state == "received"


def test_the_list_begins_with_what_is_due_and_marks_what_is_late(zhang: Client) -> None:
    late, answered = make("access"), make("copy")
    with scope.bulk():
        PersonRequest.objects.filter(pk=late.pk).update(due_on=clock.business_date() - timedelta(days=1))
        PersonRequest.objects.filter(pk=answered.pk).update(
            state="answered", is_closed=True, due_on=date(2020, 1, 1)
        )
    page = zhang.get("/consent/requests/").content.decode()
    assert page.index(late.number) < page.index(answered.number)
    assert page.count("逾期</span>") == 1
    shown = zhang.get("/consent/requests/?standing=overdue").content.decode()
    assert late.number in shown
    assert answered.number not in shown


def test_pages_stay_cheap(zhang: Client) -> None:
    row = make()
    for address in ("/consent/requests/", f"/consent/requests/{row.pk}/"):
        assert queries_of(zhang, address) <= MOST_QUERIES


def test_a_head_freezes_and_unfreezes_on_the_tab_and_a_manager_does_not(zhang: Client, wang: Client) -> None:
    """PIPL 47: kept, not used."""
    code = code_of("王小明")
    tab, freeze, unfreeze = (
        f"/customers/{code}/consent/",
        f"/consent/customers/{code}/freeze/",
        f"/consent/customers/{code}/unfreeze/",
    )
    factory.state_purposes(wang, code)
    assert freeze not in zhang.get(tab).content.decode()
    assert zhang.post(freeze, {"reason": "客户要求"}).status_code == 403
    assert freeze in wang.get(tab).content.decode()
    assert wang.post(freeze, {"reason": " "}).status_code == 422
    assert status() == "active"
    assert wang.post(freeze, {"reason": "客户要求"}).status_code == 302
    assert status() == "frozen"
    page = wang.get(tab).content.decode()
    assert unfreeze in page
    assert freeze not in page
    assert queries_of(wang, tab) <= MOST_QUERIES
    assert wang.post(freeze, {"reason": "再冻结一次"}).status_code == 409
    assert wang.post(unfreeze, {"reason": "又来办业务"}).status_code == 302
    assert status() == "active"


def status() -> str:
    with scope.bulk():
        return Customer.objects.get(code=code_of("王小明")).status
