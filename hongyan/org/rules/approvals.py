"""Decisions about approvals (审批, SM13): which checks a request takes, how it runs its course, who may decide. Pure.

提交 → 审批中 → 通过 | 驳回 | 撤回 | 超时
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from hongyan.org.codes import ApprovalState, Joins, Level, OnTimeout, Risk, Role, StepState, Verdict

HEAD = "head"
"""Stands in a route for whoever heads the unit, whatever its level."""

HEADS = {
    Level.GROUP: Role.GROUP_ADMIN,
    Level.PROVINCE: Role.PROVINCE_ADMIN,
    Level.CITY: Role.CITY_ADMIN,
    Level.COUNTY: Role.COUNTY_HEAD,
    Level.OUTLET: Role.OUTLET_HEAD,
}
WHO = (HEAD, *Role.values)
"""What a line of a route may name as checkers."""


# --- the route: which checks a request takes


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a route (审批矩阵): a group of checkers, the step they check in, and which requests need them.

    Lines of one step check side by side, joined by `joins`. Whoever holds one of `roles` checks, at the maker's unit or
    the nearest one above that stands at `level` or higher and has somebody. The line applies to requests `over` one
    amount (not itself) and up to another (itself), from makers at `maker_level`, of at least a `risk`; None is any.
    Units: amounts as the kind counts them; `hours` are working hours, 9 to a working day unless parameters say other.
    """

    step: int
    roles: tuple[str, ...] = (HEAD,)
    level: Level | None = None
    over: Decimal | None = None
    upto: Decimal | None = None
    maker_level: Level | None = None
    risk: Risk | None = None
    hours: int = 9
    on_timeout: OnTimeout = OnTimeout.ESCALATE
    joins: Joins = Joins.ALL


def applies(check: Check, *, amount: Decimal, level: Level, risk: Risk) -> bool:
    """Whether a request needs a line's checkers.

    >>> check = Check(1, over=Decimal(1000), risk=Risk.NORMAL)
    >>> [applies(check, amount=Decimal(n), level=Level.OUTLET, risk=Risk.HIGH) for n in (1000, 1001)]
    [False, True]
    """
    return (
        (check.over is None or amount > check.over)
        and (check.upto is None or amount <= check.upto)
        and check.maker_level in {None, level}
        and (check.risk is None or risk >= check.risk)
    )


def checks_for(route: Iterable[Check], *, amount: Decimal, level: Level, risk: Risk) -> list[Check]:
    """The lines a request takes, in the order of their steps, which are numbered anew from 1."""
    taken = sorted(
        (check for check in route if applies(check, amount=amount, level=level, risk=risk)),
        key=lambda check: check.step,
    )
    numbers = {step: number for number, step in enumerate(sorted({check.step for check in taken}), start=1)}
    return [replace(check, step=numbers[check.step]) for check in taken]


class Fault(Enum):
    """What is wrong with a route as a whole."""

    EMPTY = "empty"
    RANGE = "range"
    MIXED = "mixed"
    TWICE = "twice"


def first_fault(route: Sequence[Check]) -> tuple[int, Fault] | None:
    """The first line, counted from 1, that makes no sense among the others; None for a sound route.

    >>> first_fault([Check(1), Check(2, over=Decimal(5), upto=Decimal(5))])
    (2, <Fault.RANGE: 'range'>)
    """
    if not route:
        return 1, Fault.EMPTY
    joins: dict[int, Joins] = {}
    for number, check in enumerate(route, start=1):
        if check.over is not None and check.upto is not None and check.over >= check.upto:
            return number, Fault.RANGE
        if joins.setdefault(check.step, check.joins) != check.joins:
            return number, Fault.MIXED
        if check in route[: number - 1]:
            return number, Fault.TWICE
    return None


# --- the course: how a request runs


@dataclass(frozen=True, slots=True)
class Group:
    """One group of checkers on the way: its step, how it joins with others of the step, and how it stands."""

    step: int
    joins: Joins
    state: StepState = StepState.WAITING


@dataclass(frozen=True, slots=True)
class Course:
    """A request on its way: how it stands as a whole, and each group of checkers in the order of the steps."""

    state: ApprovalState
    groups: tuple[Group, ...]

    @property
    def is_over(self) -> bool:
        return self.state != ApprovalState.PENDING


def begun(groups: Iterable[Group]) -> Course:
    """A request just submitted: its first step is open. Errors: ValueError without groups."""
    course = Course(ApprovalState.PENDING, tuple(groups))
    return _opened(course, min(group.step for group in course.groups))


def decided(course: Course, index: int, verdict: Verdict) -> Course:
    """The course after a group said yes or no. Errors: ValueError when it is not that group's turn."""
    is_yes = verdict == Verdict.APPROVE
    return _after(course, index, StepState.APPROVED if is_yes else StepState.REJECTED)


def expired(course: Course, index: int) -> Course:
    """The course after nobody of a group decided in time. Errors: ValueError when it is not that group's turn."""
    return _after(course, index, StepState.EXPIRED)


def recalled(course: Course) -> Course:
    """The course after the maker took the request back. Errors: ValueError when it is over."""
    if course.is_over:
        raise ValueError("a request that is over cannot be recalled")
    return _ended(course, ApprovalState.RECALLED)


