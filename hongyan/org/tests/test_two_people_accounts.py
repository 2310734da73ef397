"""Accounts and posts that guard others take two people, and no file or code gets around them (BARS A 17, E 5)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import NotAllowed
from hongyan.org.actions.accounts import issue_for
from hongyan.org.actions.passwords import issue_activation
from hongyan.org.actions.posts import end_post
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import EXCLUSIVE_ROLES, ApprovalState, Bringer, Role
from hongyan.org.models import AccountRequest, Activation, Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.rights import GUARDED_ROLES, GUARDIANS
from hongyan.org.tests.factory import PASSWORD, post_row
from hongyan.org.tests.log_in import logged_in, try_log_in
from hongyan.org.tests.two_people import (
    NEW,
    arrive,
    ask_code,
    audited,
    change,
    code_in,
    decide,
    guardians,
    hand_out,
    last_approval,
    page,
    use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    guardians()


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


def test_a_code_agreed_to_before_the_account_came_to_carry_more_is_void() -> None:
    """What was agreed to was a province's administrator; the code would open one of the whole group."""
    zong = logged_in("zong")
    ask_code(zong, "qin")
    assert decide(logged_in("bian")).status_code == 302
    arrive(("qin", "秦安全", "H", Role.SECURITY_ADMIN))
    assert hand_out(zong, "qin").status_code == 403
    assert not Activation.objects.exists()
    assert ask_code(zong, "qin").status_code == 302, "and it can be asked for anew"


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


# --- the inbox


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
