"""Notes, calls and following on a customer's page (GEN-001, GEN-006)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.freeze import freeze
from hongyan.customer.models import Customer, CustomerScope
from hongyan.customer.notices import tell_of_statuses
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, WANG, ZHANG, code_of, log_in, viewer
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.models import Follow, Note, Notification
from hongyan.desk.parameters import NOTE_EDIT_MINUTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


def tab(code: str) -> str:
    return f"/customers/{code}/timeline/"


def write(client: Client, code: str, text: str) -> Any:
    return client.post(f"/records/customer/{code}/notes/new/", {"text": text})


def notes() -> list[Note]:
    with scope.bulk():
        return list(Note.objects.order_by("id"))


def mend(client: Client, note: Note, text: str, *, seen: str | None = None) -> Any:
    address = f"/notes/{note.pk}/"
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    mark = seen if seen is not None else found[1] if found else ""
    return client.post(address, {"text": text, "seen": mark})


def test_a_note_is_read_by_whoever_sees_the_customer_and_by_nobody_else(zhang: Client) -> None:
    code = code_of("王小明")
    answer = write(zhang, code, "下周上门\n带合同")
    assert (answer.status_code, answer["Location"]) == (302, tab(code))
    page = zhang.get(tab(code)).content.decode()
    assert "下周上门\n带合同" in page
    assert "下周上门" in log_in(Client(), WANG).get(tab(code)).content.decode()
    li = log_in(Client(), LI)
    assert li.get(tab(code)).status_code == 404
    assert write(li, code, "不该写").status_code == 404
    with scope.acting(viewer(LI).scope):
        assert not Note.objects.exists()
        assert not Follow.objects.exists()
    assert len(notes()) == 1
    with scope.bulk():
        assert AuditEvent.objects.filter(act="note.written", subject=code, actor=ZHANG).count() == 1


@pytest.mark.parametrize("text", ["", "  ", "电话13812345678", "字" * 2001])
def test_what_is_no_note_is_refused(zhang: Client, text: str) -> None:
    assert write(zhang, code_of("王小明"), text).status_code == 422
    assert notes() == []


def test_only_its_writer_mends_a_note_for_an_hour_and_the_former_words_stay(zhang: Client) -> None:
    code = code_of("王小明")
    write(zhang, code, "爱喝茶")
    (note,) = notes()
    head = log_in(Client(), WANG)
    assert (head.get(f"/notes/{note.pk}/").status_code, mend(head, note, "改").status_code) == (404, 404)
    assert mend(zhang, note, "爱喝红茶").status_code == 302
    assert mend(zhang, note, "爱喝绿茶", seen="another").status_code == 409
    page = zhang.get(tab(code)).content.decode()
    assert ("爱喝红茶" in page, "<summary>" in page.partition("爱喝红茶")[2]) == (True, True)
    set_value(NOTE_EDIT_MINUTES, "0")
    assert f"/notes/{note.pk}/" not in zhang.get(tab(code)).content.decode()
    assert mend(zhang, note, "爱喝水").status_code == 409
    assert notes()[0].text == "爱喝红茶"


def test_a_call_is_kept_with_what_came_of_it(zhang: Client) -> None:
    code = code_of("王小明")
    address = f"/records/customer/{code}/notes/new/?sort=call"
    assert zhang.get(address).status_code == 200
    given = {"direction": "out", "result": "no_answer", "at": "2026-11-20T09:30", "minutes": "0", "text": ""}
    assert zhang.post(address, {**given, "at": "2099-01-01T00:00"}).status_code == 422
    assert zhang.post(address, {**given, "result": "sang"}).status_code == 422
    assert notes() == []
    with clock.frozen(clock.now()):
        assert zhang.post(address, given).status_code == 302
    (call,) = notes()
    assert (call.sort, call.direction, call.result, call.minutes) == ("call", "out", "no_answer", 0)
    assert "呼出 · 无人接听" in zhang.get(tab(code)).content.decode()


def test_who_follows_hears_of_status_and_owner_as_long_as_they_see_the_customer(zhang: Client) -> None:
    code = code_of("王小明")
    address = f"/records/customer/{code}/follow/"
    for _ in range(2):
        assert zhang.post(address).status_code == 302
    with scope.bulk():
        assert Follow.objects.count() == 1
    assert code in zhang.get("/customers/?follow=mine").content.decode()
    assert "H00000000028" not in zhang.get("/customers/?follow=mine").content.decode()
    head = viewer(WANG)
    with scope.acting(head.scope):
        freeze(head, code, reason="法律要求")
    assert told(ZHANG) == ["customer.status_changed"]
    assert code in log_in(Client(), ZHANG).get("/notifications/").content.decode()
    with scope.bulk():  # out of sight from now on
        CustomerScope.objects.filter(customer__code=code).update(org_no=10**6)
        tell_of_statuses({Customer.objects.get(code=code).pk: "active"}, by=WANG)
    assert len(told(ZHANG)) == 1


def test_following_ends(zhang: Client) -> None:
    code = code_of("王小明")
    address = f"/records/customer/{code}/follow/"
    zhang.post(address)
    assert 'name="off"' in zhang.get(tab(code)).content.decode()
    zhang.post(address, {"off": "1"})
    with scope.bulk():
        assert not Follow.objects.exists()
        assert AuditEvent.objects.filter(act="record.unfollowed", subject=code).exists()


def test_a_page_lists_whom_one_follows_with_the_last_news_and_ends_it(zhang: Client) -> None:
    """GEN-006. Who followed stays; what is noted is not told here."""
    ming, company = code_of("王小明"), code_of("济南市鼎盛食品有限公司")
    for code in (ming, company):
        zhang.post(f"/records/customer/{code}/follow/")
    write(zhang, company, "不在列表里的话")
    assert queries_of(zhang, "/customers/followed/") <= MOST_QUERIES
    page = zhang.get("/customers/followed/").content.decode()
    assert page.index(company) < page.index(ming), "the latest news first"
    assert ("备注" in page, "不在列表里的话" in page) == (True, False)
    assert ming not in log_in(Client(), WANG).get("/customers/followed/").content.decode()
    li = log_in(Client(), LI)
    li.post("/customers/followed/end/", {"ids": [ming]})
    with scope.bulk():
        assert Follow.objects.count() == 2
    zhang.post("/customers/followed/end/", {"ids": [ming]})
    with scope.bulk():
        assert [one.record_id for one in Follow.objects.all()] == [Customer.objects.get(code=company).pk]
        assert AuditEvent.objects.filter(act="record.unfollowed", subject=ming).count() == 1
    zhang.post("/customers/followed/end/", {"scope": "all", "query": ""})
    with scope.bulk():
        assert not Follow.objects.exists()


def test_the_tab_takes_few_queries(zhang: Client) -> None:
    code = code_of("王小明")
    for number in range(35):
        write(zhang, code, f"第{number}次")
    mend(zhang, notes()[-1], "改过")
    assert queries_of(zhang, tab(code)) <= MOST_QUERIES


def told(recipient: str) -> list[str]:
    rows = Notification.objects.filter(recipient=recipient, kind__startswith="customer.")
    return list(rows.order_by("id").values_list("kind", flat=True))
