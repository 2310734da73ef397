"""Codes with which people set a first or a new password: who hands them out, and what they end (BARS A 22, E 4)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Delegation, Post, Staff
from hongyan.org.tests.accounts import acts, handed_out, is_in, use
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def test_a_code_lets_a_person_set_a_password_once() -> None:
    Staff.objects.filter(staff_no="zhang").update(password="!none", password_set_at=None)
    code = handed_out("bao", "zhang")
    client = Client()
    assert use(code, "zhang", client=client) == 302
    assert is_in(client)
    assert use(code, "zhang", "Another-one-of-9") == 422
    assert acts("staff.issue_activation") == [("bao", "zhang")]
    assert acts("staff.set_password") == [("zhang", "zhang")]


def test_a_code_is_for_one_person_and_three_days() -> None:
    code = handed_out("bao", "zhang")
    assert use(code, "li") == 422
    assert use("x" * 12, "zhang") == 422
    with clock.frozen(clock.now() + timedelta(hours=73)):
        assert use(code, "zhang") == 422
    assert use(f" {code.upper()} ", "zhang") == 302


def test_a_refused_password_does_not_use_the_code_up() -> None:
    code = handed_out("bao", "zhang")
    assert use(code, "zhang", "short") == 422
    assert use(code, "zhang") == 302


def test_guessing_at_codes_waits_like_guessing_at_passwords() -> None:
    code = handed_out("bao", "zhang")
    for _ in range(5):
        use("x" * 12, "zhang")
    assert use(code, "zhang") == 422
    with clock.frozen(clock.now() + timedelta(seconds=31)):
        assert use(code, "zhang") == 302


@pytest.mark.parametrize(
    ("giver", "staff_no", "status"),
    [
        ("qin", "zhang", 200),
        ("qin", "chen", 404),
        ("qin", "qin", 403),
        ("sun", "zhang", 403),
        ("zhang", "li", 403),
        ("wang", "zhang", 403),
        ("bao", "wang", 403),
        ("qin", "sun", 403),
    ],
)
def test_codes_are_handed_out_by_right_within_the_scope_and_never_to_oneself(
    giver: str, staff_no: str, status: int
) -> None:
    assert logged_in(giver).post(f"/organisation/staff/{staff_no}/activation/").status_code == status


def test_no_account_is_opened_that_carries_a_role_one_could_not_request() -> None:
    """Whoever holds the code acts as that person, and could approve their own request so (BARS A 17, E 5)."""
    with scope.bulk():
        admins = (("sheng", "37", Role.PROVINCE_ADMIN), ("zong", "H", Role.GROUP_ADMIN))
        take_in_posts([post_row(no, no, unit, role) for no, unit, role in admins], actor=SYSTEM)
        Staff.objects.filter(staff_no__in=["sheng", "zong"]).update(
            password=Staff.objects.get(staff_no="bao").password, password_set_at=clock.now()
        )
    sheng, zong = logged_in("sheng"), logged_in("zong")
    for staff_no in ("qin", "wang", "sun"):
        assert "发放激活码" not in sheng.get(f"/organisation/staff/{staff_no}/").content.decode()
        assert sheng.post(f"/organisation/staff/{staff_no}/activation/").status_code == 403
    assert zong.post("/organisation/staff/sheng/activation/").status_code == 200
    assert sheng.post("/organisation/staff/zhang/activation/").status_code == 200
    today = clock.business_date()
    Delegation.objects.create(
        post=Post.objects.get(staff__staff_no="zong"), to_staff=Staff.objects.get(staff_no="zhang"),
        valid_from=today, valid_to=today, reason="出差", given_at=clock.now(),
    )  # fmt: skip
    assert sheng.post("/organisation/staff/zhang/activation/").status_code == 403
    assert acts("staff.issue_activation")[-1] == ("sheng", "zhang")


def test_a_code_ends_the_tokens_made_before() -> None:
    html = logged_in("zhang").post("/me/tokens/", {"name": "report"}).content.decode()
    bearer = {"Authorization": f"Bearer {re.search(r'hongyan_[A-Za-z0-9_-]+', html)[0]}"}  # type: ignore[index]
    assert Client().get("/api/v1/approvals", headers=bearer).status_code == 200
    assert use(handed_out("bao", "zhang"), "zhang") == 302
    assert Client().get("/api/v1/approvals", headers=bearer).status_code == 401
    assert len(acts("api_token.revoke")) == 1


def test_a_code_opens_no_account_that_came_to_carry_more() -> None:
    code, today = handed_out("qin", "zhang"), str(clock.business_date())
    sent = {"staff_no": "zhang", "first": today, "last": today, "reason": "出差"}
    assert logged_in("chen").post("/me/lend/", sent).status_code == 302
    assert use(code, "zhang") == 422
