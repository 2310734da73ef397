"""Two stewards who press the same button at the same moment: one job, one sample, and nobody sees an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from conftest import clear_tables
from hongyan.core import scope
from hongyan.core.models import JobRun
from hongyan.customer.actions.count_resolution import COUNTING, count_resolution
from hongyan.customer.actions.train_model import TRAINING
from hongyan.customer.models import IdentityModel, ResolutionCount, SecondLook
from hongyan.customer.queries.relation_runs import RELATING
from hongyan.customer.tests.factory import HEAD, TESTER, _post, log_in, make_town
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role

pytestmark = pytest.mark.django_db(transaction=True)

PRESSED = 6
"""So many press at once: of two, one is often done before the other looks."""


@pytest.fixture
def heads(transactional_db: None) -> Iterator[list[Client]]:
    """Two of the group's stewards in several windows each."""
    make_town()
    with scope.bulk():
        take_in_posts([_post(9, "tu", "屠管家", "1000", Role.STEWARD)], actor=TESTER)
    yield [log_in(Client(), (HEAD, "tu")[number % 2]) for number in range(PRESSED)]
    clear_tables()


def at_once(tasks: list[Callable[[], int]]) -> list[int]:
    """What each of some tasks answers, all of them begun at the same moment, in threads of their own."""
    barrier = Barrier(len(tasks))

    def begin(task: Callable[[], int]) -> int:
        barrier.wait()
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(begin, tasks))


def pressed(clients: list[Client], address: str, **form: str) -> list[int]:
    """The answers to all who post the same at once, the lowest first."""
    return sorted(
        at_once([lambda client=client: client.post(address, form).status_code for client in clients])
    )


def runs(task: str) -> int:
    return JobRun.objects.filter(task=task).count()


def test_one_training_begins(heads: list[Client]) -> None:
    assert pressed(heads, "/customers/models/person/train/") == [302, *[409] * (PRESSED - 1)]
    assert (runs(TRAINING), IdentityModel.objects.count()) == (1, 1)


def test_one_derivation_of_everybody_begins(heads: list[Client]) -> None:
    assert pressed(heads, "/customers/cases/relations/start/") == [302, *[409] * (PRESSED - 1)]
    assert runs(RELATING) == 1


def test_one_count_begins(heads: list[Client]) -> None:
    assert pressed(heads, "/customers/cases/overview/count/") == [302] * PRESSED
    assert runs(COUNTING) == 1


def test_counts_at_once_leave_one_count(heads: list[Client]) -> None:
    numbers = count_resolution()
    assert at_once([count_resolution] * PRESSED) == [numbers] * PRESSED
    with scope.bulk():
        assert ResolutionCount.objects.count() == numbers


def test_no_join_is_drawn_twice(heads: list[Client]) -> None:
    assert pressed(heads, "/customers/cases/overview/draw/") == [302] * PRESSED
    with scope.bulk():
        assert SecondLook.objects.count() == 1