def _after(course: Course, index: int, state: StepState) -> Course:
    group = course.groups[index]
    if course.is_over or group.state != StepState.OPEN:
        raise ValueError("it is not this group's turn")
    groups = list(course.groups)
    groups[index] = replace(group, state=state)
    course = replace(course, groups=tuple(groups))
    outcome = _outcome([one for one in groups if one.step == group.step])
    if outcome is None:
        return course
    later = sorted({one.step for one in groups if one.step > group.step})
    if outcome != ApprovalState.APPROVED or not later:
        return _ended(course, outcome)
    return _opened(_lapsed(course, StepState.OPEN), later[0])


def _outcome(groups: Sequence[Group]) -> ApprovalState | None:
    """What a step came to; None while it is undecided."""
    states = [group.state for group in groups]
    if groups[0].joins == Joins.ANY:
        if StepState.APPROVED in states:
            return ApprovalState.APPROVED
        if StepState.OPEN in states:
            return None
    if StepState.REJECTED in states:
        return ApprovalState.REJECTED
    if StepState.EXPIRED in states:
        return ApprovalState.EXPIRED
    return None if StepState.OPEN in states else ApprovalState.APPROVED


def _opened(course: Course, step: int) -> Course:
    groups = (
        replace(group, state=StepState.OPEN) if group.step == step else group for group in course.groups
    )
    return replace(course, groups=tuple(groups))


def _ended(course: Course, state: ApprovalState) -> Course:
    return replace(_lapsed(course, StepState.OPEN, StepState.WAITING), state=state)


def _lapsed(course: Course, *states: StepState) -> Course:
    groups = (
        replace(group, state=StepState.LAPSED) if group.state in states else group for group in course.groups
    )
    return replace(course, groups=tuple(groups))


# --- who may decide


class Bar(Enum):
    """Why somebody may not decide."""

    MAKER = "maker"
    ABOUT = "about"
    DECIDED = "decided"
    ONE_HAND = "one_hand"
    NOT_CHECKER = "not_checker"


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose act something is (经手人): the `people`, and those `behind` their accounts, who let them in lately.

    People are the staff who act, and whose post it is when it was lent. Whoever hands out an activation code can use
    it, and act as that person until they notice; so can whoever let the first one in.
    """

    people: frozenset[int] = frozenset()
    behind: frozenset[int] = frozenset()

    def __or__(self, other: Hands) -> Hands:
        return Hands(self.people | other.people, self.behind | other.behind)


NOBODY = Hands()


def is_one_hand(one: Hands, other: Hands, *, is_grave: bool) -> bool:
    """Whether two acts could be one person's: either let the other in, or, where it `is_grave`, somebody let in both.

    Only what is grave asks for the latter: while a house is being let in, one person lets in everybody.

    >>> made, decided = Hands(frozenset({1})), Hands(frozenset({2}), frozenset({1}))
    >>> is_one_hand(made, decided, is_grave=False), is_one_hand(made, Hands(frozenset({2})), is_grave=False)
    (True, False)
    """
    if is_grave:
        return not (one.people | one.behind).isdisjoint(other.people | other.behind)
    return not (one.people.isdisjoint(other.behind) and one.behind.isdisjoint(other.people))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has a part in a request: who asks, who decided a step, whom it is `about`."""

    makers: Hands
    deciders: Hands = NOBODY
    about: frozenset[int] = frozenset()
    is_grave: bool = False


NO_PARTIES = Parties(NOBODY)


def bar(hands: Hands, parties: Parties, *, is_checker: bool) -> Bar | None:
    """What keeps somebody from deciding; None when nothing does.

    Neither another post nor a delegation lets a maker check, nor one person decide two steps (maker ≠ checker, BARS A
    17), nor does an account that was taken over by its activation code. Whom it is about decides nothing of it.

    >>> seven, eight = Hands(frozenset({7})), Hands(frozenset({8}))
    >>> bar(seven, Parties(seven), is_checker=True), bar(eight, Parties(seven, seven), is_checker=True)
    (<Bar.MAKER: 'maker'>, None)
    """
    if not hands.people.isdisjoint(parties.makers.people):
        return Bar.MAKER
    if not hands.people.isdisjoint(parties.about):
        return Bar.ABOUT
    if not hands.people.isdisjoint(parties.deciders.people):
        return Bar.DECIDED
    if is_one_hand(hands, parties.makers | parties.deciders, is_grave=parties.is_grave):
        return Bar.ONE_HAND
    return None if is_checker else Bar.NOT_CHECKER


def roles_at(roles: Iterable[str], level: Level) -> frozenset[str]:
    """The roles a line names, as they are held at a unit of a level.

    >>> sorted(roles_at([HEAD, Role.FINANCE], Level.CITY)), roles_at([HEAD], Level.SEGMENT)
    (['city_admin', 'finance'], frozenset())
    """
    named = {HEADS.get(level) if role == HEAD else role for role in roles}
    return frozenset(str(role) for role in named if role)


def words_for(role: Role, level: Level) -> frozenset[str]:
    """What a line has to name so that somebody with a role at a level is among its checkers.

    >>> sorted(words_for(Role.CITY_ADMIN, Level.CITY)), sorted(words_for(Role.CITY_ADMIN, Level.COUNTY))
    (['city_admin', 'head'], ['city_admin'])
    """
    return frozenset({role.value, HEAD} if HEADS.get(level) == role else {role.value})


def remind_after(hours: int, before: int) -> int:
    """Working hours from the start of a step to its reminder: `before` its end, but not in its first half; 0 is never.

    >>> remind_after(9, 4), remind_after(4, 4), remind_after(1, 4)
    (5, 2, 0)
    """
    return max(hours - before, hours // 2)
