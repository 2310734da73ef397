"""What binds everybody takes two people: guarded parameters, accounts and posts of guardians (BARS A 17, E 5)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import NotAllowed
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.core.parameters import find, value_of
from hongyan.org.actions.accounts import issue_for
from hongyan.org.actions.approvals import attend_to_waiting
from hongyan.org.actions.passwords import issue_activation
from hongyan.org.actions.posts import end_post
from hongyan.org.actions.set_parameter import set_parameter, withdraw_parameter
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import EXCLUSIVE_ROLES, ApprovalState, Bringer, Role
from hongyan.org.models import AccountRequest, Activation, Approval, ParameterChange, Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.rights import GUARDED_ROLES, GUARDIANS
from hongyan.org.tests.factory import PASSWORD, post_row, small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

pytestmark = pytest.mark.django_db

ROWS = "audit.alert_rows"
NEW = "Snow-on-the-Yellow-River-7"
ROUTE = "approval.role_grant"
PEOPLE = (
    ("zong", "宗总", "H", Role.GROUP_ADMIN),
    ("bian", "卞安全", "H", Role.SECURITY_ADMIN),
    ("sheng", "盛省", "37", Role.PROVINCE_ADMIN),
    ("gao", "高市", "3701", Role.CITY_ADMIN),
    ("ma", "马明", "L1", Role.MANAGER),
)


def arrive(*people: tuple[str, str, str, Role]) -> None:
    """Let people come by file, with everybody's password."""
    with scope.bulk():
        take_in_posts([post_row(*person) for person in people], actor=SYSTEM)
        password = Staff.objects.get(staff_no="zhang").password
        Staff.objects.filter(staff_no__in=[person[0] for person in people]).update(
            password=password, password_set_at=clock.now()
        )


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    """The small organisation with `zong` over the group, `sheng` the province, `gao` the city; `bian` beside `bao`."""
    with scope.bulk():
        small_organisation()
    arrive(*PEOPLE)


def change(client: Client, key: str = ROWS, **changes: object) -> HttpResponse:
    day = clock.business_date().isoformat()
    sent = {"value": "5000", "unit": "", "line": "", "effective_from": day, "reason": "试运行", **changes}
    return client.post(f"/parameters/{key}/", sent)


def last_approval() -> Approval:
    with scope.bulk():
        return Approval.objects.latest("pk")


def decide(client: Client, verdict: str = "approve") -> HttpResponse:
    approval = last_approval()
    sent = {"verdict": verdict, "version": approval.version, "reason": "核对过"}
    return client.post(f"/approvals/{approval.pk}/decide/", sent)


