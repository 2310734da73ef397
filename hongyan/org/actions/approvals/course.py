"""What follows an act: the groups whose turn it is, or the end of the request."""

from __future__ import annotations

from collections.abc import Sequence

from hongyan.core import clock, events
from hongyan.org.actions.approvals.handing import hand, search_for
from hongyan.org.codes import ApprovalDecided, ApprovalState, Asked, Joins, StepState
from hongyan.org.models import Approval, ApprovalStep
from hongyan.org.rules.approvals import Course, Group


def follow(approval: Approval, steps: Sequence[ApprovalStep], course: Course) -> None:
    """Store where a request stands after an act, open what is next, and tell who has to know."""
    opened = []
    for step, group in zip(steps, course.groups, strict=True):
        if step.state != StepState.OPEN and group.state == StepState.OPEN:
            opened.append(step)
        step.state = group.state
    _open(approval, opened)
    ApprovalStep.objects.bulk_update(steps, ["state", "place", "opened_at", "remind_at", "due_at"])
    approval.state = course.state
    approval.ended_at = clock.now() if course.is_over else None
    save(approval, steps)
    if course.is_over:
        events.publish(ApprovalDecided(approval.pk, approval.kind, approval.subject, course.state))


def _open(approval: Approval, steps: Sequence[ApprovalStep]) -> None:
    """Give steps whose turn it is a place with somebody who can check.

    Where nobody can any more, the step stands at the top until somebody can, or its time is over.
    """
    if not steps:
        return
    search = search_for(approval)
    for step in steps:
        hand(approval, step, search.place_for(step) or search.chain[-1], search, Asked.BEGUN)


def save(approval: Approval, steps: Sequence[ApprovalStep]) -> None:
    """Store how a request stands, as its next version, with the nearest of its deadlines."""
    approval.due_at = min(
        (step.due_at for step in steps if step.state == StepState.OPEN and step.due_at), default=None
    )
    approval.version += 1
    approval.save(update_fields=["state", "ended_at", "due_at", "version"])


def course_of(approval: Approval, steps: Sequence[ApprovalStep]) -> Course:
    """A request and its steps, as the rules see them."""
    return Course(ApprovalState(approval.state), tuple(groups_of(steps)))


def groups_of(steps: Sequence[ApprovalStep]) -> list[Group]:
    """The steps of a request, as the rules see them."""
    return [Group(step.number, Joins(step.joins), StepState(step.state)) for step in steps]
