"""The log of exceptions through HTTP: the number on the error page, the list, handling (CUS-011)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.exception_log import Kind, note
from hongyan.core.models import AuditAlert, AuditEvent, ExceptionEvent, ParameterValue
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def broken_home(monkeypatch: pytest.MonkeyPatch) -> Client:
    def fail(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hongyan.web.views.home_of", fail)
    client = logged_in("zhang")
    client.raise_request_exception = False
    return client


def test_the_number_on_the_error_page_finds_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = broken_home(monkeypatch).get("/")
    assert answer.status_code == 500
    number = re.search(r"编号 ([0-9a-f]{12})", answer.content.decode())
    assert number is not None

    found = logged_in("zhao").get(f"/exceptions/?reference={number[1]}").context["list"].page.rows
    assert [(event.kind, event.name, event.count) for event in found] == [("error", "ZeroDivisionError", 1)]
    assert "web:home" in found[0].place


def test_refusals_are_counted_by_door() -> None:
    zhang = logged_in("zhang")
    for number in (1, 2):
        assert zhang.get(f"/organisation/units/none{number}/").status_code == 404
    assert zhang.get("/exceptions/").status_code == 403
    rows = ExceptionEvent.objects.order_by("id").values_list("kind", "name", "place", "count")
    assert list(rows) == [
        ("denied", "NotFound unit", "org:unit", 2),
        ("denied", "NotAllowed exception.handle", "org:exceptions", 1),
    ]


def test_ordinary_refusals_wait_for_nobody_until_somebody_is_refused_too_often() -> None:
    """CUS-011: the rule counts one person's refusals of an hour, whatever they asked for."""
    ParameterValue.objects.create(
        key="exception.denials_an_hour", value=3, effective_from="2020-01-01",
        set_at="2020-01-01T00:00Z", set_by="x",
    )  # fmt: skip
    zhang, li = logged_in("zhang"), logged_in("li")

    def states() -> dict[str, str]:
        return dict(ExceptionEvent.objects.values_list("place", "state"))

    zhang.get("/organisation/units/none1/")
    zhang.get("/exceptions/")
    li.get("/organisation/units/none1/")
    assert states() == {"org:unit": "routine", "org:exceptions": "routine"}
    assert logged_in("zhao").get("/exceptions/?state=open").context["list"].page.rows == []
    with clock.frozen(clock.now() + timedelta(hours=1, minutes=1)):
        logged_in("zhang").get("/organisation/units/none2/")
        assert states()["org:unit"] == "routine", "what is an hour ago is past"
    zhang.get("/organisation/units/none3/")
    assert states() == {"org:unit": "open", "org:exceptions": "routine"}
    assert "不用处理" in logged_in("zhao").get("/exceptions/").content.decode()


def test_who_runs_the_system_says_what_was_done() -> None:
    note(Kind.ERROR, "KeyError", "x.py:1 f")
    event = ExceptionEvent.objects.get()
    zhao = logged_in("zhao")

    assert zhao.post(f"/exceptions/{event.pk}/", {"note": ""}).status_code == 422
    assert zhao.post(f"/exceptions/{event.pk}/", {"note": "已重启"}).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.note, event.handled_by) == ("handled", "已重启", "zhao")
    with scope.acting(scope.EVERYTHING):
        said = AuditEvent.objects.get(act="exception.handle")
    assert (said.actor, said.subject, said.after["state"]) == ("zhao", str(event.pk), "handled")
    assert zhao.get("/exceptions/?state=open").context["list"].page.rows == []


@pytest.mark.parametrize("staff_no", ["zhang", "wang", "bao"])
def test_nobody_else_opens_or_handles_it(staff_no: str) -> None:
    note(Kind.ERROR, "KeyError", "x.py:1 f")
    event = ExceptionEvent.objects.get()
    client = logged_in(staff_no)
    assert client.get(f"/exceptions/{event.pk}/").status_code == 403
    assert client.post(f"/exceptions/{event.pk}/", {"note": "好了"}).status_code == 403
    event.refresh_from_db()
    assert event.state == "open"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_alerts_and_exceptions(language: str) -> None:
    note(Kind.JOB, "KeyError", "x.py:1 f")
    pages = (
        ("zhao", "/exceptions/"),
        ("zhao", f"/exceptions/{ExceptionEvent.objects.get().pk}/"),
        ("bao", "/audit/alerts/"),
    )
    for staff_no, url in pages:
        page = logged_in(staff_no).get(f"{url}?lang={language}")
        assert page.status_code == 200
        assert "KeyError" in page.content.decode() or "alerts" in url


def test_alerts_are_shown_to_who_watches_in_their_scope() -> None:
    with scope.acting(scope.EVERYTHING):
        AuditAlert.objects.create(
            raised_at="2026-11-23T04:00Z", actor="zhang", actor_name="张伟", org_no=10**15,
            since="2026-11-23T03:50Z", until="2026-11-23T04:00Z", count=1200,
        )  # fmt: skip
    assert "张伟" in logged_in("bao").get("/audit/alerts/").content.decode()
    assert "张伟" not in logged_in("qin").get("/audit/alerts/").content.decode()
    assert logged_in("zhao").get("/audit/alerts/").status_code == 403
    with scope.acting(scope.EVERYTHING):
        assert AuditEvent.objects.filter(act="list.read", subject_kind="alert_list").count() == 2
