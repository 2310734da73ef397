"""Passwords, activation, the second factor, dormant accounts (BARS A 22–24, E 1–5)."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.org.actions.passwords import issue_activation, suspend_dormant
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Delegation, LoginEvent, PastPassword, Post, RecoveryCode, Staff
from hongyan.org.rules.passwords import Fault, Policy, Profile, faults_of, has_expired
from hongyan.org.rules.second_factor import NEIGHBOURS, STEP_SECONDS, step_of
from hongyan.org.tests.factory import PASSWORD, post_row, small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

NEW = "Snow-on-the-Yellow-River-7"


@pytest.fixture(autouse=True)
def _organisation(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        with scope.bulk():
            small_organisation()


@pytest.fixture
def in_earnest(settings: Settings) -> None:
    """Not a demo: whoever administers, audits or exports needs a second factor."""
    settings.DEMO = False


def profile(name: str) -> None:
    with scope.acting(scope.EVERYTHING):
        ParameterValue.objects.create(
            key="org.password_profile",
            value=name,
            effective_from=clock.business_date(),
            set_at=clock.now(),
            set_by="x",
        )


def acts(act: str) -> list[tuple[str, str]]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act=act).order_by("id").values_list("actor", "subject"))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def outcomes(staff_no: str) -> list[str]:
    return list(
        LoginEvent.objects.filter(staff__staff_no=staff_no).order_by("id").values_list("outcome", flat=True)
    )


# --- rules

MLPS3 = Policy(Profile.MLPS3, 10, 90, 5)
NIST = Policy(Profile.NIST, 10, 90, 5)


@pytest.mark.parametrize(
    ("password", "mlps3", "nist"),
    [
        (NEW, [], []),
        ("mountains and rivers", [Fault.KINDS], []),
        ("Ab1-short", [Fault.SHORT], [Fault.SHORT]),
        ("Zhangwei-2026", [Fault.PERSONAL], [Fault.PERSONAL]),
        ("abcdefghijkl", [Fault.KINDS, Fault.PLAIN], [Fault.PLAIN]),
        ("x" * 129, [Fault.LONG, Fault.KINDS, Fault.PLAIN], [Fault.LONG, Fault.PLAIN]),
    ],
)
def test_the_two_profiles_ask_for_different_things(
    password: str, mlps3: list[Fault], nist: list[Fault]
) -> None:
    about = ("100001", "张伟", "zhangwei")
    assert faults_of(password, MLPS3, about=about) == mlps3
    assert faults_of(password, NIST, about=about) == nist


@given(st.text(max_size=140))
def test_whatever_mlps3_takes_nist_takes_too(password: str) -> None:
    assert set(faults_of(password, NIST)) <= set(faults_of(password, MLPS3))


@given(st.integers(0, 400))
def test_only_mlps3_lets_passwords_expire(days: int) -> None:
    now = clock.now()
    assert has_expired(now - timedelta(days=days), MLPS3, now=now) == (days >= 90)
    assert not has_expired(now - timedelta(days=days), NIST, now=now)


@given(st.binary(min_size=20, max_size=20), st.integers(-4, 4), st.integers(0, 9))
def test_a_code_counts_once_and_only_near_its_time(secret: bytes, late: int, used: int) -> None:
    now = clock.now()
    present = int(now.timestamp()) // STEP_SECONDS
    with clock.frozen(now):
        code = code_of(secret, late)
    found = step_of(secret, code, now=now, after=present - used)
    if abs(late) <= NEIGHBOURS and late > -used:
        assert found == present + late or (found or 0) in range(present - 1, present + 2)
    if abs(late) > NEIGHBOURS:
        assert found is None or found != present + late
    assert step_of(secret, "abcdef", now=now, after=0) is None


# --- changing one's password


@pytest.mark.django_db
def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    here, elsewhere = logged_in("zhang"), logged_in("zhang")
    answer = here.post("/me/password/", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert try_log_in(Client(), "zhang", NEW).status_code == 302
    assert try_log_in(Client(), "zhang", PASSWORD).status_code == 422
    assert acts("staff.set_password") == [("zhang", "zhang")]


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_under_nist_no_password_grows_old() -> None:
    profile("nist")
    Staff.objects.filter(staff_no="zhang").update(password_set_at=clock.now() - timedelta(days=900))
    assert is_in(logged_in("zhang"))


# --- activation


def handed_out(giver: str, staff_no: str) -> str:
    html = logged_in(giver).post(f"/organisation/staff/{staff_no}/activation/").content.decode()
    return re.search(r'data-copy="(\w+)"', html)[1]  # type: ignore[index]


def use(code: str, staff_no: str, password: str = NEW, client: Client | None = None) -> int:
    sent = {"staff_no": staff_no, "code": code, "password": password, "again": password}
    return (client or Client()).post("/login/activate/", sent).status_code


@pytest.mark.django_db
def test_a_code_lets_a_person_set_a_password_once() -> None:
    Staff.objects.filter(staff_no="zhang").update(password="!none", password_set_at=None)
    code = handed_out("bao", "zhang")
    client = Client()
    assert use(code, "zhang", client=client) == 302
    assert is_in(client)
    assert use(code, "zhang", "Another-one-of-9") == 422
    assert acts("staff.issue_activation") == [("bao", "zhang")]
    assert acts("staff.set_password") == [("zhang", "zhang")]


@pytest.mark.django_db
def test_a_code_is_for_one_person_and_three_days() -> None:
    code = handed_out("bao", "zhang")
    assert use(code, "li") == 422
    assert use("x" * 12, "zhang") == 422
    with clock.frozen(clock.now() + timedelta(hours=73)):
        assert use(code, "zhang") == 422
    assert use(f" {code.upper()} ", "zhang") == 302


@pytest.mark.django_db
def test_a_refused_password_does_not_use_the_code_up() -> None:
    code = handed_out("bao", "zhang")
    assert use(code, "zhang", "short") == 422
    assert use(code, "zhang") == 302


@pytest.mark.django_db
def test_guessing_at_codes_waits_like_guessing_at_passwords() -> None:
    code = handed_out("bao", "zhang")
    for _ in range(5):
        use("x" * 12, "zhang")
    assert use(code, "zhang") == 422
    with clock.frozen(clock.now() + timedelta(seconds=31)):
        assert use(code, "zhang") == 302


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_code_ends_the_tokens_made_before() -> None:
    html = logged_in("zhang").post("/me/tokens/", {"name": "report"}).content.decode()
    bearer = {"Authorization": f"Bearer {re.search(r'hongyan_[A-Za-z0-9_-]+', html)[0]}"}  # type: ignore[index]
    assert Client().get("/api/v1/approvals", headers=bearer).status_code == 200
    assert use(handed_out("bao", "zhang"), "zhang") == 302
    assert Client().get("/api/v1/approvals", headers=bearer).status_code == 401
    assert len(acts("api_token.revoke")) == 1


@pytest.mark.django_db
def test_a_code_opens_no_account_that_came_to_carry_more() -> None:
    code, today = handed_out("qin", "zhang"), str(clock.business_date())
    sent = {"staff_no": "zhang", "first": today, "last": today, "reason": "出差"}
    assert logged_in("chen").post("/me/lend/", sent).status_code == 302
    assert use(code, "zhang") == 422


# --- second factor


def secret_on(client: Client) -> bytes:
    html = client.get("/login/factor/").content.decode()
    assert "data:image/svg+xml" in html
    return base64.b32decode("".join(re.findall(r"<code>(\w{4})</code>", html)))


def code_of(secret: bytes, late: int = 0) -> str:
    codes = TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303  the apps know no other
    return codes.generate(int(clock.now().timestamp()) + late * STEP_SECONDS).decode()


def with_factor(staff_no: str) -> tuple[bytes, list[str]]:
    """Log in for the first time in earnest, and set a second factor up; its secret and the recovery codes."""
    client = Client()
    assert try_log_in(client, staff_no)["Location"] == "/login/factor/"
    assert not is_in(client)
    secret = secret_on(client)
    page = client.post("/login/factor/", {"code": code_of(secret)})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", page.content.decode())
    assert client.get("/login/password/")["Location"] == "/"
    assert is_in(client)
    return secret, codes


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("staff_no", ["zhang", "wang", "chen", "zhao"])
def test_whoever_exports_audits_or_administers_sets_one_up(staff_no: str) -> None:
    _, codes = with_factor(staff_no)
    assert len(set(codes)) == 10
    assert acts("staff.set_up_factor") == [(staff_no, staff_no)]
    assert outcomes(staff_no) == ["step", "success"]


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_a_code_is_asked_for_from_then_on_and_counts_once() -> None:
    secret, _ = with_factor("wang")
    client = Client()
    assert try_log_in(client, "wang", next="/audit/")["Location"] == "/login/code/?next=%2Faudit%2F"
    assert client.get("/audit/").status_code == 302
    assert (
        client.post("/login/code/", {"code": code_of(secret)}).status_code == 422
    )  # used when it was set up
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        answer = client.post("/login/code/?next=/audit/", {"code": code_of(secret)})
        assert answer["Location"] == "/audit/"
        assert is_in(client)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_a_recovery_code_stands_in_once() -> None:
    _, codes = with_factor("wang")
    for expected in (302, 422):
        client = Client()
        try_log_in(client, "wang")
        assert client.post("/login/code/", {"code": codes[0].upper()}).status_code == expected
    assert RecoveryCode.objects.filter(staff__staff_no="wang", used_at=None).count() == 9


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_guessing_at_codes_is_slowed_down_and_a_right_password_forgives_nothing() -> None:
    secret, _ = with_factor("wang")
    client = Client()
    for _ in range(5):
        try_log_in(client, "wang")
        client.post("/login/code/", {"code": "000000"})
    assert try_log_in(Client(), "wang").status_code == 422
    with clock.frozen(clock.now() + timedelta(seconds=120)):
        assert try_log_in(client, "wang").status_code == 302
        assert client.post("/login/code/", {"code": code_of(secret)}).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_nobody_gets_past_a_hurdle_by_its_address() -> None:
    with_factor("wang")
    client = Client()
    for address in ("/login/code/", "/login/factor/", "/login/password/"):
        assert client.get(address)["Location"] == "/login/"
    try_log_in(client, "wang")
    assert client.get("/login/factor/")["Location"] == "/login/"
    assert client.get("/login/password/")["Location"] == "/login/code/"
    assert not is_in(client)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert client.get("/login/code/")["Location"] == "/login/"


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_an_activation_takes_the_lost_factor_off_and_another_is_set_up() -> None:
    with_factor("wang")
    Staff.objects.filter(staff_no="zhao").update(totp_sealed=b"")
    with scope.acting(scope.EVERYTHING):
        _, code = issue_activation(Staff.objects.get(staff_no="wang"), actor=SYSTEM)
    client = Client()
    sent = {"staff_no": "wang", "code": code, "password": NEW, "again": NEW}
    assert client.post("/login/activate/", sent)["Location"] == "/login/factor/"
    assert not is_in(client)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_whoever_waits_at_the_door_with_an_old_password_is_out_once_it_is_another() -> None:
    """Else a stolen old password would set up a factor of its own after the owner's activation took the old one off."""
    with_factor("wang")
    thief = Client()
    assert try_log_in(thief, "wang")["Location"] == "/login/code/"
    with scope.acting(scope.EVERYTHING):
        _, code = issue_activation(Staff.objects.get(staff_no="wang"), actor=SYSTEM)
    assert use(code, "wang") == 302
    for address in ("/login/code/", "/login/factor/", "/login/password/"):
        assert thief.get(address)["Location"] == "/login/"


