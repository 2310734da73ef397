"""Whoever let somebody in may not decide with or for that account: a code is as good as the person (BARS A 17)."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from hongyan.core import clock
from hongyan.org.codes import Role
from hongyan.org.models import Post, Staff
from hongyan.org.tests.log_in import logged_in, try_log_in
from hongyan.org.tests.two_people import NEW, arrive, change, decide, guardians, last_approval, let_in, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    guardians()


def ask_post(client: Client, role: Role = Role.READER, unit: str = "S1") -> HttpResponse:
    """Ask for a post for `ma`."""
    until = clock.business_date() + timedelta(days=9)
    sent = {"role": role, "unit": unit, "lines": ["01"], "until": until, "reason": "支援"}
    return client.post("/organisation/staff/ma/posts/new/", sent)


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
    assert ask_post(gao).status_code == 302
    assert decide(logged_in("sheng")).status_code in {403, 404}
    assert decide(logged_in("qin")).status_code == 302


def test_a_chain_of_codes_is_one_hand() -> None:
    let_in("zong", "sheng")
    gao = let_in("sheng", "gao")
    assert Staff.objects.get(staff_no="gao").behind == {
        Staff.objects.get(staff_no="zong").pk,
        Staff.objects.get(staff_no="sheng").pk,
    }
    Post.objects.filter(staff__staff_no="qin").update(ended_at=clock.now())
    assert ask_post(gao, Role.COUNTY_HEAD, "370102").status_code == 302
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
    assert ask_post(gao).status_code == 302
    assert decide(sheng).status_code == 302
