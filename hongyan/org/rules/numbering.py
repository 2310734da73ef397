"""Nested-set numbers of the trees (机构编号): each unit is a range, everything beneath it lies inside. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def insert_leaf(parent: Range, siblings: Iterable[Range]) -> Range | None:
    """A range for a new lowest unit in the spare numbers of its parent; None when there is no room.

    >>> insert_leaf(Range(1, 21), [Range(2, 9)]), insert_leaf(Range(1, 21), [Range(2, 17)])
    (Range(lo=10, hi=17), None)
    """
    lo = max((sibling.hi for sibling in siblings), default=parent.lo) + 1
    hi = lo + LEAF_WIDTH - 1
    return Range(lo, hi) if hi <= parent.hi else None


def renumbered(
    nodes: Sequence[Node], before: Mapping[str, Node], ranges: Mapping[str, Range], *, start: int
) -> dict[str, Range]:
    """The ranges of a tree that was numbered `before` and now has the given nodes.

    New lowest units go into spare numbers and nobody else moves. The whole tree is numbered anew when it had no
    numbers, when a unit moved to another parent, or when there is no room.
    Errors: ValueError as in `number_tree`.

    >>> had = {"A": Node("A", None), "B": Node("B", "A")}
    >>> renumbered([*had.values(), Node("C", "A")], had, {"A": Range(1, 21), "B": Range(2, 9)}, start=1)
    {'A': Range(lo=1, hi=21), 'B': Range(lo=2, hi=9), 'C': Range(lo=10, hi=17)}
    """
    if not ranges or any(before.get(node.code, node) != node for node in nodes):
        return number_tree(nodes, start=start)
    found = dict(ranges)
    siblings: dict[str | None, list[Range]] = defaultdict(list)
    for code, node in before.items():
        siblings[node.parent].append(found[code])
    for node in _top_down([node for node in nodes if node.code not in before]):
        free = insert_leaf(found[node.parent or ""], siblings[node.parent])
        if free is None:
            return number_tree(nodes, start=start)
        found[node.code] = free
        siblings[node.parent].append(free)
    return found


def _top_down(nodes: Sequence[Node]) -> Iterator[Node]:
    """Parents before their children, otherwise in the order of the codes."""
    waiting = {node.code: node for node in sorted(nodes, key=lambda node: node.code)}
    while waiting:
        ready = [node for node in waiting.values() if node.parent not in waiting]
        yield from ready
        for node in ready:
            del waiting[node.code]
