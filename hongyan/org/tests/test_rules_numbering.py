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
def test_a_new_unit_keeps_the_tree_sound_and_moves_only_what_is_beneath_a_unit_with_room(
    nodes: list[Node], data: st.DataObject
) -> None:
    ranges = number_tree(nodes, start=1)
    parent = data.draw(st.sampled_from(nodes)).code
    after = [*nodes, Node("new", parent)]
    found = renumbered(after, {node.code: node for node in nodes}, ranges, start=1)
    assert_nested(after, found)
    moved = {code for code in ranges if found[code] != ranges[code]}
    with_room = next((code for code in way_up(after, parent) if code not in moved), None)
    assert with_room is None or all(with_room in way_up(after, code) for code in moved)
    assert with_room is not None or found == number_tree(after, start=1)


def way_up(nodes: list[Node], code: str | None) -> list[str]:
    """A unit and the units above it, nearest first."""
    parents, way = {node.code: node.parent for node in nodes}, []
    while code is not None:
        way.append(code)
        code = parents[code]
    return way


def test_a_city_without_room_in_a_county_is_numbered_anew_and_its_neighbour_is_not() -> None:
    cities = [Node(city, "H") for city in "AB"]
    counties = [Node(f"{city.code}{number}", city.code) for city in cities for number in range(9)]
    outlets = [Node(f"{county.code}-{number}", county.code) for county in counties for number in range(2)]
    nodes = [Node("H", None), *cities, *counties, *outlets]
    ranges = number_tree(nodes, start=1)
    after = [*nodes, Node("A1-2", "A1")]
    found = renumbered(after, {node.code: node for node in nodes}, ranges, start=1)
    assert_nested(after, found)
    moved = {code for code in ranges if found[code] != ranges[code]}
    assert moved
    assert all(code.startswith("A") for code in moved)
    assert "A" not in moved


def test_the_same_tree_keeps_its_numbers() -> None:
    nodes = [Node("A", None), Node("B", "A")]
    ranges = {"A": Range(1, 100), "B": Range(50, 60)}
    assert renumbered(nodes, {node.code: node for node in nodes}, ranges, start=1) == ranges


def may_stand_under(nodes: list[Node], code: str, parent: str) -> bool:
    """Whether a unit can move under another without a cycle."""
    return code not in way_up(nodes, parent) and Node(code, None) not in nodes


@given(trees(), st.data())
def test_units_that_move_keep_the_tree_sound_however_often(nodes: list[Node], data: st.DataObject) -> None:
    ranges = number_tree(nodes, start=1)
    codes = st.sampled_from([node.code for node in nodes])
    for code, parent in data.draw(st.lists(st.tuples(codes, codes), max_size=4)):
        if may_stand_under(nodes, code, parent):
            before = {node.code: node for node in nodes}
            nodes = [Node(node.code, parent) if node.code == code else node for node in nodes]
            ranges = renumbered(nodes, before, ranges, start=1)
            assert_nested(nodes, ranges)


def test_a_unit_moves_into_spare_numbers_with_everything_beneath_it_and_nobody_else_does() -> None:
    counties = [Node(f"A{number}", "A") for number in range(9)] + [
        Node(f"B{number}", "B") for number in range(9)
    ]
    outlets = [Node(f"{county.code}-{number}", county.code) for county in counties for number in range(4)]
    nodes = [Node("H", None), Node("A", "H"), Node("B", "H"), *counties, *outlets]
    ranges = number_tree(nodes, start=1)
    after = [Node("A1", "B") if node.code == "A1" else node for node in nodes]
    found = renumbered(after, {node.code: node for node in nodes}, ranges, start=1)
    assert_nested(after, found)
    moved = {code for code in ranges if found[code] != ranges[code]}
    assert moved == {"A1", "A1-0", "A1-1", "A1-2", "A1-3"}
    assert {found[code].lo - ranges[code].lo for code in moved} == {found["A1"].lo - ranges["A1"].lo}


def test_a_moved_unit_without_room_numbers_the_tree_anew() -> None:
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
