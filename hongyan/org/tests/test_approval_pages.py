"""Approvals through their doors: inbox, one request, decisions, batch, recall, the API, the route's editor (SM13)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.actions.approvals import decide, submit
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Risk, Role, Verdict
from hongyan.org.models import Approval, ApprovalEvent, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.approvals import declared, now
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

_POSTS = (
    ("wu", "吴县", "370102", Role.COUNTY_HEAD),
    ("shi", "石市", "3701", Role.CITY_ADMIN),
    ("sheng", "盛省", "37", Role.PROVINCE_ADMIN),
    ("zong", "宗集", "H", Role.GROUP_ADMIN),
    ("qian", "钱进", "L1", Role.MANAGER),
)


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with scope.bulk():
        small_organisation()
        take_in_posts([post_row(*post, row=row) for row, post in enumerate(_POSTS, 2)], actor=SYSTEM)
        zhang = Staff.objects.get(staff_no="zhang")
        Staff.objects.update(password=zhang.password, password_set_at=zhang.password_set_at)
    with declared():
        yield


def ask(subject: str = "S1", *, staff_no: str = "qian", **given: object) -> Approval:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        return submit(viewer, "sample", subject, **{"reason": f"原因{subject}", **given})


def events() -> int:
    with scope.acting(scope.EVERYTHING):
        return ApprovalEvent.objects.count()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def test_the_inbox_opens_on_what_waits_and_counts_it_in_the_menu() -> None:
    ask("S1"), ask("S2", staff_no="wu")
    checker = logged_in("wu")
    assert "原因S1" in page(checker, "/approvals/")
    assert "原因S2" not in page(checker, "/approvals/")
    assert "原因S2" in page(checker, "/approvals/?box=mine")
    assert {"原因S1", "原因S2"} <= set(
        page(checker, "/approvals/?view=").replace("<", " ").replace(">", " ").split()
    )
    assert '<span class="menu-badge">1</span>' in page(checker, "/approvals/")
    assert "待我审批的申请" in page(checker, "/")
    assert "menu-badge" not in page(logged_in("li"), "/approvals/")


def test_choosing_a_language_is_no_choice_of_rows() -> None:
    mine, other = ask("S1"), ask("S2", staff_no="zhang")
    shown = logged_in("wu").get("/approvals/?lang=en").context["list"]
    assert shown.state.values == {"box": "todo"}
    assert {approval.pk for approval in shown.page.rows} == {
        approval.pk for approval in logged_in("wu").get("/approvals/").context["list"].page.rows
    }
    assert {mine.pk, other.pk} >= {approval.pk for approval in shown.page.rows}


def test_an_inbox_that_is_done_says_so() -> None:
    """The tab is no condition: nobody is told to take it off, nor counted one."""
    shown = page(logged_in("wu"), "/approvals/")
    assert "没有需要审批的申请" in shown
    assert "没有符合这些条件的结果" not in shown
    assert "filter-chip" not in shown
    assert "没有符合这些条件的结果" in page(logged_in("wu"), "/approvals/?box=todo&risk=3")


def test_the_inbox_filters_and_takes_a_steady_number_of_queries() -> None:
    for number in range(3):
        ask(f"S{number}", risk=Risk.HIGH if number else Risk.LOW)
    checker = logged_in("wu")
    page(checker, "/approvals/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown = page(checker, "/approvals/?box=todo&risk=1")
    assert "原因S0" in shown
    assert "原因S1" not in shown
    for number in range(3, 9):
        ask(f"S{number}")
    with CaptureQueriesContext(connection) as many:
        page(checker, "/approvals/?box=todo&sort=-amount&kind=sample&unit=370102")
    assert len(many) <= len(few) + 3  # the unit, found and named
    assert len(many) <= 12


def test_one_request_shows_the_facts_and_who_can_decide() -> None:
    approval = ask(amount=2000)
    checker = logged_in("wu")
    with CaptureQueriesContext(connection) as queries:
        shown = page(checker, f"/approvals/{approval.pk}/")
    for words in ("样品 S1", "原因S1", "吴县", "2,000", "审批路线", "第 2 步", 'value="approve"'):
        assert words in shown
    assert len(queries) <= 12
    maker = page(logged_in("qian"), f"/approvals/{approval.pk}/")
    assert 'value="approve"' not in maker
    assert "申请人不能审批" in maker
    assert f"/approvals/{approval.pk}/recall/" in maker
    assert page(logged_in("li"), f"/approvals/{approval.pk}/", status=404)
    assert page(logged_in("wang"), f"/approvals/{approval.pk}/").count('value="approve"') == 0


def test_a_decision_by_form_is_audited_and_shown_to_the_maker() -> None:
    approval = ask()
    checker = logged_in("wu")
    address = f"/approvals/{approval.pk}/decide/"
    refused = checker.post(address, {"verdict": "reject", "version": now(approval).version})
    assert refused.status_code == 422
    assert "请写明驳回的原因" in refused.content.decode()
    assert events() == 1
    done = checker.post(
        address, {"verdict": "reject", "version": now(approval).version, "reason": "缺少附件"}
    )
    assert (done.status_code, done["Location"]) == (302, "/approvals/")
    assert now(approval).state == "rejected"
    with scope.acting(scope.EVERYTHING):
        row = AuditEvent.objects.get(act="approval.reject")
    assert (row.actor, row.purpose) == ("wu", "缺少附件")
    assert "缺少附件" in page(logged_in("qian"), f"/approvals/{approval.pk}/")


def test_who_comes_second_reads_who_was_faster() -> None:
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
        Staff.objects.filter(staff_no="xia").update(
            password=Staff.objects.get(staff_no="wu").password, password_set_at=clock.now()
        )
    approval = ask()
    sent = {"verdict": "approve", "version": now(approval).version}
    assert logged_in("wu").post(f"/approvals/{approval.pk}/decide/", sent).status_code == 302
    late = logged_in("xia").post(f"/approvals/{approval.pk}/decide/", sent)
    assert late.status_code == 409
    assert "吴县" in late.content.decode()
    assert events() == 2


@pytest.mark.parametrize(("who", "status"), [("qian", 403), ("li", 404), ("shi", 404), ("wang", 403)])
def test_nobody_else_decides(who: str, status: int) -> None:
    """BARS A 17: refused by page and API, nothing changed."""
    approval = ask()
    sent = {"verdict": "approve", "version": now(approval).version}
    assert logged_in(who).post(f"/approvals/{approval.pk}/decide/", sent).status_code == status
    answer = caller(who).post(
        f"/api/v1/approvals/{approval.pk}/decision", sent, content_type="application/json"
    )
    assert answer.status_code == status
    assert (now(approval).state, events()) == ("pending", 1)


def test_a_batch_refuses_by_name_and_approves_low_risk() -> None:
    low, grave = ask("L", risk=Risk.LOW), ask("H", risk=Risk.HIGH)
    checker = logged_in("wu")
    refused = checker.post("/approvals/approve/", {"ids": [low.pk, grave.pk]})
    assert refused.status_code == 422
    assert f"样品 {grave.pk}" in refused.content.decode()
    assert events() == 2
    assert (
        checker.post("/approvals/approve/", {"scope": "all", "query": "box=todo&risk=1"}).status_code == 302
    )
    assert (now(low).state, now(grave).state) == ("approved", "pending")
    assert checker.post("/approvals/approve/", {}).status_code == 422


def test_a_batch_is_refused_for_a_condition_that_cannot_be_used() -> None:
    low = ask("L", risk=Risk.LOW)
    answer = logged_in("wu").post("/approvals/approve/", {"scope": "all", "query": "box=todo&risk=9"})
    assert answer.status_code == 422
    assert now(low).state == "pending"


def test_the_maker_recalls() -> None:
    approval = ask()
    maker = logged_in("qian")
    assert maker.post(f"/approvals/{approval.pk}/recall/", {"reason": ""}).status_code == 422
    assert maker.post(f"/approvals/{approval.pk}/recall/", {"reason": "填错"}).status_code == 302
    assert now(approval).state == "recalled"


# --- the API


def caller(staff_no: str) -> Client:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        _, text = make_api_token(viewer, name="test")
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_the_api_lists_reads_and_decides_once() -> None:
    approval = ask(amount=12)
    api = caller("wu")
    (line,) = api.get("/api/v1/approvals").json()["items"]
    assert (line["id"], line["kind"], line["amount"], line["maker"]) == (
        approval.pk,
        "sample",
        "12.00",
        "qian",
    )
    read = api.get(f"/api/v1/approvals/{approval.pk}").json()
    assert read["may_decide"] is True
    assert [(step["number"], step["unit"], step["state"]) for step in read["steps"]] == [
        (1, "370102", "open")
    ]
    sent = {"verdict": "approve", "version": read["version"]}
    for _ in range(2):  # the second changes nothing
        answer = api.post(f"/api/v1/approvals/{approval.pk}/decision", sent, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    assert events() == 2
    assert api.get("/api/v1/approvals").json()["items"] == []
    assert [one["state"] for one in api.get("/api/v1/approvals?box=all&state=approved").json()["items"]] == [
        "approved"
    ]
    other = {**sent, "verdict": "reject", "reason": "晚了"}
    late = api.post(f"/api/v1/approvals/{approval.pk}/decision", other, content_type="application/json")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_the_api_wants_a_reason_for_a_refusal() -> None:
    approval = ask()
    sent = {"verdict": "reject", "version": now(approval).version}
    answer = caller("wu").post(
        f"/api/v1/approvals/{approval.pk}/decision", sent, content_type="application/json"
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["reason"])
    assert events() == 1


# --- the editor of a route


def test_a_route_is_edited_as_a_table() -> None:
    editor = logged_in("bao")
    shown = page(editor, "/parameters/approval.sample/")
    assert "审批矩阵：样品" in shown
    assert 'name="value-0-roles" value="负责人"' in shown
    cells = {
        "step": "1",
        "roles": "市管理员",
        "level": "3",
        "hours": "8",
        "on_timeout": "reject",
        "joins": "all",
    }
    sent = {
        **{f"value-0-{column}": text for column, text in cells.items()},
        "effective_from": clock.business_date().isoformat(),
        "reason": "试点",
        "seen": "",
    }
    wrong = editor.post("/parameters/approval.sample/", {**sent, "value-0-hours": "0"})
    assert wrong.status_code == 422
    assert "第 1 行“时限（工作小时）”" in unescape(wrong.content.decode())
    assert not ParameterValue.objects.filter(key="approval.sample").exists()
    assert editor.post("/parameters/approval.sample/", sent).status_code == 302
    viewer = find_viewer("zong")
    with scope.acting(viewer.scope):
        decide(viewer, Approval.objects.latest("pk").pk, Verdict.APPROVE)
    assert "市管理员" in page(editor, "/parameters/approval.sample/")
    assert "approval.sample" in page(editor, "/parameters/")
    approval = ask()
    assert [step.place.unit.code for step in steps_of(approval)] == ["3701"]


def steps_of(approval: Approval) -> list:
    with scope.acting(scope.EVERYTHING):
        return list(approval.steps.select_related("place__unit"))


def test_pages_speak_english() -> None:
    approval = ask(amount=2000)
    checker = logged_in("wu")
    checker.get("/?lang=en")
    shown = page(checker, f"/approvals/{approval.pk}/") + page(checker, "/approvals/?view=")
    for words in ("Approve", "Reject", "Route", "Step 2", "To decide"):
        assert words in shown
