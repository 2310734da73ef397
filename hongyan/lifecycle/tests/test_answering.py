"""What the other mailing line says of an application, and what follows (X-22)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.classes.actions import blacklist as blacklisting
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.core.workdays import Workdays
from hongyan.customer.codes import Kind
from hongyan.customer.models import Relationship
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import Given, log_in, take
from hongyan.desk.models import Notification
from hongyan.lifecycle.actions.answering import settle_due
from hongyan.lifecycle.codes import ApplicationState
from hongyan.lifecycle.tests.applying import ID_OF_QIAN, agreeing, apply, approve, last, let_time_pass, typed
from hongyan.org.codes import Line, Verdict
from hongyan.org.models import Post


@pytest.fixture
def zhang(town: None) -> Client:
    """The manager for letters in 泉城路; 王小强 is a customer of the express line of li's outlet only."""
    take(
        Given(
            "王小强", "K9", system="ems", line=Line.EXPRESS, kind=Kind.REGISTERED, unit=factory.HUAIYIN_OUTLET,
            manager=factory.LI, secrets={"credential_no": ID_OF_QIAN}, fields={"credential_type": "01"},
        )
    )  # fmt: skip
    Post.objects.filter(staff__staff_no=factory.LI).update(line_codes=[Line.EXPRESS.value])
    client = log_in(Client(), factory.ZHANG)
    found = apply(client, name="王小强")
    again = typed(name="王小强", **agreeing(found), version=last().version)
    assert client.post(f"/applications/{last().pk}/edit/", again).status_code == 302
    return client


@pytest.fixture
def li(zhang: Client) -> Client:
    return log_in(Client(), factory.LI)


def say(client: Client, act: str, reason: str = "") -> HttpResponse:
    row = last()
    return client.post(
        f"/applications/{row.pk}/answer/", {"act": act, "reason": reason, "version": row.version}
    )


def lines() -> set[str]:
    with scope.bulk():
        return set(Relationship.objects.filter(customer__name="王小强").values_list("line", flat=True))


def told(who: str) -> set[str]:
    with scope.bulk():
        return set(Notification.objects.filter(recipient=who).values_list("kind", flat=True))


def agree() -> None:
    """Both checks that an admission of a customer of other units takes."""
    approve()
    approve(factory.SUN)


def test_the_other_line_hears_until_when_it_may_object(li: Client) -> None:
    row = last()
    today = clock.business_date()
    assert row.heard_until
    assert row.heard_until.astimezone(clock.BUSINESS_ZONE).date() == Workdays.near(today).add_working_days(
        today, 2
    )
    assert "lifecycle.other_line" in told(factory.LI)
    page = li.get(f"/applications/{row.pk}/").content.decode()
    assert "提出异议" in page
    assert ID_OF_QIAN not in page
    assert row.number in li.get("/applications/?answer=ours").content.decode()


def test_an_approval_waits_for_the_window_and_then_takes_effect(zhang: Client) -> None:
    agree()
    assert (last().state, lines()) == (ApplicationState.AGREED, {"02"})
    assert settle_due() == 0
    assert "已同意，待生效" in zhang.get(f"/applications/{last().pk}/").content.decode()
    assert "lifecycle.agreed" in told(factory.ZHANG)
    assert let_time_pass() == 1
    assert (last().state, lines()) == (ApplicationState.APPROVED, {"01", "02"})
    assert settle_due() == 0


def test_no_objection_lets_it_take_effect_at_once(li: Client) -> None:
    agree()
    assert say(li, "concur").status_code == 302
    assert (last().state, lines()) == (ApplicationState.APPROVED, {"01", "02"})
    assert say(li, "object", "线路重复").status_code == 409, "said once"


def test_an_objection_stops_what_was_agreed_until_the_province_decides(li: Client) -> None:
    agree()
    assert say(li, "object").status_code == 422, "not without a reason"
    assert last().state == ApplicationState.AGREED
    assert say(li, "object", "速递已为其设专线").status_code == 302
    row = last()
    assert (row.state, row.objection, lines()) == (ApplicationState.SUBMITTED, "速递已为其设专线", {"02"})
    assert let_time_pass() == 0
    head = log_in(Client(), factory.SUN)
    assert "速递已为其设专线" in head.get(f"/approvals/{row.approval_id}/").content.decode()
    assert approve(factory.SUN).state == ApplicationState.APPROVED
    assert lines() == {"01", "02"}
    assert AuditEvent.objects.filter(act="application.object", purpose="速递已为其设专线").count() == 1


def test_the_province_may_refuse_it(li: Client) -> None:
    agree()
    say(li, "object", "速递已为其设专线")
    row = approve(factory.SUN, Verdict.REJECT, "维持速递")
    assert (row.state, lines()) == (ApplicationState.REFUSED, {"02"})


def test_a_province_that_knows_the_objection_is_not_asked_twice(li: Client) -> None:
    approve()
    say(li, "object", "速递已为其设专线")
    assert {"lifecycle.objected"} <= told(factory.ZHANG)
    assert approve(factory.SUN).state == ApplicationState.APPROVED


def test_what_changed_while_it_waited_comes_back_to_its_maker(zhang: Client) -> None:
    agree()
    head = factory.viewer(factory.SUN)
    with scope.acting(head.scope):
        blacklisting.enter(head, factory.code_of("王小强"), reason="fraud")
    let_time_pass()
    assert (last().state, lines()) == (ApplicationState.REFUSED, {"02"})
    assert "lifecycle.outdated" in told(factory.ZHANG)
    assert zhang.get(f"/applications/{last().pk}/edit/").status_code == 200


def test_too_late_is_too_late(li: Client) -> None:
    let_time_pass()
    assert say(li, "object", "线路重复").status_code == 409
    agree()
    assert last().state == ApplicationState.APPROVED


def test_only_the_other_line_where_the_customer_is_may_answer(zhang: Client) -> None:
    """The maker, the same line's head, and the other line elsewhere say nothing."""
    assert say(zhang, "object", "线路重复").status_code == 409
    assert say(log_in(Client(), factory.WANG), "concur").status_code == 409
    assert say(log_in(Client(), factory.SUN), "concur").status_code == 403
    Post.objects.filter(staff__staff_no=factory.LI).update(line_codes=[Line.BANK.value])
    assert say(log_in(Client(), factory.LI), "object", "线路重复").status_code == 409
    assert last().answered_at is None


def test_whoever_looks_after_both_lines_asks_nobody(town: None) -> None:
    """The other mailing line is the maker: there is nobody to hear it, and nothing to wait for."""
    take(
        Given(
            "王小强", "K9", system="ems", line=Line.EXPRESS, kind=Kind.REGISTERED,
            secrets={"credential_no": ID_OF_QIAN}, fields={"credential_type": "01"},
        )
    )  # fmt: skip
    client = log_in(Client(), factory.ZHANG)
    found = apply(client, name="王小强")
    again = typed(name="王小强", **agreeing(found), version=last().version)
    client.post(f"/applications/{last().pk}/edit/", again)
    assert (last().heard_until, told(factory.ZHANG) & {"lifecycle.other_line"}) == (None, set())
    assert approve().state == ApplicationState.APPROVED


def test_the_page_to_answer_asks_few_questions(li: Client) -> None:
    for page in (f"/applications/{last().pk}/", "/applications/?answer=ours"):
        li.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert li.get(page).status_code == 200
        assert sum(" FROM " in one["sql"] for one in asked) <= 12
