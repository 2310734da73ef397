"""The middleware through real doors: who may enter, in which scope, and what is left after an error."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import ExceptionEvent
from hongyan.org.models import Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hongyan.web.tests.sample_urls")]


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()


def acts(owner_dsn: str) -> list[tuple[str, str, str, str]]:
    """What really was committed to the audit, past every policy."""
    with psycopg.connect(owner_dsn) as owner:
        return owner.execute(
            "SELECT actor, act, subject, result FROM core_auditevent WHERE actor <> 'system' ORDER BY id"
        ).fetchall()


def test_stranger_is_sent_to_log_in_and_back():
    answer = Client().get("/scope/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/scope/%3Fa%3D1")


def test_stranger_that_writes_is_not_sent_back_to_the_door():
    assert Client().post("/scope/")["Location"] == "/login/?next=/"


def test_stranger_with_htmx_reloads_the_page():
    answer = Client().get("/scope/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (401, "true")


def test_open_door_sees_nothing():
    assert Client().get("/open-scope/").content == b"0 -1 none"


@pytest.mark.parametrize("staff_no", ["zhang", "li", "wang"])
def test_door_acts_in_the_scope_of_the_post(staff_no):
    own = find_viewer(staff_no).scope
    assert logged_in(staff_no).get("/scope/").content.decode() == f"{own.lo} {own.hi} none"


def test_post_of_the_group_acts_in_the_group_role():
    assert logged_in("chen").get("/scope/").content.decode().endswith("hongyan_group")


@pytest.mark.django_db(transaction=True)
def test_scope_is_gone_after_every_request_and_never_another_ones():
    """BARS A 20, in small: people take turns on one connection."""
    browsers = {staff_no: logged_in(staff_no) for staff_no in ("zhang", "li", "chen")}
    scopes = {staff_no: find_viewer(staff_no).scope for staff_no in browsers}
    for turn in range(30):
        staff_no = ("zhang", "li", "chen")[turn % 3]
        lo, hi, _role = browsers[staff_no].get("/scope/").content.decode().split()
        assert (int(lo), int(hi)) == (scopes[staff_no].lo, scopes[staff_no].hi)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('hongyan.lo', true), current_setting('role')")
            assert cursor.fetchone() in {("", "none"), (None, "none")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["write-then-500", "crash"])
def test_failure_leaves_nothing(owner_dsn, door):
    client = logged_in("zhang")
    client.raise_request_exception = False
    assert client.get(f"/{door}/").status_code == 500
    assert acts(owner_dsn) == []


@pytest.mark.django_db(transaction=True)
def test_success_is_committed(owner_dsn):
    assert logged_in("zhang").get("/write/").status_code == 200
    assert acts(owner_dsn) == [("zhang", "test.write", "1", "done")]


@pytest.mark.django_db(transaction=True)
def test_foreign_record_is_absent_leaves_nothing_and_is_audited(owner_dsn):
    answer = logged_in("li").get("/write-then-missing/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert acts(owner_dsn) == [("li", "customer.open", "H00000000017", "denied")]


@pytest.mark.django_db(transaction=True)
def test_missing_right_is_refused_and_audited(owner_dsn):
    assert logged_in("zhang").get("/forbidden/").status_code == 403
    assert acts(owner_dsn) == [("zhang", "intake.sign", "/forbidden/", "denied")]


@pytest.mark.parametrize(
    ("door", "status", "words"),
    [
        ("conflict", 409, "同事刚刚改过这一条"),
        ("invalid", 422, "名称不能为空"),
        ("bad-file", 422, "这个文件不能接收"),
        ("down", 503, "系统暂时不可用"),
    ],
)
def test_error_is_told_as_a_page_and_to_htmx_as_a_notice(door, status, words):
    client = logged_in("zhang")
    page = client.get(f"/{door}/")
    assert (page.status_code, words in page.content.decode()) == (status, True)
    notice = client.get(f"/{door}/", headers={"HX-Request": "true"})
    assert (notice.status_code, notice["HX-Reswap"], notice.content) == (status, "none", b"")
    assert '"ui:toast"' in notice["HX-Trigger"]


@pytest.mark.parametrize(
    ("door", "state"), [("conflict", "routine"), ("invalid", "routine"), ("bad-file", "open")]
)
def test_mistakes_of_daily_work_ask_nobody_to_look_into_them(door, state):
    """CUS-011: a wrong form is told to who filled it in; the log stays short for what somebody has to mend."""
    logged_in("zhang").get(f"/{door}/")
    with scope.bulk():
        assert list(ExceptionEvent.objects.values_list("state", flat=True)) == [state]


def test_database_that_is_down_asks_to_come_back():
    assert logged_in("zhang").get("/down/")["Retry-After"] == "10"


def test_streaming_is_forbidden():
    with pytest.raises(RuntimeError, match="scope"):
        logged_in("zhang").get("/stream/")


def test_lazy_template_is_rendered_inside():
    assert logged_in("zhang").get("/lazy/").status_code == 200


def test_every_answer_names_its_request():
    first, second = (Client().get("/open-scope/")["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


class TestSession:
    def test_ends_when_idle(self):
        client = logged_in("zhang")
        with clock.frozen(clock.now() + timedelta(minutes=31)):
            assert client.get("/scope/").status_code == 302

    def test_lives_while_it_is_used_but_not_for_ever(self):
        client = logged_in("zhang")
        start = clock.now()
        for minutes in range(20, 12 * 60, 20):
            with clock.frozen(start + timedelta(minutes=minutes)):
                assert client.get("/scope/").status_code == 200
        with clock.frozen(start + timedelta(hours=12)):
            assert client.get("/scope/").status_code == 302

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Staff.objects.filter(staff_no="zhang").update(is_active=False),
            lambda: Staff.objects.filter(staff_no="zhang").update(password="!"),
            lambda: Post.objects.filter(staff__staff_no="zhang").update(valid_to="2001-01-02"),
        ],
        ids=["disabled", "password changed", "post ended"],
    )
    def test_ends_at_the_next_request(self, change):
        """BARS A 21, A 24."""
        client = logged_in("zhang")
        assert client.get("/scope/").status_code == 200
        change()
        assert client.get("/scope/").status_code == 302
        assert not Session.objects.exists()


class TestLanguage:
    def test_is_chinese_whatever_the_browser_says(self):
        answer = Client().get("/login/", headers={"Accept-Language": "en"})
        assert 'lang="zh-hans"' in answer.content.decode()

    def test_of_an_address_is_remembered(self):
        client = Client()
        assert 'lang="en"' in client.get("/login/?lang=en").content.decode()
        assert client.get("/login/")["Content-Language"] == "en"
        assert client.get("/login/?lang=xx")["Content-Language"] == "en"
        assert client.get("/login/?lang=zh-hans")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("address", ["/scope/?unit=%00", "/echo/a%00b/", "/scope/?a=1&b=x%00"])
def test_nul_in_an_address_is_refused_before_it_reaches_a_door(address):
    """PostgreSQL takes no NUL in a text: without this each door that compares one would answer 500."""
    assert logged_in("zhang").get(address).status_code == 400


def test_nul_in_a_form_is_refused_and_nothing_is_written(owner_dsn):
    before = acts(owner_dsn)
    assert logged_in("zhang").post("/write/", {"name": "a\0b"}).status_code == 400
    assert acts(owner_dsn) == before


def test_nul_at_the_api_is_a_problem_document():
    answer = Client().get("/api/v1/customers?unit=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "refused"


def test_an_expired_form_is_told_in_our_words():
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "这张表单已经过期" in answer.content.decode()
    assert "<style" not in answer.content.decode()
