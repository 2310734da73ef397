"""What the system does when nobody decides: remind, escalate, end (提醒、升级、超时)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hongyan.core import audit, clock, events
from hongyan.core.audit import Actor
from hongyan.core.scope import EVERYTHING, acting
from hongyan.org.actions.approvals.acts import SUBJECT, locked, note
from hongyan.org.actions.approvals.course import course_of, follow, save
from hongyan.org.actions.approvals.handing import hand, numbers_of, search_for
from hongyan.org.codes import ApprovalAct, ApprovalReminded, Asked, Level, OnTimeout, StepState
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Post
from hongyan.org.queries.checkers import (
    checkers_at,
    checkers_by_place,
    parties_of,
    stands_over,
    urgent_approvals,
)
from hongyan.org.rules.approvals import expired


def attend_to_waiting() -> dict[str, int]:
    """Remind, escalate and end what nobody decided: one transaction a request, safe to repeat at any time.

    Answers how many requests were `reminded`, `escalated` and `expired`.
    """
    counts = {"reminded": 0, "escalated": 0, "expired": 0}
    with acting(EVERYTHING):
        urgent = urgent_approvals(clock.now())
    for approval_id in urgent:
        with acting(EVERYTHING):
            for done in _attend(approval_id, now=clock.now()):
                counts[done] += 1
    return counts


def _attend(approval_id: int, *, now: datetime) -> list[str]:
    """What one request needs now, done. Its state is read anew under its lock, so a second run finds nothing to do."""
    approval, steps, past = locked(None, approval_id)
    done = []
    for step in steps:
        if step.state != StepState.OPEN or step.place is None or step.due_at is None:
            continue
        people = _checkers_now(approval, step, past)
        if step.due_at <= now:
            done.append(_time_out(approval, steps, step))
        elif not people and _escalate(approval, steps, step, why=_("原审批岗位无人")):
            done.append("escalated")
        elif step.remind_at and step.remind_at <= now:
            step.remind_at = None
            step.save(update_fields=["remind_at"])
            events.publish(ApprovalReminded(approval.pk, approval.kind, numbers_of(people)))
            done.append("reminded")
    return done


def _time_out(approval: Approval, steps: Sequence[ApprovalStep], step: ApprovalStep) -> str:
    """What follows a deadline: the next level where the route says so and somebody is there, else the end."""
    why = _("{hours} 个工作小时内无人审批").format(hours=step.hours)
    if step.on_timeout == OnTimeout.ESCALATE and _escalate(approval, steps, step, why=why):
        return "escalated"
    audit.record(
        _system(approval), "approval.expire", SUBJECT, approval.pk, purpose=why,
        after={"kind": approval.kind, "subject": approval.subject, "step": step.number},
    )  # fmt: skip
    note(approval, ApprovalAct.EXPIRE, None, step=step, reason=why)
    follow(approval, steps, expired(course_of(approval, steps), steps.index(step)))
    return "expired"


def _escalate(approval: Approval, steps: Sequence[ApprovalStep], step: ApprovalStep, *, why: str) -> bool:
    """Give an open step to the next level above with somebody who can check; False where there is nobody.

    A step that nobody at its place can check any more, or whose place stands no longer above the maker, is looked for
    from the beginning.
    """
    assert step.place is not None
    search = search_for(approval)
    is_late = (
        step.due_at is not None and step.due_at <= clock.now() and stands_over(step.place, approval.place)
    )
    place = search.place_for(step, above=Level(step.place.level) if is_late else None)
    if place is None:
        return False
    audit.record(
        _system(approval), "approval.escalate", SUBJECT, approval.pk, purpose=why,
        before={"unit": step.place.unit.code}, after={"unit": place.unit.code, "step": step.number},
    )  # fmt: skip
    note(approval, ApprovalAct.ESCALATE, None, step=step, reason=why)
    hand(approval, step, place, search, Asked.ESCALATED)
    step.save(update_fields=["place", "opened_at", "remind_at", "due_at"])
    save(approval, steps)
    return True


def _checkers_now(approval: Approval, step: ApprovalStep, past: Sequence[ApprovalEvent]) -> list[Post]:
    assert step.place is not None
    if not stands_over(step.place, approval.place):
        return []
    posts = checkers_by_place([step.place], line=approval.line, parties=parties_of(approval, past))
    return checkers_at(step.place, step.roles, posts)


def _system(approval: Approval) -> Actor:
    """The process that acts when people do not; what it did is read where the request was made."""
    return Actor("system:approvals", org_no=approval.place.lo)
