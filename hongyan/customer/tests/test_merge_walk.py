"""A random walk of merges and splits: what stands depends on the merges in force alone (BARS A 16).

The long walk is in `tests/prove/test_merges.py`.
"""

from __future__ import annotations

from random import Random

import pytest

from hongyan.core import scope
from hongyan.customer.tests.factory import viewer
from hongyan.customer.tests.merging import XU, Walk, make_crowd, present_state

pytestmark = pytest.mark.django_db

STEPS, SEED = 40, 20261123


def test_split_of_merge_is_what_was(db: None) -> None:
    """split(merge(x)) = x, also for chains A ← B ← C and splits in any order."""
    codes = make_crowd()
    start, who = present_state(), viewer(XU)
    walk = Walk(who, Random(SEED), codes)
    with scope.acting(who.scope):
        walk.compare()
        for _ in range(STEPS):
            walk.step()
        while walk.standing:
            walk.part(max(walk.standing) if len(walk.standing) % 2 else min(walk.standing))
            walk.compare()
    assert present_state() == start
    assert walk.again >= STEPS // 4, "a walk that never comes back proves nothing"
