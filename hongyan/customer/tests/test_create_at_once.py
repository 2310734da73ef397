"""Sixteen clerks enter eight people at the same moment, each as the field's systems have them (issue 5; BARS A 2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from django.db import connection
from django.test import Client

from conftest import clear_tables
from hongyan.core import scope
from hongyan.customer.codes import CaseState
from hongyan.customer.models import Customer, Entry
from hongyan.customer.tests import factory
from hongyan.customer.tests.entering import (
    NEW,
    Post,
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

PEOPLE, CLERKS, SEED = 8, 16, 20261125


@pytest.fixture
def clerks(transactional_db: None) -> Iterator[list[str]]:
    """Managers, three of four at one outlet."""
    factory.make_organisation()
    names = [f"clerk{n:02}" for n in range(CLERKS)]
    with scope.bulk():
        posts = [
            factory._post(row, name, "柜员", HUAIYIN_OUTLET if row % 4 == 0 else LIXIA_OUTLET, Role.MANAGER)
            for row, name in enumerate(names)
        ]
        posts.append(factory._post(CLERKS, "second", "第二人", "1000", Role.GROUP_ADMIN))
        take_in_posts(posts, actor=factory.TESTER)
    yield names
    clear_tables()


def post_as(client: Client) -> Post:
    def post(form: Mapping[str, str]) -> tuple[int, str]:
        answer = client.post(NEW, form)
        return answer.status_code, answer.headers.get("Location") or answer.content.decode()

    return post


@pytest.mark.django_db(transaction=True)
def test_nobody_is_there_twice_however_many_enter_them_at_once(clerks: list[str]) -> None:
    forms = forms_of(PEOPLE, seed=SEED, rounds=3)
    browsers = cycle([factory.log_in(Client(), name) for name in clerks])

    def work(number: int, client: Client) -> tuple[str, str]:
        try:
            return enter(post_as(client), forms[number][1], twice=number % 3 == 0)
        finally:
            connection.close()

    said, whose, typed = Counter[str](), defaultdict[str, set[str]](set), []
    with ThreadPoolExecutor(CLERKS) as pool:
        jobs = [
            pool.submit(work, number, client)
            for number, client in zip(range(len(forms)), browsers, strict=False)
        ]
        for (person, form), job in zip(forms, jobs, strict=True):
            outcome, code = job.result()
            said[outcome] += 1
            whose[code].add(person)
            if outcome == "saved":  # what was refused is not there to be compared with
                typed.append(form)
    assert set(said) <= {"saved", "elsewhere"}, said
    assert said["saved"] > PEOPLE
    viewer = factory.viewer(HEAD)
    with scope.acting(viewer.scope):
        assert Entry.objects.count() == entered_records() == said["saved"], "a form sent twice counts once"
        assert doubles(viewer, typed) <= pairs_in(CaseState.OPEN)
        work_cases(viewer, whose)
        assert doubles(viewer, typed) <= pairs_in(CaseState.ASKED, CaseState.REJECTED)
        assert Customer.objects.filter(survivor=None).count() >= PEOPLE
