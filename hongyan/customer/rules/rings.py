"""Where customers stand in a picture of their relations (关系图): rings around one, each by whom it hangs on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import NamedTuple

APART = 60.0
"""So far stand neighbours on a ring from each other at least, and rings twice as far."""


class Place(NamedTuple):
    """Where a customer stands, and on which side of the middle its name is written."""

    x: float
    y: float
    is_right: bool


def places(root: int, hangs_on: Mapping[int, int]) -> dict[int, Place]:
    """Customer → its place; `root` in the middle, the others by whom they `hang on`, the same for the same input.

    Everybody gets a sector as wide as the share of those at the end of its branches, so branches never cross.

    >>> found = places(1, {2: 1, 3: 1, 4: 3})
    >>> found[1], round(found[4].x ** 2 + found[4].y ** 2) > round(found[3].x ** 2 + found[3].y ** 2)
    (Place(x=0.0, y=0.0, is_right=True), True)
    """
    below: dict[int, list[int]] = {}
    for one in sorted(hangs_on):
        below.setdefault(hangs_on[one], []).append(one)
    rings = _rings(root, below)
    ends = _ends(rings, below)
    found = {root: Place(0.0, 0.0, is_right=True)}
    sectors = {root: (0.0, 2 * pi)}
    radius = 0.0
    for ring in rings[1:]:
        narrowest = 2 * pi
        for parent in dict.fromkeys(hangs_on[one] for one in ring):
            start, width = sectors[parent]
            for one in below[parent]:
                share = width * ends[one] / sum(ends[other] for other in below[parent])
                sectors[one] = (start, share)
                start += share
                narrowest = min(narrowest, share)
        radius = max(radius + 2 * APART, APART / narrowest)
        for one in ring:
            start, width = sectors[one]
            angle = start + width / 2
            found[one] = Place(round(radius * cos(angle), 1), round(radius * sin(angle), 1), cos(angle) >= 0)
    return found


def _rings(root: int, below: Mapping[int, Sequence[int]]) -> list[list[int]]:
    rings = [[root]]
    while fresh := [one for parent in rings[-1] for one in below.get(parent, ())]:
        rings.append(fresh)
    return rings


def _ends(rings: Sequence[Sequence[int]], below: Mapping[int, Sequence[int]]) -> dict[int, int]:
    ends: dict[int, int] = {}
    for ring in reversed(rings):
        for one in ring:
            ends[one] = sum(ends[other] for other in below.get(one, ())) or 1
    return ends
