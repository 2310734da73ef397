"""Two stewards at the desk at once do not get the same case (REQUIREMENTS 5.5 screen 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.customer.models import ReviewCase
from hongyan.customer.parameters import CASE_HOLD_MINUTES
from hongyan.customer.tests.cases import make_pairs, set_value, state_of
from hongyan.customer.tests.factory import log_in
from hongyan.customer.tests.merging import HE, XU, make_stewards

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
QUEUE = "?state=open"


@pytest.fixture
def cases(db: None) -> list[ReviewCase]:
    """Three cases, in the order in which the queue leads to them."""
    make_stewards()
    return sorted(make_pairs(3), key=lambda case: -case.pk)


@pytest.fixture
def xu(cases: list[ReviewCase]) -> Client:
    return log_in(Client(), XU)


@pytest.fixture
def he(cases: list[ReviewCase]) -> Client:
    return log_in(Client(), HE)


def page(case: ReviewCase) -> str:
    return f"/customers/cases/{case.pk}/{QUEUE}"


def decided(client: Client, case: ReviewCase) -> str:
    """The address of the case that comes next."""
    answer = client.post(f"/customers/cases/{case.pk}/decide/{QUEUE}", {"verdict": "different"}, headers=HTMX)
    assert answer.status_code == 200
    return str(answer["HX-Push-Url"])


def test_the_next_case_is_one_that_nobody_works_on(xu: Client, he: Client, cases: list[ReviewCase]) -> None:
    first, second, third = cases
    he.get(page(second))
    assert decided(xu, first) == page(third)
    assert state_of(second) == "open"


def test_both_begin_with_different_cases(xu: Client, he: Client, cases: list[ReviewCase]) -> None:
    first, second, _third = cases
    assert f'href="{page(first)}" data-key="g"' in xu.get("/customers/cases/").content.decode()
    xu.get(page(first))
    assert f'href="{page(second)}" data-key="g"' in he.get("/customers/cases/").content.decode()
    # whoever holds it goes on with it
    assert f'href="{page(first)}" data-key="g"' in xu.get("/customers/cases/").content.decode()


def test_a_case_that_somebody_works_on_says_so_and_stays_theirs(
    xu: Client, he: Client, cases: list[ReviewCase]
) -> None:
    first = cases[0]
    assert "正在处理这一件" not in xu.get(page(first)).content.decode()
    assert "徐管家 正在处理这一件" in he.get(page(first)).content.decode()
    with transaction.atomic(), scope.bulk():
        assert ReviewCase.objects.get(pk=first.pk).held_by == XU
    # it is a notice, no lock: a word is a word
    decided(he, first)
    assert state_of(first) == "rejected"


def test_a_case_is_free_again_after_some_minutes(xu: Client, he: Client, cases: list[ReviewCase]) -> None:
    first, second, _third = cases
    he.get(page(second))
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        xu = log_in(Client(), XU)
        assert decided(xu, first) == page(second)
        assert "正在处理这一件" not in xu.get(page(second)).content.decode()


def test_how_long_is_a_parameter(xu: Client, he: Client, cases: list[ReviewCase]) -> None:
    set_value(CASE_HOLD_MINUTES, 0)
    first, second, _third = cases
    he.get(page(second))
    with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False):
        assert decided(xu, first) == page(second)


def test_the_queue_is_done_for_whom_nothing_is_free(xu: Client, he: Client, cases: list[ReviewCase]) -> None:
    first, second, third = cases
    he.get(page(second))
    he.get(page(third))
    answer = xu.post(f"/customers/cases/{first.pk}/decide/{QUEUE}", {"verdict": "different"}, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/customers/cases/")
    assert [state_of(case) for case in cases] == ["rejected", "open", "open"]
