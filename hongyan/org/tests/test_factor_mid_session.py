"""A post that takes a second factor, got while logged in, leads to setting it up at once (BARS A 21, A 23)."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from hongyan.core import scope
from hongyan.org.codes import Role
from hongyan.org.models import Post
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_earnest(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with scope.bulk():
        small_organisation()
        Post.objects.filter(staff__staff_no="zhang").update(role=Role.MANAGER)


def promote(staff_no: str) -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no=staff_no).update(role=Role.AUDITOR)


def test_the_next_request_leads_to_setting_it_up() -> None:
    zhang = logged_in("zhang")
    assert zhang.get("/me/").status_code == 200
    promote("zhang")

    answer = zhang.get("/audit/?act=customer.open")
    target = "/login/factor/?next=%2Faudit%2F%3Fact%3Dcustomer.open"
    assert (answer.status_code, answer.headers["Location"]) == (302, target)
    page = zhang.get(target)
    assert page.status_code == 200
    assert page.context["next"] == "/audit/?act=customer.open"


def test_until_then_nobody_is_in() -> None:
    zhang = logged_in("zhang")
    promote("zhang")
    zhang.get("/me/")

    for url in ("/me/", "/audit/", "/customers/"):
        answer = zhang.get(url)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login/")
    assert zhang.post("/post/", {"post": "1"}).headers["Location"].startswith("/login/")


def test_a_form_sent_then_changes_nothing() -> None:
    zhang = logged_in("zhang")
    promote("zhang")

    answer = zhang.post("/language/", {"language": "en"})
    assert answer.headers["Location"] == "/login/factor/?next=%2F"
    assert Post.objects.get(staff__staff_no="zhang").staff.language == ""


def test_a_swap_is_sent_there_as_a_whole_page() -> None:
    zhang = logged_in("zhang")
    promote("zhang")

    answer = zhang.get("/me/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login/factor/?next=%2Fme%2F")


def test_who_has_one_goes_on(settings: Settings) -> None:
    zhang = logged_in("zhang")
    with scope.bulk():
        staff = Post.objects.get(staff__staff_no="zhang").staff
        staff.totp_sealed = b"x"
        staff.save()
    promote("zhang")
    assert zhang.get("/audit/").status_code == 200


def test_in_a_demo_nobody_is_asked(settings: Settings) -> None:
    settings.DEMO = True
    zhang = logged_in("zhang")
    promote("zhang")
    assert zhang.get("/audit/").status_code == 200


def test_who_is_not_logged_in_is_not_concerned() -> None:
    promote("zhang")
    assert Client().get("/audit/").headers["Location"].startswith("/login/?")
