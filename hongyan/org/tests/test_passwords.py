"""Passwords that people change, that grow old, and accounts nobody uses (BARS A 24, E 1, E 4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.org.actions.passwords import suspend_dormant
from hongyan.org.models import PastPassword, Staff
from hongyan.org.tests.accounts import NEW, acts, handed_out, is_in, outcomes, profile, use
from hongyan.org.tests.factory import PASSWORD, small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    here, elsewhere = logged_in("zhang"), logged_in("zhang")
    answer = here.post("/me/password/", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert try_log_in(Client(), "zhang", NEW).status_code == 302
    assert try_log_in(Client(), "zhang", PASSWORD).status_code == 422
    assert acts("staff.set_password") == [("zhang", "zhang")]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"old": "wrong"}, "当前密码不正确"),
        ({"again": "Another-one-of-9"}, "两次输入的不一样"),
        ({"password": "short-1A", "again": "short-1A"}, "至少 10 个字符"),
        ({"password": "zhang-and-Sons", "again": "zhang-and-Sons"}, "不能包含工号或姓名"),
        ({"password": "alllowercase", "again": "alllowercase"}, "至少要有三种"),
        ({"password": PASSWORD, "again": PASSWORD}, "近期用过"),
        ({"password": "Password123", "again": "Password123"}, "常见密码"),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(sent: dict[str, str], said: str) -> None:
    client = logged_in("zhang")
    before = Staff.objects.get(staff_no="zhang").password
    answer = client.post("/me/password/", {"old": PASSWORD, "password": NEW, "again": NEW, **sent})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Staff.objects.get(staff_no="zhang").password == before


def test_a_past_password_may_come_again_after_five_others_only() -> None:
    client, present = logged_in("zhang"), PASSWORD
    for number in range(5):
        following = f"Number-{number}-of-many"
        answer = client.post("/me/password/", {"old": present, "password": following, "again": following})
        assert answer.status_code == 302
        present = following
        again = client.post("/me/password/", {"old": present, "password": PASSWORD, "again": PASSWORD})
        assert again.status_code == (302 if number == 4 else 422), number
    assert PastPassword.objects.filter(staff__staff_no="zhang").count() == 5


def test_an_old_password_has_to_be_renewed_before_anything_else() -> None:
    Staff.objects.filter(staff_no="zhang").update(password_set_at=clock.now() - timedelta(days=90))
    client = Client()
    answer = try_log_in(client, "zhang", next="/customers/")
    assert answer["Location"] == "/login/password/?next=%2Fcustomers%2F"
    assert not is_in(client)
    answer = client.post("/login/password/?next=/customers/", {"password": NEW, "again": NEW})
    assert answer["Location"] == "/customers/"
    assert is_in(client)
    assert outcomes("zhang") == ["step", "success"]
    assert "密码正确，待下一步" in client.get("/me/").content.decode()


def test_an_expired_password_that_was_renewed_elsewhere_lets_nobody_in() -> None:
    Staff.objects.filter(staff_no="zhang").update(password_set_at=clock.now() - timedelta(days=90))
    thief, owner = Client(), Client()
    for client in (thief, owner):
        try_log_in(client, "zhang")
    assert owner.post("/login/password/", {"password": NEW, "again": NEW})["Location"] == "/"
    assert thief.get("/login/password/")["Location"] == "/login/"
    assert not is_in(thief)


def test_under_nist_no_password_grows_old() -> None:
    profile("nist")
    Staff.objects.filter(staff_no="zhang").update(password_set_at=clock.now() - timedelta(days=900))
    assert is_in(logged_in("zhang"))


# --- dormant accounts


def test_an_account_nobody_used_for_long_is_closed_and_a_code_opens_it_again() -> None:
    old = clock.now() - timedelta(days=91)
    Staff.objects.exclude(staff_no__in=("bao", "zhao")).update(password_set_at=old)
    Staff.objects.filter(staff_no="li").update(last_login=clock.now())
    browser = logged_in("bao")
    with scope.acting(scope.EVERYTHING):
        assert suspend_dormant() == 5
        assert suspend_dormant() == 0
    profile("nist")
    assert try_log_in(Client(), "zhang").status_code == 422
    assert is_in(logged_in("li"))
    assert ("system", "zhang") in acts("staff.suspend")
    assert "长期未登录，已停用" in browser.get("/organisation/staff/zhang/").content.decode()
    assert use(handed_out("bao", "zhang"), "zhang") == 302


def test_a_session_ends_with_the_account() -> None:
    client = logged_in("zhang")
    Staff.objects.filter(staff_no="zhang").update(suspended_at=clock.now())
    assert not is_in(client)