@pytest.mark.django_db
def test_an_expired_password_that_was_renewed_elsewhere_lets_nobody_in() -> None:
    Staff.objects.filter(staff_no="zhang").update(password_set_at=clock.now() - timedelta(days=90))
    thief, owner = Client(), Client()
    for client in (thief, owner):
        try_log_in(client, "zhang")
    assert owner.post("/login/password/", {"password": NEW, "again": NEW})["Location"] == "/"
    assert thief.get("/login/password/")["Location"] == "/login/"
    assert not is_in(thief)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_a_secret_that_is_being_set_up_is_not_readable_in_the_session() -> None:
    client = Client()
    try_log_in(client, "wang")
    secret = secret_on(client)
    assert secret.hex() not in str(dict(client.session.items()))


@pytest.mark.django_db
def test_the_demo_asks_for_no_second_factor_and_says_so() -> None:
    client = logged_in("wang")
    assert is_in(client)
    assert "演示环境" in client.get("/me/").content.decode()
    assert "演示环境" in Client().get("/login/").content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("in_earnest")
def test_in_earnest_nothing_speaks_of_a_demo() -> None:
    assert "演示环境" not in Client().get("/login/").content.decode()


# --- dormant accounts


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_session_ends_with_the_account() -> None:
    client = logged_in("zhang")
    Staff.objects.filter(staff_no="zhang").update(suspended_at=clock.now())
    assert not is_in(client)
