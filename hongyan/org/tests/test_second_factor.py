"""The second factor: set up, asked for, guessed at, lost (BARS A 22, A 23, E 3)."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.org.actions.passwords import issue_activation
from hongyan.org.models import RecoveryCode, Staff
from hongyan.org.tests.accounts import NEW, acts, code_of, is_in, outcomes, use
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


@pytest.fixture
def in_earnest(settings: Settings) -> None:
    """Not a demo: whoever administers, audits or exports needs a second factor."""
    settings.DEMO = False


def secret_on(client: Client) -> bytes:
    html = client.get("/login/factor/").content.decode()
    assert "data:image/svg+xml" in html
    return base64.b32decode("".join(re.findall(r"<code>(\w{4})</code>", html)))


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


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("staff_no", ["zhang", "wang", "chen", "zhao"])
def test_whoever_exports_audits_or_administers_sets_one_up(staff_no: str) -> None:
    _, codes = with_factor(staff_no)
    assert len(set(codes)) == 10
    assert acts("staff.set_up_factor") == [(staff_no, staff_no)]
    assert outcomes(staff_no) == ["step", "success"]


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


@pytest.mark.usefixtures("in_earnest")
def test_a_recovery_code_stands_in_once() -> None:
    _, codes = with_factor("wang")
    for expected in (302, 422):
        client = Client()
        try_log_in(client, "wang")
        assert client.post("/login/code/", {"code": codes[0].upper()}).status_code == expected
    assert RecoveryCode.objects.filter(staff__staff_no="wang", used_at=None).count() == 9


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


@pytest.mark.usefixtures("in_earnest")
def test_a_secret_that_is_being_set_up_is_not_readable_in_the_session() -> None:
    client = Client()
    try_log_in(client, "wang")
    secret = secret_on(client)
    assert secret.hex() not in str(dict(client.session.items()))


def test_the_demo_asks_for_no_second_factor_and_says_so() -> None:
    client = logged_in("wang")
    assert is_in(client)
    assert "演示环境" in client.get("/me/").content.decode()
    assert "演示环境" in Client().get("/login/").content.decode()


@pytest.mark.usefixtures("in_earnest")
def test_in_earnest_nothing_speaks_of_a_demo() -> None:
    assert "演示环境" not in Client().get("/login/").content.decode()
