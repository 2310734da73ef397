"""Where customers stand in the picture of relations: readable at 200."""

from __future__ import annotations

from math import atan2, dist, hypot, pi

from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.rules.rings import APART, places

TREES = st.lists(st.integers(0, 10**6), max_size=199).map(
    lambda draws: {number: draw % number for number, draw in enumerate(draws, 1)}
)
"""Everybody hangs on somebody who was there before."""


@given(TREES)
def test_nobody_stands_on_anybody_and_farther_is_farther_out(hangs_on: dict[int, int]) -> None:
    found = places(0, hangs_on)
    assert found.keys() == {0, *hangs_on}
    spots = [(place.x, place.y) for place in found.values()]
    assert len(set(spots)) == len(spots)
    for one, parent in hangs_on.items():
        assert hypot(found[one].x, found[one].y) > hypot(found[parent].x, found[parent].y) + APART


@given(st.integers(2, 200))
def test_neighbours_on_a_ring_keep_apart(count: int) -> None:
    found = places(0, dict.fromkeys(range(1, count + 1), 0))
    ring = sorted(
        ((place.x, place.y) for key, place in found.items() if key), key=lambda at: atan2(at[1], at[0])
    )
    nearest = min(dist(one, other) for one, other in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert nearest >= APART * 2 / pi


def test_the_same_input_gives_the_same_picture() -> None:
    assert places(1, {2: 1, 3: 1, 4: 2}) == places(1, {4: 2, 3: 1, 2: 1})
