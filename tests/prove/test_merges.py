"""Ten thousand random merges and splits: what stands depends on the merges in force alone (BARS A 16).

pytest -m slow tests/prove/test_merges.py
"""

from __future__ import annotations

from random import Random

import pytest

from hongyan.core import scope
from hongyan.customer.tests.factory import viewer
from hongyan.customer.tests.merging import XU, Walk, make_crowd, present_state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STEPS, SEED, FORGET = 10_000, 20261124, 400


def test_ten_thousand_steps_come_back_to_where_they_began() -> None:
    codes = make_crowd()
    start, who = present_state(), viewer(XU)
    walk = Walk(who, Random(SEED), codes)
    for step in range(STEPS):
        with scope.acting(who.scope):
            walk.step()
        if step % FORGET == FORGET - 1:
            walk.seen.clear()
    with scope.acting(who.scope):
        while walk.standing:
            walk.part(Random(SEED).choice(sorted(walk.standing)))
    assert present_state() == start
    assert walk.again > STEPS // 4
