"""Log-in, log-out, posts and language (CUS-010, BARS A 22, A 24)."""

from __future__ import annotations

from datetime import date, timedelta
from time import thread_time

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher, make_password
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.org.codes import Role, Tree
from hongyan.org.models import LoginEvent, Place, Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import PASSWORD, small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()


def outcomes() -> list[tuple[str | None, str]]:
    return list(LoginEvent.objects.order_by("id").values_list("staff__staff_no", "outcome"))


def second_post(staff_no: str, unit: str, role: Role) -> Post:
    return Post.objects.create(
        staff=Staff.objects.get(staff_no=staff_no),
        place=Place.objects.get(unit__code=unit, tree=Tree.POSTAL),
        role=role,
    )


class TestLogIn:
    def test_opens_the_page_that_was_asked_for(self):
        answer = try_log_in(Client(), "zhang", next="/me/")
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        assert outcomes() == [("zhang", "success")]

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_never_leads_elsewhere(self, target):
        assert try_log_in(Client(), "zhang", next=target)["Location"] == "/"

    def test_person_who_is_in_already_goes_on(self):
        assert logged_in("zhang").get("/login/?next=/me/")["Location"] == "/me/"

    def test_gets_a_session_id_nobody_planted(self):
        client = Client()
        client.session.save()
        planted = client.session.session_key
        client.cookies["hongyan_session"] = planted
        try_log_in(client, "zhang")
        assert client.cookies["hongyan_session"].value != planted
        client.cookies["hongyan_session"] = planted
        assert client.get("/me/").status_code == 302

    def test_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        client = logged_in("zhang")
        cookie = client.cookies["hongyan_session"]
        assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")

    def test_says_the_same_whatever_is_wrong(self):
        Staff.objects.filter(staff_no="wang").update(is_active=False)
        Post.objects.filter(staff__staff_no="sun").update(valid_to=date(2001, 1, 2))
        Staff.objects.filter(staff_no="chen").update(password="!unusable")
        pages = set()
        for staff_no, password in [
            ("nobody", PASSWORD), ("zhang", "wrong"), ("wang", PASSWORD), ("sun", PASSWORD), ("chen", PASSWORD),
        ]:  # fmt: skip
            answer = try_log_in(Client(), staff_no, password)
            assert (answer.status_code, "hongyan_session" in answer.cookies) == (422, False)
            pages.add(
                answer.content.decode()
                .replace(staff_no, "")
                .split("<form")[1]
                .split("csrfmiddlewaretoken")[0]
            )
            assert "工号或密码不正确" in answer.content.decode()
            LoginEvent.objects.all().delete()
        assert len(pages) == 1

    def test_unknown_names_are_not_kept(self):
        try_log_in(Client(), "nobody")
        assert outcomes() == [(None, "failed")]

    def test_does_not_fall_over_odd_input(self):
        assert try_log_in(Client(), "zh\0ang").status_code == 400
        assert try_log_in(Client(), "x" * 500, "y" * 5000).status_code == 422


class TestThrottle:
    def fail(self, times: int, staff_no: str = "zhang", address: str = "10.0.0.1") -> None:
        for _ in range(times):
            Client(REMOTE_ADDR=address).post("/login/", {"staff_no": staff_no, "password": "wrong"})

    def may_enter(self, staff_no: str = "zhang", address: str = "10.0.0.1") -> bool:
        answer = Client(REMOTE_ADDR=address).post("/login/", {"staff_no": staff_no, "password": PASSWORD})
        return answer.status_code == 302

    def test_four_failures_are_free(self):
        self.fail(4)
        assert self.may_enter()

    def test_after_five_the_right_password_waits_too(self):
        self.fail(5)
        assert not self.may_enter(address="10.0.0.2")
        assert outcomes()[-1] == ("zhang", "delayed")
        with clock.frozen(clock.now() + timedelta(seconds=31)):
            assert self.may_enter()

    def test_an_address_that_tries_many_accounts_waits(self):
        """Later than an account: a whole outlet often shares one address, and one colleague must not lock it out."""
        for number in range(29):
            self.fail(1, f"nobody{number}")
        assert self.may_enter("zhang")
        for number in range(30):
            self.fail(1, f"nobody{number}")
        assert not self.may_enter("zhang")
        assert self.may_enter("zhang", address="10.0.0.2")

    def test_waiting_grows_to_a_quarter_of_an_hour_and_no_further(self):
        start = clock.now()
        instant = start
        for _ in range(14):
            with clock.frozen(instant):
                self.fail(1)
            instant += timedelta(seconds=901)
        with clock.frozen(instant - timedelta(seconds=2)):
            assert not self.may_enter()
        with clock.frozen(instant):
            assert self.may_enter()

    def test_knocking_while_waiting_does_not_lengthen_it(self):
        self.fail(5)
        self.fail(10)
        with clock.frozen(clock.now() + timedelta(seconds=31)):
            assert self.may_enter()

    def test_success_forgets_failures(self):
        self.fail(4)
        assert self.may_enter()
        self.fail(4)
        assert self.may_enter()

    def test_takes_the_same_time_whatever_is_wrong(self, settings):
        """BARS A 22, within 10 %; in processor time, which a busy machine does not stretch."""
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
        Staff.objects.filter(staff_no="zhang").update(password=make_password(PASSWORD))
        Staff.objects.filter(staff_no="chen").update(password="!unusable")

        def seconds(staff_no: str) -> float:
            took = []
            for turn in range(5):
                begun = thread_time()
                self.fail(1, staff_no, f"10.1.0.{turn}")
                took.append(thread_time() - begun)
                LoginEvent.objects.all().delete()
            return min(took)

        times = [seconds("zhang"), seconds("nobody"), seconds("chen")]
        assert max(times) <= 1.1 * min(times)

    def test_every_refusal_costs_exactly_one_hash(self, settings, monkeypatch):
        """BARS A 22, without a clock: the hash is by far the longest of what an attempt does."""
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
        Staff.objects.filter(staff_no__in=("zhang", "wang", "sun", "li")).update(
            password=make_password(PASSWORD)
        )
        Staff.objects.filter(staff_no="chen").update(password="!unusable")
        Staff.objects.filter(staff_no="wang").update(is_active=False)
        Post.objects.filter(staff__staff_no="sun").update(valid_to=date(2001, 1, 2))
        self.fail(5, "li")
        hashed = []
        encode = ScryptPasswordHasher.encode
        monkeypatch.setattr(
            ScryptPasswordHasher, "encode", lambda *given, **more: hashed.append(1) or encode(*given, **more)
        )

        def hashes(staff_no: str, password: str) -> tuple[int, int]:
            hashed.clear()
            answer = try_log_in(Client(REMOTE_ADDR="10.2.0.1"), staff_no, password)
            return answer.status_code, len(hashed)

        for staff_no, password in [
            ("zhang", "wrong"), ("nobody", PASSWORD), ("chen", PASSWORD), ("wang", PASSWORD), ("sun", PASSWORD),
            ("li", PASSWORD), ("li", "wrong"),
        ]:  # fmt: skip
            assert hashes(staff_no, password) == (422, 1), staff_no


