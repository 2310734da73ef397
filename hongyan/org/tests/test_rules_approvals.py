"""The course of an approval as pure decisions (SM13): which checks, in which order, who may, every way ends."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.org.codes import ApprovalState, Joins, Level, Risk, Role, StepState, Verdict
from hongyan.org.rules.approvals import (
    HEAD,
    Bar,
    Check,
    Course,
    Fault,
    Group,
    Hands,
    Parties,
    bar,
    begun,
    checks_for,
    decided,
    expired,
    first_fault,
    recalled,
    remind_after,
)

YES, NO, LATE = Verdict.APPROVE, Verdict.REJECT, "late"
ROUTE = (
    Check(1, (HEAD,), level=Level.COUNTY),
    Check(3, (Role.FINANCE,), over=Decimal(1000)),
    Check(5, (Role.GROUP_ADMIN,), over=Decimal(1000), upto=Decimal(5000), risk=Risk.HIGH),
    Check(5, (Role.AUDITOR,), maker_level=Level.OUTLET),
)


def taken(amount: int, *, level: Level = Level.COUNTY, risk: Risk = Risk.NORMAL) -> list[tuple[int, str]]:
    checks = checks_for(ROUTE, amount=Decimal(amount), level=level, risk=risk)
    return [(check.step, check.roles[0]) for check in checks]


def test_a_request_takes_the_lines_that_apply_and_counts_their_steps_anew() -> None:
    assert taken(1000) == [(1, "head")]
    assert taken(1001) == [(1, "head"), (2, "finance")]
    assert taken(5000, risk=Risk.HIGH) == [(1, "head"), (2, "finance"), (3, "group_admin")]
    assert taken(5001, risk=Risk.HIGH) == [(1, "head"), (2, "finance")]
    assert taken(0, level=Level.OUTLET) == [(1, "head"), (2, "auditor")]


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ([], (1, Fault.EMPTY)),
        ([Check(1, over=Decimal(9), upto=Decimal(9))], (1, Fault.RANGE)),
        ([Check(1), Check(1, (Role.FINANCE,), joins=Joins.ANY)], (2, Fault.MIXED)),
        ([Check(1), Check(2), Check(1)], (3, Fault.TWICE)),
        (ROUTE, None),
    ],
)
def test_a_route_that_makes_no_sense_is_found_by_its_line(
    route: list[Check], fault: tuple[int, Fault] | None
) -> None:
    assert first_fault(route) == fault


def run(*acts: tuple[int, object], groups: list[Group]) -> Course:
    course = begun(groups)
    for index, act in acts:
        course = expired(course, index) if act == LATE else decided(course, index, Verdict(str(act)))
    return course


ALL, ANY = Joins.ALL, Joins.ANY
SERIAL = [Group(1, ALL), Group(2, ALL)]
TOGETHER = [Group(1, ALL), Group(1, ALL), Group(2, ALL)]
EITHER = [Group(1, ANY), Group(1, ANY), Group(2, ALL)]


@pytest.mark.parametrize(
    ("groups", "acts", "state", "stands"),
    [
        (SERIAL, [], "pending", "open waiting"),
        (SERIAL, [(0, YES)], "pending", "approved open"),
        (SERIAL, [(0, YES), (1, YES)], "approved", "approved approved"),
        (SERIAL, [(0, NO)], "rejected", "rejected lapsed"),
        (SERIAL, [(0, LATE)], "expired", "expired lapsed"),
        (TOGETHER, [(1, YES)], "pending", "open approved waiting"),
        (TOGETHER, [(1, YES), (0, YES)], "pending", "approved approved open"),
        (TOGETHER, [(1, YES), (0, NO)], "rejected", "rejected approved lapsed"),
        (TOGETHER, [(1, LATE)], "expired", "lapsed expired lapsed"),
        (EITHER, [(1, YES)], "pending", "lapsed approved open"),
        (EITHER, [(1, NO)], "pending", "open rejected waiting"),
        (EITHER, [(1, NO), (0, YES)], "pending", "approved rejected open"),
        (EITHER, [(1, NO), (0, LATE)], "rejected", "expired rejected lapsed"),
        (EITHER, [(1, LATE), (0, LATE)], "expired", "expired expired lapsed"),
    ],
)
def test_a_request_runs_its_course(
    groups: list[Group], acts: list[tuple[int, object]], state: str, stands: str
) -> None:
    course = run(*acts, groups=groups)
    assert (course.state, " ".join(group.state for group in course.groups)) == (state, stands)


def test_whose_turn_it_is_not_cannot_decide_and_nothing_follows_an_end() -> None:
    course = begun(SERIAL)
    with pytest.raises(ValueError, match="turn"):
        decided(course, 1, YES)
    ended = recalled(course)
    assert ended.state == ApprovalState.RECALLED
    for act in (lambda: decided(ended, 0, YES), lambda: expired(ended, 0), lambda: recalled(ended)):
        with pytest.raises(ValueError, match=r"turn|recalled"):
            act()


@st.composite
def routes(draw: st.DrawFn) -> list[Group]:
    joins = draw(st.lists(st.sampled_from(Joins), min_size=1, max_size=4))
    return [
        Group(step, join)
        for step, join in enumerate(joins, start=1)
        for _ in range(draw(st.integers(min_value=1, max_value=3)))
    ]


@given(routes(), st.data())
def test_every_way_ends_and_an_approval_has_every_step_behind_it(
    groups: list[Group], data: st.DataObject
) -> None:
    """SM13: no way out of an end, each act settles a group, and nothing passes past a step that said no."""
    course = begun(groups)
    for _ in groups:
        if course.is_over:
            break
        waiting = [index for index, group in enumerate(course.groups) if group.state == StepState.OPEN]
        assert waiting, "a request that is not over waits for somebody"
        assert len({course.groups[index].step for index in waiting}) == 1
        index, act = data.draw(st.sampled_from(waiting)), data.draw(st.sampled_from([YES, NO, LATE]))
        course = expired(course, index) if act == LATE else decided(course, index, Verdict(str(act)))
    assert course.is_over
    assert not any(group.state in {StepState.OPEN, StepState.WAITING} for group in course.groups)
    for index in range(len(groups)):
        with pytest.raises(ValueError, match="turn"):
            decided(course, index, YES)
    if course.state == ApprovalState.APPROVED:
        for step in {group.step for group in groups}:
            states = [group.state for group in course.groups if group.step == step]
            joins = next(group.joins for group in groups if group.step == step)
            agreed = [state == StepState.APPROVED for state in states]
            assert all(agreed) if joins == Joins.ALL else any(agreed)


people = st.frozensets(st.integers(min_value=1, max_value=6), min_size=1, max_size=2)


@given(people, people, st.frozensets(st.integers(min_value=1, max_value=6)), st.booleans())
def test_a_maker_never_checks_and_nobody_checks_twice(
    acting: frozenset[int], makers: frozenset[int], deciders: frozenset[int], is_checker: bool
) -> None:
    """BARS A 17: by staff, so neither another post nor a delegation helps."""
    why = bar(Hands(acting), Parties(Hands(makers), Hands(deciders)), is_checker=is_checker)
    if acting & makers:
        assert why is Bar.MAKER
    elif acting & deciders:
        assert why is Bar.DECIDED
    else:
        assert why is (None if is_checker else Bar.NOT_CHECKER)


someone = st.frozensets(st.integers(min_value=1, max_value=6), max_size=3)


@given(people, someone, people, someone, st.booleans())
def test_no_two_accounts_of_one_hand_ask_and_decide(
    acting: frozenset[int],
    behind_acting: frozenset[int],
    makers: frozenset[int],
    behind_makers: frozenset[int],
    is_grave: bool,
) -> None:
    """BARS A 17: who let somebody in could be them. What is grave takes two whom nobody let in both."""
    acted, asked = Hands(acting, behind_acting), Hands(makers, behind_makers)
    why = bar(acted, Parties(asked, is_grave=is_grave), is_checker=True)
    let_in = bool(acting & behind_makers or makers & behind_acting)
    both = is_grave and bool(behind_acting & behind_makers)
    assert (why is None) == (not acting & makers and not let_in and not both)


@given(people, people, st.integers(min_value=1, max_value=6))
def test_whom_it_is_about_has_no_say(acting: frozenset[int], makers: frozenset[int], about: int) -> None:
    why = bar(Hands(acting), Parties(Hands(makers), about=frozenset({about})), is_checker=True)
    assert (why is None) == (not acting & (makers | {about}))


@given(st.integers(min_value=1, max_value=180), st.integers(min_value=1, max_value=27))
def test_a_reminder_comes_before_the_end_and_not_in_the_first_half(hours: int, before: int) -> None:
    assert hours // 2 <= remind_after(hours, before) < hours
