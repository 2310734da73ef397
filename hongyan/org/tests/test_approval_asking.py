"""Requests from asking to their end: who checks, in which order, taken back by the maker (SM13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from hongyan.core import scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent
from hongyan.org.actions.approvals import recall, submit
from hongyan.org.approvals import Kind
from hongyan.org.codes import ApprovalAsked, ApprovalDecided, ApprovalState, Asked, Joins, Level, Line
from hongyan.org.models import Approval, Post, Staff
from hongyan.org.queries.approvals import to_decide
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.org.tests.approvals import (
    NO,
    acts,
    as_,
    ask,
    audited,
    declared,
    now,
    organised,
    say,
    told,
    waits_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with organised():
        yield


def test_a_request_goes_to_the_county_head_and_ends_with_the_decision() -> None:
    with told(ApprovalAsked, ApprovalDecided) as heard:
        approval = ask(reason="季度盘点", amount=10)
        assert waits_at(approval) == ["370102"]
        assert say("wu", approval).state == ApprovalState.APPROVED
    assert heard == [
        ApprovalAsked(approval.pk, "sample", ("wu",), Asked.BEGUN),
        ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.APPROVED),
    ]
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]
    assert audited(approval) == ["approval.submit", "approval.approve"]
    with scope.acting(scope.EVERYTHING):
        assert AuditEvent.objects.get(act="approval.submit").purpose == "季度盘点"


def test_steps_follow_one_another_by_amount() -> None:
    approval = ask(amount=100_001)
    for code, checker in (("370102", "wu"), ("37", "sheng"), ("H", "chen")):
        assert waits_at(approval) == [code]
        assert now(approval).state == ApprovalState.PENDING
        say(checker, approval)
    assert now(approval).state == ApprovalState.APPROVED


def test_a_refusal_needs_a_reason_and_ends_the_request_for_all_steps() -> None:
    approval = ask(amount=100_001)
    with pytest.raises(Invalid):
        say("wu", approval, NO, reason="  ")
    assert acts(approval) == [("submit", "qian")]
    assert say("wu", approval, NO, reason="没有依据").state == ApprovalState.REJECTED
    assert waits_at(approval) == []
    with pytest.raises(NotFound):  # their step never came
        say("sheng", approval)


def test_a_head_who_asks_is_checked_one_level_above() -> None:
    approval = ask("wu")
    assert waits_at(approval) == ["3701"]
    with pytest.raises(NotAllowed):
        say("wu", approval)
    assert say("shi", approval).state == ApprovalState.APPROVED


def test_where_nobody_holds_the_role_the_next_level_checks() -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(valid_to=date(2020, 1, 1))
        Staff.objects.filter(staff_no="shi").update(is_active=False)
    assert waits_at(ask()) == ["37"]


def test_a_request_nobody_could_check_is_refused_and_leaves_nothing() -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no="chen").delete()
    with pytest.raises(Invalid, match="第 3 步没有人可以审批"):
        ask(amount=100_001)
    with scope.acting(scope.EVERYTHING):
        assert not Approval.objects.exists()


def test_the_same_thing_waits_once_and_may_be_asked_again_after_the_end() -> None:
    first = ask()
    with pytest.raises(Conflict):
        ask("zhang")
    say("wu", first, NO, reason="不同意")
    assert ask().pk != first.pk


def test_a_post_counts_only_for_its_lines() -> None:
    """X-22: the line that creates approves."""
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(line_codes=[Line.EXPRESS])
    assert waits_at(ask(line=Line.MAIL)) == ["3701"]
    assert waits_at(ask(subject="S2", line=Line.EXPRESS)) == ["370102"]
    with as_("wu") as viewer:
        assert [approval.subject for approval in to_decide(viewer)] == ["S2"]


# --- groups side by side


def parallel(joins: Joins) -> Kind:
    return Kind(
        "parallel",
        "并行",
        facts=lambda _viewer, _subject: (),
        route=(
            Check(1, (HEAD,), level=Level.COUNTY, joins=joins),
            Check(1, (HEAD,), level=Level.CITY, joins=joins),
        ),
    )


@pytest.mark.parametrize(("joins", "after_one"), [(Joins.ALL, "pending"), (Joins.ANY, "approved")])
def test_groups_of_one_step_all_or_any(joins: Joins, after_one: str) -> None:
    with declared(parallel(joins)), as_("qian") as viewer:
        approval = submit(viewer, "parallel", "P1")
        assert waits_at(approval) == ["370102", "3701"]
        assert say("shi", approval).state == after_one
        if joins == Joins.ALL:
            assert waits_at(approval) == ["370102"]
            assert say("wu", approval).state == "approved"


# --- taken back


def test_only_the_maker_recalls_and_only_while_it_is_open() -> None:
    approval = ask()
    with as_("wu") as viewer, pytest.raises(NotAllowed):
        recall(viewer, approval.pk, "想撤")
    with as_("qian") as viewer:
        with pytest.raises(Invalid):
            recall(viewer, approval.pk, " ")
        with told(ApprovalDecided) as heard:
            assert recall(viewer, approval.pk, "填错了").state == ApprovalState.RECALLED
        with pytest.raises(Conflict):
            recall(viewer, approval.pk, "再撤")
    assert heard == [ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.RECALLED)]
    with pytest.raises(Conflict):
        say("wu", approval)
    assert audited(approval) == ["approval.submit", "approval.recall"]