def page(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def in_force(key: str = ROWS) -> object:
    parameter = find(key)
    assert parameter is not None
    return value_of(parameter)


def audited(act: str) -> list[tuple[str, str, object]]:
    with scope.acting(scope.EVERYTHING):
        events = AuditEvent.objects.filter(act=act, result="done").order_by("id")
        return [(event.actor, event.subject, (event.after or {}).get("approval")) for event in events]


def test_the_inbox_says_what_is_asked_in_one_line_each() -> None:
    """Issue 4: whoever checks finds the parameter or the person without opening each request."""
    with scope.bulk():
        post = Post.objects.get(staff__staff_no="chen")
    zong = logged_in("zong")
    change(logged_in("bao"))
    zong.post("/organisation/staff/chen/activation/request/", {"reason": "丢失手机"})
    zong.post(f"/organisation/staff/chen/posts/{post.pk}/end/", {"reason": "退休"})
    bian = logged_in("bian")
    with CaptureQueriesContext(connection) as queries:
        shown = page(bian, "/approvals/")
    rows = re.findall(r'<td class="on-subtitle"><span class="whole">([^<]*)</span></td>', shown)
    assert sorted(rows) == [
        "短时间内查看多少条客户信息即告警：1000 → 5000 条",
        "陈审 chen：发放激活码",
        "陈审 chen：结束岗位 中国邮政集团 · 审计",
    ]
    assert len(queries) <= 12


# --- guarded parameters


def test_a_guarded_parameter_changes_once_another_guardian_agrees() -> None:
    before, bao = in_force(), logged_in("bao")
    answer = change(bao)
    approval = last_approval()
    assert (answer.status_code, answer["Location"]) == (302, f"/approvals/{approval.pk}/")
    assert in_force() == before
    assert decide(bao).status_code == 403
    assert in_force() == before
    shown = page(logged_in("zong"), f"/approvals/{approval.pk}/")
    assert all(text in shown for text in (ROWS, str(before), "5000", "全集团", "试运行", "鲍安全"))
    assert decide(logged_in("zong")).status_code == 302
    assert in_force() == 5000
    assert ParameterValue.objects.get().set_by == "bao"
    assert audited("parameter.set") == [("bao", ROWS, approval.pk)]
    assert audited("approval.approve") == [("zong", str(approval.pk), None)]


def test_two_of_one_office_may_check_each_other_and_those_below_may_not() -> None:
    change(logged_in("bao"))
    for other in ("qin", "zhao", "chen", "sheng"):
        assert decide(logged_in(other)).status_code in {403, 404}
    assert decide(logged_in("bian")).status_code == 302
    assert in_force() == 5000


@pytest.mark.parametrize(
    ("verdict", "state"), [("reject", ApprovalState.REJECTED), ("recall", ApprovalState.RECALLED)]
)
def test_what_is_not_agreed_to_changes_nothing(verdict: str, state: ApprovalState) -> None:
    before, bao = in_force(), logged_in("bao")
    change(bao)
    if verdict == "reject":
        decide(logged_in("zong"), "reject")
    else:
        bao.post(f"/approvals/{last_approval().pk}/recall/", {"reason": "写错"})
    assert (in_force(), ParameterChange.objects.get().state) == (before, state)
    assert not ParameterValue.objects.exists()
    assert change(bao).status_code == 302, "and it can be asked for anew"


def test_nobody_in_time_changes_nothing() -> None:
    change(logged_in("bao"))
    with clock.frozen(clock.now() + timedelta(days=30)):
        attend_to_waiting()
    assert ParameterChange.objects.get().state == ApprovalState.EXPIRED
    assert not ParameterValue.objects.exists()


def test_no_action_sets_or_withdraws_a_guarded_one_alone() -> None:
    """Whatever door comes next: the actions refuse, not the page."""
    viewer, day = find_viewer("bao"), clock.business_date()
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        set_parameter(viewer, ROWS, value="5000", unit_code="", line="", effective_from=day, reason="试")
    coming = ParameterValue.objects.create(
        key=ROWS, value=7000, effective_from=day + timedelta(days=3), set_at=clock.now(), set_by="x"
    )
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        withdraw_parameter(viewer, ROWS, coming.pk)
    assert [row.value for row in ParameterValue.objects.all()] == [7000]


def test_a_coming_value_is_taken_back_by_two_as_well() -> None:
    coming = ParameterValue.objects.create(
        key=ROWS,
        value=7000,
        effective_from=clock.business_date() + timedelta(days=3),
        set_at=clock.now(),
        set_by="x",
    )
    bao = logged_in("bao")
    assert bao.post(f"/parameters/{ROWS}/{coming.pk}/withdraw/").status_code == 302
    assert ParameterValue.objects.filter(pk=coming.pk).exists()
    shown = page(logged_in("zong"), f"/approvals/{last_approval().pk}/")
    assert all(text in shown for text in ("撤回还没有生效的值", "7000", str(in_force())))
    assert decide(logged_in("zong")).status_code == 302
    assert not ParameterValue.objects.exists()
    assert audited("parameter.withdraw") == [("bao", ROWS, last_approval().pk)]


def test_a_value_that_came_into_force_meanwhile_is_not_taken_back() -> None:
    coming = ParameterValue.objects.create(
        key=ROWS,
        value=7000,
        effective_from=clock.business_date() + timedelta(days=1),
        set_at=clock.now(),
        set_by="x",
    )
    logged_in("bao").post(f"/parameters/{ROWS}/{coming.pk}/withdraw/")
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert decide(logged_in("zong")).status_code == 409
    assert ParameterValue.objects.filter(pk=coming.pk).exists()


def test_a_change_that_is_out_of_date_is_refused_and_says_so() -> None:
    """What the checker would agree to is no longer from what to what the request says."""
    change(logged_in("bao"))
    ParameterValue.objects.create(
        key=ROWS, value=900, effective_from=clock.business_date(), set_at=clock.now(), set_by="x"
    )
    zong = logged_in("zong")
    assert "申请之后已变，不能再通过" in page(zong, f"/approvals/{last_approval().pk}/")
    answer = decide(zong)
    assert (answer.status_code, "申请已过时" in unescape(answer.content.decode())) == (409, True)
    assert (in_force(), last_approval().state) == (900, ApprovalState.PENDING)
    assert decide(zong, "reject").status_code == 302


def test_a_change_approved_after_its_day_holds_from_the_approval() -> None:
    change(logged_in("bao"))
    tomorrow = clock.now() + timedelta(days=1)
    with clock.frozen(tomorrow):
        assert decide(logged_in("zong")).status_code == 302
        assert ParameterValue.objects.get().effective_from == clock.business_date()


def test_a_maker_who_left_the_post_changes_nothing() -> None:
    change(logged_in("bao"))
    Post.objects.filter(staff__staff_no="bao").update(ended_at=clock.now())
    assert decide(logged_in("zong")).status_code == 403
    assert not ParameterValue.objects.exists()


def test_one_change_of_a_place_waits_at_a_time() -> None:
    bao = logged_in("bao")
    change(bao)
    again = change(bao, value="6000")
    assert (again.status_code, "正在审批" in unescape(again.content.decode())) == (422, True)
    assert change(bao, unit="37").status_code == 302


def test_a_waiting_change_shows_on_the_parameters_page() -> None:
    bao = logged_in("bao")
    change(bao)
    shown = page(bao, f"/parameters/{ROWS}/")
    assert all(text in shown for text in ("待审批的修改", "试运行", "查看或撤回"))
    assert f"/approvals/{last_approval().pk}/" in shown
    assert "查看审批" in page(logged_in("zong"), f"/parameters/{ROWS}/")
    below = page(logged_in("sheng"), f"/parameters/{ROWS}/")
    assert "待审批的修改" in below
    assert "/approvals/" + str(last_approval().pk) not in below


def test_of_a_table_the_rows_that_go_and_come_are_shown() -> None:
    bao = logged_in("bao")
    change(bao, ROUTE, value="1|||||县负责人|县|8|reject|all")
    shown = page(logged_in("zong"), f"/approvals/{last_approval().pk}/")
    assert "改为" in shown
    assert "<del>负责人、安全管理员</del> → <ins>县负责人</ins>" in shown
    assert "<del>9</del> → <ins>8</ins>" in shown
    assert decide(logged_in("zong")).status_code == 302
    assert [row["roles"] for row in in_force(ROUTE)] == [["county_head"]]  # type: ignore[attr-defined]


def test_with_one_guardian_the_change_waits_and_says_who_is_missing() -> None:
    Post.objects.filter(staff__staff_no__in=["zong", "bian"]).update(ended_at=clock.now())
    bao = logged_in("bao")
    change(bao)
    shown = page(bao, f"/approvals/{last_approval().pk}/")
    assert "还缺一位可以审批的人" in shown
    assert "现在没有别的安全管理员、总部管理员" in shown
    arrive(("xin", "辛总", "H", Role.GROUP_ADMIN))
    assert decide(logged_in("xin")).status_code == 302
    assert in_force() == 5000


# --- accounts that guard others


def ask_code(client: Client, staff_no: str) -> HttpResponse:
    return client.post(f"/organisation/staff/{staff_no}/activation/request/", {"reason": "丢失手机"})


def hand_out(client: Client, staff_no: str) -> HttpResponse:
    return client.post(f"/organisation/staff/{staff_no}/activation/")


def code_in(answer: HttpResponse) -> str:
    return re.search(r'data-copy="(\w+)"', answer.content.decode())[1]  # type: ignore[index]


def use(code: str, staff_no: str) -> Client:
    """Set a new password with a code, and be in with it."""
    client = Client()
    sent = {"staff_no": staff_no, "code": code, "password": NEW, "again": NEW}
    assert client.post("/login/activate/", sent).status_code == 302
    return client


def let_in(by: str, staff_no: str) -> Client:
    """Somebody in by a code that another handed out alone."""
    viewer = find_viewer(by)
    with scope.acting(viewer.scope):
        _, code = issue_activation(
            Staff.objects.get(staff_no=staff_no), actor=viewer.actor, issuer_id=viewer.staff_id
        )
    return use(code, staff_no)


def test_who_guards_others_is_said_once() -> None:
    assert GUARDED_ROLES == EXCLUSIVE_ROLES | GUARDIANS


@pytest.mark.parametrize("staff_no", ["bao", "chen", "zhao", "qin", "wang", "sun"])
def test_nobody_lets_an_administrator_or_an_auditor_in_alone(staff_no: str) -> None:
    zong = logged_in("zong")
    answer = hand_out(zong, staff_no)
    assert (answer.status_code, "由两人办理" in unescape(answer.content.decode())) == (403, True)
    assert Activation.objects.count() == 0
    shown = page(zong, f"/organisation/staff/{staff_no}/")
    assert "申请激活码" in shown
    assert "发放激活码" not in shown


def test_a_code_that_was_agreed_to_is_taken_once_by_who_asked() -> None:
    zong, bian = logged_in("zong"), logged_in("bian")
    assert ask_code(zong, "bao").status_code == 302
    approval = last_approval()
    assert "正在审批" in page(bian, "/organisation/staff/bao/")
    assert hand_out(zong, "bao").status_code == 403
    shown = page(bian, f"/approvals/{approval.pk}/")
    assert all(
        text in shown for text in ("鲍安全", "发放激活码", "丢失手机", "宗总", "中国邮政集团 · 安全管理员")
    )
    assert decide(bian).status_code == 302
    assert hand_out(bian, "bao").status_code == 403, "who agreed does not read it"
    code = code_in(hand_out(zong, "bao"))
    assert hand_out(zong, "bao").status_code == 403
    assert audited("staff.issue_activation") == [("zong", "bao", approval.pk)]
    use(code, "bao")


def test_an_agreed_code_is_not_kept_for_later() -> None:
    zong = logged_in("zong")
    ask_code(zong, "bao")
    decide(logged_in("bian"))
    with clock.frozen(clock.now() + timedelta(hours=73)):
        assert hand_out(logged_in("zong"), "bao").status_code == 403
    assert Activation.objects.count() == 0


def test_whose_account_it_is_has_no_say_and_the_request_waits_for_a_third() -> None:
    Post.objects.filter(staff__staff_no="bian").update(ended_at=clock.now())
    zong = logged_in("zong")
    ask_code(zong, "bao")
    assert "还缺一位可以审批的人" in page(zong, f"/approvals/{last_approval().pk}/")
    answer = decide(logged_in("bao"))
    assert (answer.status_code, "与您本人有关" in unescape(answer.content.decode())) == (403, True)
    assert AccountRequest.objects.get().state == ApprovalState.PENDING


def test_nobody_asks_for_the_own_account_nor_for_one_out_of_reach() -> None:
    assert ask_code(logged_in("bao"), "bao").status_code == 403
    assert ask_code(logged_in("bao"), "chen").status_code == 403
    assert ask_code(logged_in("sheng"), "qin").status_code == 403
    assert ask_code(logged_in("qin"), "bao").status_code == 404
    assert ask_code(logged_in("zong"), "ma").status_code == 409
    assert not AccountRequest.objects.exists()


def test_the_command_on_the_server_still_lets_the_first_ones_in() -> None:
    with scope.acting(scope.EVERYTHING):
        _, code = issue_activation(Staff.objects.get(staff_no="bao"), actor=SYSTEM)
    bao = use(code, "bao")
    change(logged_in("zong"))
    assert decide(bao).status_code == 302, "nobody stands behind that account"


def test_no_action_opens_or_ends_alone() -> None:
    """Whatever door comes next: the actions refuse, not the page."""
    viewer, post = find_viewer("zong"), Post.objects.get(staff__staff_no="chen")
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        issue_for(viewer, "bao")
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        end_post(viewer, "chen", post.pk, reason="离岗")
    post.refresh_from_db()
    assert (post.ended_at, Activation.objects.count()) == (None, 0)


def test_the_auditors_post_ends_once_another_guardian_agrees() -> None:
    zong, chen, post = logged_in("zong"), logged_in("chen"), Post.objects.get(staff__staff_no="chen")
    path = f"/organisation/staff/chen/posts/{post.pk}/end/"
    assert "由两人办理" in page(zong, path)
    assert zong.post(path, {"reason": "退休"}).status_code == 302
    assert zong.post(path, {"reason": "退休"}).status_code == 409
    assert chen.get("/audit/").status_code == 200
    assert decide(zong).status_code == 403
    assert decide(logged_in("bao")).status_code == 302
    assert chen.get("/audit/").status_code == 302
    assert audited("post.end") == [("zong", "chen", last_approval().pk)]


def test_a_post_that_ended_meanwhile_ends_no_second_time() -> None:
    post = Post.objects.get(staff__staff_no="chen")
    logged_in("zong").post(f"/organisation/staff/chen/posts/{post.pk}/end/", {"reason": "退休"})
    Post.objects.filter(pk=post.pk).update(ended_at=clock.now())
    assert decide(logged_in("bao")).status_code == 404
    assert AccountRequest.objects.get().state == ApprovalState.PENDING


# --- an account taken over by its code


def test_nobody_decides_for_whoever_let_them_in_until_they_would_have_noticed() -> None:
    """The hole: ask, hand oneself a code to a checker's account, and approve as the checker."""
    bao = let_in("zong", "bao")
    change(logged_in("zong"))
    answer = decide(bao)
    assert (answer.status_code, "激活码相关联" in unescape(answer.content.decode())) == (403, True)
    assert (
        "鲍安全" not in page(logged_in("zong"), f"/approvals/{last_approval().pk}/").partition("审批路线")[2]
    )
    assert "没有需要审批的申请" in page(bao, "/approvals/")
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert not Staff.objects.get(staff_no="bao").behind
        change(logged_in("zong"), unit="37")
        assert try_log_in(client := Client(), "bao", NEW).status_code == 302
        assert decide(client).status_code == 302


def test_nobody_decides_for_whom_they_let_in() -> None:
    """The same hole from the other side: ask in somebody's name, and approve in one's own."""
    gao = let_in("sheng", "gao")
    asked = {
        "role": Role.READER,
        "unit": "S1",
        "lines": ["01"],
        "until": clock.business_date() + timedelta(days=9),
        "reason": "支援",
    }
    assert gao.post("/organisation/staff/ma/posts/new/", asked).status_code == 302
    assert decide(logged_in("sheng")).status_code in {403, 404}
    assert decide(logged_in("qin")).status_code == 302


def test_a_chain_of_codes_is_one_hand() -> None:
    let_in("zong", "sheng")
    gao = let_in("sheng", "gao")
    assert Staff.objects.get(staff_no="gao").behind == {
        Staff.objects.get(staff_no="zong").pk,
        Staff.objects.get(staff_no="sheng").pk,
    }
    asked = {
        "role": Role.COUNTY_HEAD,
        "unit": "370102",
        "lines": ["01"],
        "until": clock.business_date() + timedelta(days=9),
        "reason": "支援",
    }
    Post.objects.filter(staff__staff_no="qin").update(ended_at=clock.now())
    assert gao.post("/organisation/staff/ma/posts/new/", asked).status_code == 302
    assert decide(logged_in("zong")).status_code == 403
    assert decide(logged_in("bao")).status_code == 302


def test_what_is_grave_is_not_decided_between_two_whom_one_person_let_in() -> None:
    zong, bao = let_in("bian", "zong"), let_in("bian", "bao")
    change(zong)
    assert decide(bao).status_code == 403
    assert decide(logged_in("bian")).status_code == 403
    arrive(("xin", "辛总", "H", Role.GROUP_ADMIN))
    assert decide(logged_in("xin")).status_code == 302


def test_what_is_not_grave_waits_for_nobody_while_a_house_is_let_in() -> None:
    gao, sheng = let_in("bao", "gao"), let_in("bao", "sheng")
    asked = {
        "role": Role.READER,
        "unit": "S1",
        "lines": ["01"],
        "until": clock.business_date() + timedelta(days=9),
        "reason": "支援",
    }
    assert gao.post("/organisation/staff/ma/posts/new/", asked).status_code == 302
    assert decide(sheng).status_code == 302


# --- files


def test_a_file_that_gives_a_post_voids_the_code_that_is_out() -> None:
    """Whoever handed it out may not open the account as it is by then."""
    code = code_in(hand_out(logged_in("sheng"), "ma"))
    rows = [
        post_row("ma", "马明", "L1", Role.MANAGER),
        post_row("ma", "马明", "37", Role.SECURITY_ADMIN, row=2, is_primary=False),
    ]
    with scope.bulk():
        take_in_posts(rows, actor=SYSTEM)
    assert not Activation.objects.exists()
    sent = {"staff_no": "ma", "code": code, "password": NEW, "again": NEW}
    assert Client().post("/login/activate/", sent).status_code == 422
    assert try_log_in(Client(), "ma", PASSWORD).status_code == 302


def test_a_file_that_changes_no_post_leaves_the_code() -> None:
    hand_out(logged_in("sheng"), "ma")
    with scope.bulk():
        take_in_posts([post_row("ma", "马大明", "L1", Role.MANAGER)], actor=SYSTEM)
    assert Activation.objects.count() == 1


def test_what_a_person_brings_leaves_posts_that_guard_others_as_they_are() -> None:
    ended = str(clock.business_date() - timedelta(days=1))
    rows = [
        post_row("chen", "陈审", "H", Role.AUDITOR, valid_to=ended),
        post_row("ma", "马明", "37", Role.SECURITY_ADMIN, row=2, is_primary=False),
        post_row("bao", "鲍安全", "H", Role.SECURITY_ADMIN, row=3),
        post_row("ma", "马明", "S1", Role.MANAGER, row=4, is_primary=False),
        post_row("bian", "卞安全", "L1", Role.READER, row=5),
    ]
    with scope.bulk():
        counts = take_in_posts(rows, actor=SYSTEM, by_hand=Bringer("gu", scope.EVERYTHING))
    assert [(refusal.row, refusal.code) for refusal in counts.refused] == [
        (1, "guarded_role"),
        (2, "guarded_role"),
        (5, "guarded_role"),
    ]
    assert Post.objects.get(staff__staff_no="bian").is_primary
    assert (counts.new, counts.unchanged) == (1, 1)
    assert logged_in("chen").get("/audit/").status_code == 200


def test_a_code_agreed_to_before_the_account_came_to_carry_more_is_void() -> None:
    """What was agreed to was a province's administrator; the code would open one of the whole group."""
    zong = logged_in("zong")
    ask_code(zong, "qin")
    assert decide(logged_in("bian")).status_code == 302
    arrive(("qin", "秦安全", "H", Role.SECURITY_ADMIN))
    assert hand_out(zong, "qin").status_code == 403
    assert not Activation.objects.exists()
    assert ask_code(zong, "qin").status_code == 302, "and it can be asked for anew"


def test_nobody_takes_the_watermark_off_their_own_pages_alone() -> None:
    sheng = logged_in("sheng")
    assert change(sheng, "audit.watermark", value="false", unit="37").status_code == 403
    assert not ParameterValue.objects.exists()


def test_taking_back_a_value_is_out_of_date_when_another_would_hold_then() -> None:
    """The checker saw what would hold without the coming value; that is what has to come of it."""
    bao, zong = logged_in("bao"), logged_in("zong")
    change(bao, unit="37", effective_from=(clock.business_date() + timedelta(days=10)).isoformat())
    decide(zong)
    coming = ParameterValue.objects.get()
    bao.post(f"/parameters/{ROWS}/{coming.pk}/withdraw/")
    ParameterValue.objects.create(
        key=ROWS, value=900, effective_from=clock.business_date(), set_at=clock.now(), set_by="x"
    )
    assert decide(zong).status_code == 409
    assert ParameterValue.objects.filter(pk=coming.pk).exists()
