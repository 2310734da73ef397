"""Which delivered rows fit, and why others do not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.org.codes import EXCLUSIVE_ROLES, Level, Refusal, Role, Tree, UnitRow
from hongyan.org.rules.deliveries import Seat, sound_posts, sound_units, without_exclusive
from hongyan.org.rules.numbering import Node, number_tree
from hongyan.org.tests.factory import POST_ROWS, UNIT_ROWS, post_row, unit_row

STORED = {Tree.POSTAL: {"H": Seat(None, 1), "37": Seat("H", 2), "3701": Seat("37", 3)}}


def test_a_sound_delivery_is_taken_whole() -> None:
    taken, refused = sound_units(UNIT_ROWS, {})
    assert (taken, refused) == (UNIT_ROWS, [])


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (unit_row("X", "无上级", Level.COUNTY, "9999"), "parent_code", "unknown_parent"),
        (unit_row("X", "第二个根", Level.GROUP, ""), "parent_code", "second_root"),
        (unit_row("37", "绕圈", Level.PROVINCE, "3701"), "parent_code", "cycle"),
        (unit_row("3701", "自己", Level.CITY, "3701"), "parent_code", "cycle"),
        (unit_row("X", "层级过高", Level.PROVINCE, "3701"), "level", "level"),
        (unit_row("X", "集团级的下级", Level.GROUP, "3701"), "level", "level"),
        (unit_row("37", "降到下级之下", Level.COUNTY, "H"), "level", "level"),
        (unit_row("X", "倒置", Level.COUNTY, "3701", valid_to="2000-12-31"), "valid_to", "ended_before_begun"),
        (unit_row("X", "坏日期", Level.COUNTY, "3701", valid_to="2020-13-01"), "valid_to", "date"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_refused_with_its_reason(row: UnitRow, field: str, code: str) -> None:
    good = unit_row("3702", "青岛市分公司", Level.CITY, "37", row=2)
    taken, refused = sound_units([row, good], STORED)
    assert taken == [good]
    assert [(one.row, one.field, one.code) for one in refused] == [(1, field, code)]


def test_rows_beneath_a_refused_unit_have_an_unknown_parent() -> None:
    orphan = unit_row("A", "甲", Level.COUNTY, "9999", row=1)
    child = unit_row("B", "乙", Level.OUTLET, "A", row=2)
    _taken, refused = sound_units([orphan, child], STORED)
    assert refused == [
        Refusal(1, "parent_code", "unknown_parent", {"parent": "9999"}),
        Refusal(2, "parent_code", "unknown_parent", {"parent": "A"}),
    ]


def test_the_first_of_two_rows_for_one_unit_counts() -> None:
    first = unit_row("3702", "青岛市分公司", Level.CITY, "37", row=1)
    second = unit_row("3702", "别的名字", Level.CITY, "37", row=2)
    assert sound_units([first, second], STORED) == (
        [first], [Refusal(2, "code", "duplicate", {"value": "3702"})],
    )  # fmt: skip


def test_a_new_root_above_the_old_one_is_taken() -> None:
    rows = [
        unit_row("R", "新的根", Level.GROUP, "", row=1),
        unit_row("37", "山东", Level.PROVINCE, "R", row=2),
    ]
    taken, refused = sound_units(rows, {Tree.POSTAL: {"37": Seat(None, 2)}})
    assert (taken, refused) == (rows, [])


CODES = st.sampled_from("ABCDEFG")


@given(
    st.lists(
        st.builds(unit_row, CODES, st.just("名"), st.sampled_from(Level), st.one_of(CODES, st.just(""))),
        max_size=12,
    ),
    st.lists(
        st.builds(unit_row, CODES, st.just("名"), st.sampled_from(Level), st.one_of(CODES, st.just(""))),
        max_size=12,
    ),
)
def test_whatever_is_delivered_what_is_taken_is_a_tree(first: list[UnitRow], second: list[UnitRow]) -> None:
    seats: dict[str, Seat] = {}
    for rows in (first, second):
        taken, refused = sound_units(rows, {Tree.POSTAL: seats})
        assert len(taken) + len(refused) == len(rows)
        seats |= {row.code: Seat(row.parent_code or None, row.level) for row in taken}
        if seats:
            number_tree([Node(code, seat.parent) for code, seat in seats.items()], start=1)
        for seat in seats.values():
            assert seat.parent is None or seats[seat.parent].level < seat.level


def test_sound_posts_are_taken_whole() -> None:
    places = {(row.code, row.tree) for row in UNIT_ROWS}
    assert sound_posts(POST_ROWS, places) == (POST_ROWS, [])


def test_a_post_needs_a_place_in_the_tree_it_names() -> None:
    row = post_row("zhang", "张伟", "L1", Role.MANAGER, tree=Tree.BANK)
    assert sound_posts([row], {("L1", Tree.POSTAL)}) == (
        [], [Refusal(1, "unit_code", "unknown_unit", {"unit": "L1"})],
    )  # fmt: skip


def test_a_person_has_one_primary_post_and_each_post_once() -> None:
    first = post_row("zhang", "张伟", "L1", Role.MANAGER, row=1)
    second = post_row("zhang", "张伟", "L1", Role.OUTLET_HEAD, row=2)
    again = post_row("zhang", "张伟", "L1", Role.MANAGER, row=3, is_primary=False)
    beside = post_row("zhang", "张伟", "L2", Role.MANAGER, row=4, is_primary=False)
    places = {("L1", Tree.POSTAL), ("L2", Tree.POSTAL)}
    assert sound_posts([first, second, again, beside], places) == (
        [first, beside],
        [
            Refusal(2, "is_primary", "second_primary", {"staff_no": "zhang"}),
            Refusal(3, "staff_no", "duplicate", {"value": "zhang"}),
        ],
    )


# --- roles that exclude each other (BARS E 5)


TODAY = date(2026, 11, 22)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(Role))), max_size=12),
    st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from(sorted(EXCLUSIVE_ROLES)), max_size=1)),
)
def test_nobody_holds_two_roles_that_exclude_each_other(
    posts: list[tuple[str, Role]], held: dict[str, list[Role]]
) -> None:
    rows = [post_row(staff, staff, "L1", Role(role), row=row) for row, (staff, role) in enumerate(posts, 2)]
    taken, refused = without_exclusive(rows, held, today=TODAY)
    assert len(taken) + len(refused) == len(rows)
    assert {refusal.code for refusal in refused} <= {"exclusive_roles"}
    for staff in "abc":
        roles = {*held.get(staff, ()), *(row.role for row in taken if row.staff_no == staff)}
        assert len(roles & EXCLUSIVE_ROLES) <= 1


def test_a_post_that_ended_excludes_nothing() -> None:
    ended = post_row("a", "甲", "L1", Role.AUDITOR, valid_to="2026-11-21")
    following = post_row("a", "甲", "L1", Role.SYSTEM_ADMIN, row=2)
    assert without_exclusive([ended, following], {}, today=TODAY) == ([ended, following], [])
    still = post_row("a", "甲", "L1", Role.AUDITOR, valid_to="2026-11-22")
    taken, refused = without_exclusive([still, following], {}, today=TODAY)
    assert taken == [still]
    assert refused == [Refusal(2, "role", "exclusive_roles", {"staff_no": "a"})]
