"""The door that keeps a reader's preferences."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from hongyan.ui.appearance import Appearance
from hongyan.ui.views import preferences


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"theme": "dark"}, {"theme": "dark"}),
        ({"density": "huge"}, {}),
        ({"theme": "auto", "sidebar": "closed", "other": "x"}, {"theme": "auto", "sidebar": "closed"}),
    ],
)
def test_only_known_choices_are_kept(sent, kept):
    response = preferences(RequestFactory().post("/", sent))
    assert {name: cookie.value for name, cookie in response.cookies.items()} == kept


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [("/a/?b=1", "/a/?b=1"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_it_goes_back_only_to_our_own_pages(target, goes_to):
    assert preferences(RequestFactory().post("/", {"next": target})).headers["Location"] == goes_to


def test_reading_does_not_write():
    assert preferences(RequestFactory().get("/")).status_code == 405


def test_the_first_choice_is_the_default():
    assert Appearance.from_cookies({}) == Appearance("light", "normal", "open")