class TestLogOut:
    def test_ends_the_session_and_is_written_down(self):
        client = logged_in("zhang")
        assert client.post("/logout/")["Location"] == "/login/"
        assert client.get("/me/").status_code == 302
        assert outcomes() == [("zhang", "success"), ("zhang", "logout")]

    def test_only_by_post(self):
        client = logged_in("zhang")
        assert client.get("/logout/").status_code == 405
        assert client.get("/me/").status_code == 200

    def test_needs_the_token_of_the_form(self):
        strict = Client(enforce_csrf_checks=True)
        assert try_log_in(strict, "zhang").status_code == 403


class TestPosts:
    def test_switch_changes_scope_and_is_audited(self):
        post = second_post("zhang", "S1", Role.AGENT)
        client = logged_in("zhang")
        assert client.post("/post/", {"post": post.pk})["Location"] == "/"
        assert client.session["post"] == post.pk
        assert client.get("/me/").context["me"].post == "经四路支局 · 坐席"
        with scope.acting(scope.EVERYTHING):
            event = AuditEvent.objects.get(act="post.switch")
        assert (event.actor, event.before["unit"], event.after["unit"]) == ("zhang", "L1", "S1")

    def test_of_others_are_absent(self):
        client = logged_in("zhang")
        before = client.session["post"]
        foreign = Post.objects.get(staff__staff_no="li").pk
        for post in (foreign, 999_999, "x", "", "9" * 30, "9" * 5000):
            assert client.post("/post/", {"post": post}).status_code == 404
        assert client.session["post"] == before

    def test_log_in_begins_in_the_primary_one(self):
        second_post("zhang", "S1", Role.AGENT)
        assert logged_in("zhang").session["post"] == find_viewer("zhang").post_id

    def test_end_with_their_day(self):
        Post.objects.filter(staff__staff_no="zhang").update(valid_to=clock.business_date())
        client = logged_in("zhang")
        assert client.get("/me/").status_code == 200
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert try_log_in(Client(), "zhang").status_code == 422

    def test_viewer_is_one_query_with_the_whole_chain(self, django_assert_num_queries):
        second_post("zhang", "S1", Role.AGENT)
        with django_assert_num_queries(1):
            viewer = find_viewer("zhang")
        chain = (
            Place.objects.filter(unit_id__in=viewer.unit_chain)
            .order_by("-lo")
            .values_list("unit__code", flat=True)
        )
        assert list(chain) == ["L1", "370102", "3701", "37", "H"]
        assert viewer.unit_id == viewer.unit_chain[0]
        assert [label for _id, label in viewer.other_posts] == ["经四路支局 · 坐席"]


class TestLanguage:
    def test_follows_the_person_to_another_browser(self):
        logged_in("zhang").post("/language/", {"language": "en", "next": "/me/"})
        assert Staff.objects.get(staff_no="zhang").language == "en"
        assert logged_in("zhang").get("/me/")["Content-Language"] == "en"

    def test_we_do_not_speak_changes_nothing(self):
        assert logged_in("zhang").post("/language/", {"language": "xx"}).status_code == 422
        assert Staff.objects.get(staff_no="zhang").language == ""


class TestTokens:
    def test_is_shown_once_and_kept_as_a_digest(self):
        client = logged_in("zhang")
        page = client.post("/me/tokens/", {"name": "报表程序"})
        text = page.context["text"]
        assert text.startswith("hongyan_")
        assert text in page.content.decode()
        assert text not in client.get("/me/").content.decode()
        token = find_viewer("zhang") and page.context["new_token"]
        assert text.encode() not in bytes(token.digest)

    def test_can_be_revoked_by_its_owner_only(self):
        client = logged_in("zhang")
        token = client.post("/me/tokens/", {"name": "报表程序"}).context["new_token"]
        assert logged_in("li").post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
        token.refresh_from_db()
        assert token.revoked_at is None
        client.post(f"/me/tokens/{token.pk}/revoke/")
        token.refresh_from_db()
        assert token.revoked_at is not None

    def test_needs_a_name(self):
        assert logged_in("zhang").post("/me/tokens/", {"name": " "}).status_code == 422
