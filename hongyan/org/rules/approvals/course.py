"""The course: how a request runs from group to group to its end, and when to remind (审批进程). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hongyan.org.codes import ApprovalState, Joins, StepState, Verdict


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


def remind_after(hours: int, before: int) -> int:
    """Working hours from the start of a step to its reminder: `before` its end, but not in its first half; 0 is never.

    >>> remind_after(9, 4), remind_after(4, 4), remind_after(1, 4)
    (5, 2, 0)
    """
    return max(hours - before, hours // 2)
