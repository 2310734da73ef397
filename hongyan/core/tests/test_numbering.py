"""Numbers are issued once; a rollback issues none; racers get different ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from hongyan.core import numbering


@pytest.mark.django_db
def test_numbers_follow_each_other_and_series_are_apart() -> None:
    assert list(numbering.take("a", 3)) == [1, 2, 3]
    assert list(numbering.take("a")) == [4]
    assert list(numbering.take("b")) == [1]


@pytest.mark.django_db
def test_a_rollback_issues_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        numbering.take("a", 10)
        raise RuntimeError
    assert list(numbering.take("a")) == [1]


@pytest.mark.django_db(transaction=True)
def test_racers_get_different_numbers() -> None:
    def take(_: int) -> list[int]:
        try:
            return list(numbering.take("race", 5))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [number for numbers in pool.map(take, range(40)) for number in numbers]
    assert sorted(taken) == list(range(1, 201))
