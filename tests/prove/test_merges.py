"""Ten thousand random merges and splits: what stands depends on the merges in force alone (BARS A 16).

    pytest -m slow tests/prove/test_merges.py

Five walks of two thousand steps, about ten minutes on one core. Each step is committed, as in life: in one transaction
the database would keep every version of every row alive, and search all of them at each step.
"""

from __future__ import annotations

from random import Random

import pytest

from hongyan.core import scope
from hongyan.customer.tests.factory import viewer
from hongyan.customer.tests.merging import XU, Walk, make_crowd, present_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STEPS, SEEDS, FORGET = 2_000, range(20261124, 20261129), 400


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_thousand_steps_come_back_to_where_they_began(seed: int) -> None:
    codes = make_crowd()
    start, who, chance = present_state(), viewer(XU), Random(seed)
    walk = Walk(who, chance, codes)
    for step in range(STEPS):
        with scope.acting(who.scope):
            walk.step()
        if step % FORGET == FORGET - 1:
            walk.seen.clear()
    with scope.acting(who.scope):
        while walk.standing:
            walk.part(chance.choice(sorted(walk.standing)))
    assert present_state() == start
    assert walk.again > STEPS // 4
