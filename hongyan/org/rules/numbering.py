"""Nested-set numbers of the trees (机构编号): each unit is a range, everything beneath it lies inside. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hongyan.org.codes import Tree

BANK_OFFSET = 1 << 40
"""Where the numbers of the bank tree begin, so that the ranges of the two trees never overlap."""

FIRST_NUMBER = {Tree.POSTAL: 1, Tree.BANK: BANK_OFFSET + 1}
"""The number of each tree's root."""

LEAF_WIDTH = 8
"""Numbers an outlet keeps for itself and for segments (段道) that may come."""

SPARE_SHARE = 4
"""A parent keeps one part in this many of its range free for units that open later."""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in one tree as the numbering sees it; `parent` is None at the root."""

    code: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Range:
    """A nested-set range; both ends belong to it."""

    lo: int
    hi: int


def number_tree(nodes: Iterable[Node], *, start: int) -> dict[str, Range]:
    """Nested-set ranges for a whole tree: each child lies inside its parent, siblings do not overlap.

    Children are numbered in the order of their codes, so equal trees get equal numbers. Each parent keeps spare
    numbers, so a new outlet seldom moves others.
    Errors: ValueError for an unknown parent, two roots or a cycle, naming the unit.

    >>> number_tree([Node("A", None), Node("B", "A"), Node("C", "A")], start=1)
    {'B': Range(lo=2, hi=9), 'C': Range(lo=10, hi=17), 'A': Range(lo=1, hi=21)}
    """
    children: dict[str | None, list[str]] = defaultdict(list)
    parents: dict[str, str | None] = {}
    for node in sorted(nodes, key=lambda node: node.code):
        children[node.parent].append(node.code)
        parents[node.code] = node.parent
    for code, parent in parents.items():
        if parent is not None and parent not in parents:
            raise ValueError(f"unknown parent {parent} of {code}")
    roots = children[None]
    if len(roots) != 1:
        raise ValueError(f"a tree has one root, not {roots}")
    ranges: dict[str, Range] = {}
    _number(roots[0], start, children, ranges)
    if len(ranges) != len(parents):
        raise ValueError(f"a cycle among {sorted(set(parents) - set(ranges))[:5]}")
    return ranges


def _number(code: str, lo: int, children: Mapping[str | None, list[str]], ranges: dict[str, Range]) -> int:
    """Number one subtree from `lo`; returns the first number after it. Trees are at most six levels deep."""
    following = lo + 1
    for child in children[code]:
        following = _number(child, following, children, ranges)
    used = following - lo
    width = LEAF_WIDTH if not children[code] else used + used // SPARE_SHARE
    ranges[code] = Range(lo, lo + width - 1)
    return lo + width


def room_for(width: int, parent: Range, *, behind: int) -> Range | None:
    """So many spare numbers of a parent, behind the last one that is taken; None when there is no room.

    >>> room_for(8, Range(1, 21), behind=9), room_for(8, Range(1, 21), behind=17)
    (Range(lo=10, hi=17), None)
    """
    return Range(behind + 1, behind + width) if behind + width <= parent.hi else None


def renumbered(
    nodes: Sequence[Node], before: Mapping[str, Node], ranges: Mapping[str, Range], *, start: int
) -> dict[str, Range]:
    """The ranges of a tree that was numbered `before` and now has the given nodes.

    A new lowest unit, and a unit that moved with everything beneath it, goes into spare numbers of its parent, and
    nobody else moves. Without room there, the nearest unit above that has room is numbered anew, with everything
    beneath it; the whole tree when none has, when it had no numbers, or has another root.
    Errors: ValueError as in `number_tree`.

    >>> had = {"A": Node("A", None), "B": Node("B", "A")}
    >>> renumbered([*had.values(), Node("C", "A")], had, {"A": Range(1, 21), "B": Range(2, 9)}, start=1)
    {'A': Range(lo=1, hi=21), 'B': Range(lo=2, hi=9), 'C': Range(lo=10, hi=17)}
    """
    found = _fitted(nodes, before, ranges)
    return number_tree(nodes, start=start) if found is None else found


def _fitted(
    nodes: Sequence[Node], before: Mapping[str, Node], ranges: Mapping[str, Range]
) -> dict[str, Range] | None:
    """The ranges with as little change as possible; None when the tree has to be numbered anew as a whole."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: (before.get(node.code) != node, node.code)):
        children[node.parent].append(node.code)
    if len(children[None]) != 1 or before.get(children[None][0]) != Node(children[None][0], None):
        return None
    (root,) = children[None]

    def fitted(code: str, place: Range) -> dict[str, Range] | None:
        """A unit's subtree inside its range: who stayed keeps the distance to the unit, behind them come the others."""
        found = {code: place}
        shift = place.lo - ranges[code].lo if code in ranges else 0
        behind = place.lo
        for child in children[code]:
            if before.get(child) == Node(child, code):
                inside: Range | None = _shifted(ranges[child], shift)
            else:
                inside = room_for(_width(ranges.get(child)), place, behind=behind)
            subtree = fitted(child, inside) if inside else None
            if inside is None or subtree is None:
                return anew(code, place)
            found |= subtree
            behind = max(behind, inside.hi)
        return found

    def anew(code: str, place: Range) -> dict[str, Range] | None:
        """A unit's subtree numbered anew inside its range, which may use up the unit's own spare numbers."""
        found = {code: place}
        following = place.lo + 1
        for child in children[code]:
            following = _number(child, following, children, found)
        return found if following - 1 <= place.hi else None

    found = fitted(root, ranges[root])
    return found if found and len(found) == len(nodes) else None


def _shifted(place: Range, shift: int) -> Range:
    return Range(place.lo + shift, place.hi + shift)


def _width(place: Range | None) -> int:
    return place.hi - place.lo + 1 if place else LEAF_WIDTH
