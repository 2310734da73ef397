"""Allowances: a burst, then an even stream, one count for all processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from hongyan.core import clock, rates
from hongyan.core.models import Rate


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.frozen(clock.now()):
        yield


def take(key: str = "a", per_minute: int = 60, burst: int = 3) -> int:
    return rates.seconds_to_wait(key, per_minute=per_minute, burst=burst)


def later(seconds: float) -> object:
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_a_burst_and_then_one_a_second() -> None:
    assert [take() for _ in range(5)] == [0, 0, 0, 1, 1]
    with later(1):
        assert [take(), take()] == [0, 1]
    with later(60):
        assert [take() for _ in range(4)] == [0, 0, 0, 1]


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_what_is_refused_uses_nothing_and_tells_how_long() -> None:
    assert [take(per_minute=6, burst=1) for _ in range(4)] == [0, 10, 10, 10]
    with later(9.5):
        assert take(per_minute=6, burst=1) == 1
    with later(10):
        assert take(per_minute=6, burst=1) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_keys_do_not_share() -> None:
    assert [take("a", burst=1), take("b", burst=1), take("a", burst=1)] == [0, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_callers_side_by_side_share_one_count() -> None:
    answers: list[int] = []

    def call() -> None:
        answers.extend([take(per_minute=1, burst=25) for _ in range(10)])
        connection.close()

    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers).count(0) == 25


@pytest.mark.django_db
def test_the_count_is_kept_without_a_log() -> None:
    """A write a request must not wait for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [Rate._meta.db_table])
        assert cursor.fetchone() == ("u",)
