"""Nested-set numbers: children inside parents, siblings apart, order stable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.org.codes import Tree
from hongyan.org.rules.numbering import FIRST_NUMBER, Node, Range, number_tree, renumbered


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """A tree of up to 40 units, in any order; each unit hangs on one made before it."""
    codes = draw(st.lists(st.integers(0, 999).map("{:03}".format), min_size=1, max_size=40, unique=True))
    nodes = [Node(codes[0], None)]
    for position, code in enumerate(codes[1:], start=1):
        nodes.append(Node(code, codes[draw(st.integers(0, position - 1))]))
    return draw(st.permutations(nodes))


def assert_nested(nodes: list[Node], ranges: dict[str, Range]) -> None:
    assert set(ranges) == {node.code for node in nodes}
    for node in nodes:
        if node.parent is not None:
            inner, outer = ranges[node.code], ranges[node.parent]
            assert outer.lo < inner.lo <= inner.hi <= outer.hi
    for one in nodes:
        for other in nodes:
            if one.parent == other.parent and one.code < other.code:
                assert (
                    ranges[one.code].hi < ranges[other.code].lo or ranges[other.code].hi < ranges[one.code].lo
                )


@given(trees())
def test_children_lie_inside_their_parent_and_siblings_apart(nodes: list[Node]) -> None:
    assert_nested(nodes, number_tree(nodes, start=1))


@given(trees(), st.randoms())
def test_numbers_follow_the_codes_not_the_order_of_rows(nodes: list[Node], random: object) -> None:
    shuffled = list(nodes)
    random.shuffle(shuffled)
    ranges = number_tree(nodes, start=1)
    assert number_tree(shuffled, start=1) == ranges
    for one in nodes:
        for other in nodes:
            if one.parent == other.parent and one.code < other.code:
                assert ranges[one.code].hi < ranges[other.code].lo


@given(trees(), st.data())
def test_a_new_unit_keeps_the_tree_sound_and_moves_nobody_unless_all_are_numbered_anew(
    nodes: list[Node], data: st.DataObject
) -> None:
    ranges = number_tree(nodes, start=1)
    parent = data.draw(st.sampled_from(nodes)).code
    after = [*nodes, Node("new", parent)]
    found = renumbered(after, {node.code: node for node in nodes}, ranges, start=1)
    assert_nested(after, found)
    moved = [code for code in ranges if found[code] != ranges[code]]
    assert not moved or found == number_tree(after, start=1)


def test_the_same_tree_keeps_its_numbers() -> None:
    nodes = [Node("A", None), Node("B", "A")]
    ranges = {"A": Range(1, 100), "B": Range(50, 60)}
    assert renumbered(nodes, {node.code: node for node in nodes}, ranges, start=1) == ranges


def test_a_moved_unit_numbers_the_tree_anew() -> None:
    before = {node.code: node for node in (Node("A", None), Node("B", "A"), Node("C", "A"), Node("D", "B"))}
    ranges = number_tree(before.values(), start=1)
    after = [Node("A", None), Node("B", "A"), Node("C", "A"), Node("D", "C")]
    assert renumbered(after, before, ranges, start=1) == number_tree(after, start=1)


def test_the_numbers_of_the_two_trees_never_meet() -> None:
    wide = [Node("root", None), *(Node(f"{number:06}", "root") for number in range(100_000))]
    postal = number_tree(wide, start=FIRST_NUMBER[Tree.POSTAL])["root"]
    assert postal.hi < FIRST_NUMBER[Tree.BANK]


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([Node("A", None), Node("B", "X")], "unknown parent X of B"),
        ([Node("A", None), Node("B", None)], "a tree has one root"),
        ([Node("A", None), Node("B", "C"), Node("C", "B")], "a cycle among"),
    ],
)
def test_what_is_no_tree_is_refused(nodes: list[Node], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        number_tree(nodes, start=1)
