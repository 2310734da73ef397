"""Sixty-four clerks enter a thousand people at the same moment, at the pages of a served house (issue 5; BARS A 2).

pytest -m slow tests/prove/test_creates.py -s
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from conftest import TEST_HOME, clear_tables
from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.codes import CaseState
from hongyan.customer.models import Customer, Entry
from hongyan.customer.parameters import CHECKS_AN_HOUR
from hongyan.customer.tests import factory
from hongyan.customer.tests.entering import (
    NEW,
    doubles,
    enter,
    entered_records,
    forms_of,
    pairs_in,
    work_cases,
)
from hongyan.customer.tests.factory import HEAD, HUAIYIN_OUTLET, LIXIA_OUTLET
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from tests.journeys.site import served_as_it_is

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE, CLERKS, ROUNDS, SEED = 1000, 64, 2, 20261126
TOKEN = "c" * 32  # what the page's form would carry, equal to the cookie


@dataclass
class Browser:
    """A logged-in clerk's browser on a connection that stays open."""

    connection: HTTPConnection
    session: str

    def post(self, form: Mapping[str, str]) -> tuple[int, str]:
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request("POST", NEW, urlencode(form), headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        return answer.status, answer.headers.get("Location") or page


@pytest.fixture
def clerks() -> Iterator[list[str]]:
    """Managers, three of four at one outlet, with as many checks as they like."""
    factory.make_organisation()
    names = [f"clerk{n:02}" for n in range(CLERKS)]
    with scope.bulk():
        posts = [
            factory._post(row, name, "柜员", HUAIYIN_OUTLET if row % 4 == 0 else LIXIA_OUTLET, Role.MANAGER)
            for row, name in enumerate(names)
        ]
        posts.append(factory._post(CLERKS, "second", "第二人", "1000", Role.GROUP_ADMIN))
        take_in_posts(posts, actor=factory.TESTER)
        ParameterValue.objects.create(
            key=CHECKS_AN_HOUR.key,
            value=1_000_000,
            effective_from="2020-01-01",
            set_at=clock.now(),
            set_by="test",
        )
    yield names
    clear_tables()


def test_whom_sixty_four_enter_at_once_nobody_finds_twice(clerks: list[str], owner_dsn: str) -> None:
    """Whoever could not be told from a stranger at first, and could once a third form came, waits for a steward; when
    the stewards are done, the check finds nobody twice but who waits for a second one, or was told apart."""
    forms = forms_of(PEOPLE, seed=SEED, rounds=ROUNDS)
    sessions = [factory.log_in(Client(), name).cookies[settings.SESSION_COOKIE_NAME].value for name in clerks]
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(forms)):
        waiting.put(number)

    def work(session: str) -> list[tuple[int, str, str]]:
        browser, done = Browser(HTTPConnection("127.0.0.1", port, timeout=120), session), []
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return done
            done.append((number, *enter(browser.post, forms[number][1], twice=number % 10 == 0)))

    began = time.monotonic()
    with served_as_it_is(TEST_HOME, owner_dsn, folder="creates") as port, ThreadPoolExecutor(CLERKS) as pool:
        done = [one for each in pool.map(work, sessions) for one in each]
    seconds = time.monotonic() - began

    said, whose = Counter(outcome for _, outcome, _ in done), defaultdict[str, set[str]](set)
    for number, _, code in done:
        whose[code].add(forms[number][0])
    # what was refused is not there to be compared with
    typed = [forms[number][1] for number, outcome, _ in done if outcome == "saved"]
    assert set(said) <= {"saved", "elsewhere"}, said
    viewer = factory.viewer(HEAD)
    with scope.acting(viewer.scope):
        assert Entry.objects.count() == entered_records() == said["saved"]
        customers, twice = Customer.objects.count(), doubles(viewer, typed)
        told = (
            f"{len(forms)} forms of {PEOPLE} people in {seconds:.0f} s: {dict(said)}; {customers} customers, "
            f"{len(pairs_in(CaseState.OPEN))} pairs wait, {len(twice)} of them surely one"
        )
        print(told)
        assert twice <= pairs_in(CaseState.OPEN), "somebody is there twice and no steward knows"
        print(f"worked: {dict(work_cases(viewer, whose))}")
        assert doubles(viewer, typed) <= pairs_in(CaseState.ASKED, CaseState.REJECTED)
