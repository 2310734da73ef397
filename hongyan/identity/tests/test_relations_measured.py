"""How right relations are among made-up customers (issue 5: households and company trees); seeds of tuning."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.identity.elsewhere.clerks import town
from bench.identity.organisations import organisations
from bench.identity.persons import persons
from bench.identity.records import World
from bench.identity.relations import judge_households, judge_parts

PRECISION = 0.95


@pytest.mark.parametrize(
    ("make", "recall"),
    [
        pytest.param(lambda: persons(811, 4000, dirt=0.5), 0.45, id="usual"),
        pytest.param(lambda: town(812, 4000), 0.25, id="a county town"),
    ],
)
def test_who_is_called_a_family_mostly_is_one(make: Callable[[], World], recall: float) -> None:
    world = make()
    judged = judge_households(world, [row.entity for row in world.rows])
    assert judged.rates.precision >= PRECISION
    assert judged.rates.recall >= recall


def test_parts_are_given_to_their_companies() -> None:
    world = organisations(813, 4000, dirt=0.5)
    judged = judge_parts(world, [row.entity for row in world.rows])
    assert judged.rates.precision >= 0.99
    assert judged.rates.recall >= 0.85
