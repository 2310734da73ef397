"""Other lines and systems are asked before a customer is closed (外围校验), X-21."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.workdays import Workdays
from hongyan.customer.codes import Status
from hongyan.customer.models import Ownership
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import code_of, log_in
from hongyan.customer.tests.test_api import api
from hongyan.desk.models import Notification
from hongyan.lifecycle.actions.answering import settle_due
from hongyan.lifecycle.codes import ApplicationState
from hongyan.lifecycle.models import Inquiry
from hongyan.lifecycle.tests.applying import approve, last, let_time_pass
from hongyan.lifecycle.tests.test_closing import FIRM, begin, give_express, status
from hongyan.org.codes import Line
from hongyan.org.models import Post, Staff


@pytest.fixture
def zhang(town: None) -> Client:
    """The manager for letters, who asks to close 鼎盛; li, in the next county, owns it in the express line."""
    give_express()
    Post.objects.filter(staff__staff_no=factory.LI).update(line_codes=[Line.EXPRESS.value])
    li = factory.viewer(factory.LI)
    with scope.bulk():
        ours = Ownership.objects.filter(customer__name=FIRM, line=Line.EXPRESS, until=None)
        ours.update(unit_id=li.unit_id, manager=Staff.objects.get(staff_no=factory.LI))
        factory.take(  # projected anew: the owner stands elsewhere now
            factory.Given(
                FIRM, "E1", system="ems", line=Line.EXPRESS, party_type=factory.PartyType.ORGANISATION,
                kind=factory.Kind.AGREEMENT_UNIT, unit=factory.HUAIYIN_OUTLET, manager=factory.LI,
                secrets={"credential_no": factory.USCC}, fields={"agreement_no": "SD2026-9", "short_name": "鼎盛"},
            )
        )  # fmt: skip
    client = log_in(Client(), factory.ZHANG)
    assert begin(client, "close", line="01").status_code == 302
    return client


@pytest.fixture
def li(zhang: Client) -> Client:
    return log_in(Client(), factory.LI)


def say(client: Client, act: str, reason: str = "") -> HttpResponse:
    row = last()
    return client.post(
        f"/applications/{row.pk}/answer/", {"act": act, "reason": reason, "version": row.version}
    )


def tell(system: str, *, objects: bool, reason: str = "") -> HttpResponse:
    return api(factory.ZHANG).post(
        f"/api/v1/applications/{last().number}/answer",
        {"system": system, "objects": objects, "reason": reason},
        content_type="application/json",
    )


def told(who: str) -> set[str]:
    with scope.bulk():
        return set(Notification.objects.filter(recipient=who).values_list("kind", flat=True))


def test_other_lines_and_systems_are_asked_before_anybody_approves(li: Client) -> None:
    row, today = last(), clock.business_date()
    assert (row.state, row.approval_id) == (ApplicationState.CHECKING, None)
    with scope.bulk():
        asked = {(one.line, one.system, one.until) for one in Inquiry.objects.all()}
    assert {(line, system) for line, system, _ in asked} == {("02", ""), ("", "kgc"), ("", "ems")}
    (until,) = {until for _, _, until in asked}
    assert until.astimezone(clock.BUSINESS_ZONE).date() == Workdays.near(today).add_working_days(today, 2)
    assert "lifecycle.asked" in told(factory.LI)
    assert row.number in li.get("/applications/?answer=ours").content.decode()
    assert "提出异议" in li.get(f"/applications/{row.pk}/").content.decode()


def test_who_says_nothing_has_nothing_against_it(zhang: Client) -> None:
    assert (settle_due(), last().state) == (0, ApplicationState.CHECKING)
    assert let_time_pass() == 1
    assert last().state == ApplicationState.SUBMITTED
    assert "lifecycle.checked" in told(factory.ZHANG)
    head = log_in(Client(), factory.WANG)
    assert "到期未答复，视为无异议" in head.get(f"/approvals/{last().approval_id}/").content.decode()
    approve()
    assert status()[1] == [Status.DEREGISTERED, Status.ACTIVE]
    assert settle_due() == 0


def test_an_objection_sends_it_back_and_is_shown(zhang: Client, li: Client) -> None:
    assert say(li, "object").status_code == 422, "not without a reason"
    assert say(li, "object", "速递月结未清").status_code == 302
    row = last()
    assert (row.state, row.approval_id) == (ApplicationState.REFUSED, None)
    assert "速递月结未清" in zhang.get(f"/applications/{row.pk}/").content.decode()
    assert "lifecycle.blocked" in told(factory.ZHANG)
    assert let_time_pass() == 0
    assert say(li, "concur").status_code == 409, "said once"
    assert status()[1] == [Status.ACTIVE, Status.ACTIVE]
    assert begin(zhang, "close", line="01").status_code == 302, "it may be asked again"


def test_when_all_have_answered_nobody_waits(zhang: Client, li: Client) -> None:
    assert tell("kgc", objects=False).json()["state"] == ApplicationState.CHECKING
    assert say(li, "concur").status_code == 302
    assert tell("ems", objects=False).json()["state"] == ApplicationState.SUBMITTED


def test_a_system_asks_what_it_is_asked_and_answers(zhang: Client) -> None:
    url = "/api/v1/inquiries?system=kgc"
    (asked,) = api(factory.ZHANG).get(url).json()
    assert (asked["application"], asked["keys"], asked["line"]) == (last().number, ["K3"], "01")
    assert api(factory.LI).get(url).json() == [], "of another scope"
    assert api(factory.SUN).get(url).status_code == 403
    assert tell("kgc", objects=True).status_code == 422
    assert tell("nobody", objects=True, reason="未结清").status_code == 409
    assert tell("kgc", objects=True, reason="营业系统有未结清业务").status_code == 200
    assert last().state == ApplicationState.REFUSED
    assert api(factory.ZHANG).get(url).json() == []
    assert "营业系统有未结清业务" in zhang.get(f"/applications/{last().pk}/").content.decode()


def test_only_whose_line_is_asked_answers(zhang: Client) -> None:
    assert say(zhang, "object", "不同意").status_code == 409
    assert say(log_in(Client(), factory.SUN), "concur").status_code == 403
    Post.objects.filter(staff__staff_no=factory.LI).update(line_codes=[Line.BANK.value])
    assert say(log_in(Client(), factory.LI), "concur").status_code == 409
    assert last().state == ApplicationState.CHECKING


def test_the_maker_may_take_it_back_meanwhile(zhang: Client, li: Client) -> None:
    row = last()
    assert li.post(f"/applications/{row.pk}/withdraw/", {"seen": row.version}).status_code == 404
    assert zhang.post(f"/applications/{row.pk}/withdraw/", {"seen": row.version}).status_code == 302
    assert (last().state, let_time_pass()) == (ApplicationState.WITHDRAWN, 0)
    assert say(li, "object", "不同意").status_code == 409


def test_whom_no_system_knows_is_closed_without_waiting(town: None) -> None:
    """A customer entered by hand: nobody outside knows it."""
    client = log_in(Client(), factory.ZHANG)
    form = {"party_type": "P", "name": "钱大钧", "mobile": "13500006666", "line": "01", "key": "0" * 32}
    assert client.post("/customers/new/", form).status_code == 302
    assert begin(client, "close", name="钱大钧").status_code == 302
    assert last().state == ApplicationState.SUBMITTED
    assert code_of("钱大钧")


def test_the_page_asks_few_questions(li: Client) -> None:
    for page in (f"/applications/{last().pk}/", "/applications/?answer=ours"):
        li.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert li.get(page).status_code == 200
        assert sum(" FROM " in one["sql"] for one in asked) <= 12
