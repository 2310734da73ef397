"""What follows when nobody decides: reminders, the next level, the end, and who left meanwhile (SM13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import NotAllowed
from hongyan.core.models import ParameterValue
from hongyan.org.actions.approvals import attend_to_waiting, decide, submit
from hongyan.org.actions.reorganise import carry_out, request_reorganisation
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.approvals import Kind
from hongyan.org.codes import (
    ApprovalAsked,
    ApprovalDecided,
    ApprovalReminded,
    ApprovalState,
    OnTimeout,
    ReorganisationState,
    Role,
    Tree,
)
from hongyan.org.models import Post, Reorganisation
from hongyan.org.queries.approvals import find_approval, to_decide
from hongyan.org.rules.approvals import Check
from hongyan.org.tests.approvals import (
    HOUR,
    MONDAY,
    YES,
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
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with organised():
        yield


def test_reminded_once_then_escalated_then_by_the_last_level_over() -> None:
    with clock.frozen(MONDAY):
        approval = ask()
    with told(ApprovalReminded, ApprovalAsked, ApprovalDecided) as heard:
        for passed, expected in (
            (4, (0, 0, 0)), (5, (1, 0, 0)), (6, (0, 0, 0)), (9, (0, 1, 0)), (9, (0, 0, 0)),
            (33, (0, 1, 0)), (57, (0, 1, 0)), (81, (0, 0, 1)), (82, (0, 0, 0)),
        ):  # fmt: skip
            with clock.frozen(MONDAY + passed * HOUR):
                counts = attend_to_waiting()
            assert tuple(counts.values()) == expected, passed
    assert heard[0] == ApprovalReminded(approval.pk, "sample", ("wu",))
    escalated = [event.checkers for event in heard if isinstance(event, ApprovalAsked)]
    assert escalated == [("shi",), ("sheng",), ("zong",)]
    assert heard[-1] == ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.EXPIRED)
    assert audited(approval) == ["approval.submit", *["approval.escalate"] * 3, "approval.expire"]
    assert acts(approval)[-1] == ("expire", None)


def test_who_let_it_pass_still_sees_where_it_went() -> None:
    with clock.frozen(MONDAY):
        approval = ask()
    with clock.frozen(MONDAY + 24 * HOUR):
        attend_to_waiting()
        with as_("wu") as viewer:
            assert find_approval(viewer, approval.pk) == approval
            assert not to_decide(viewer).exists()
            with pytest.raises(NotAllowed, match="不由您现在的岗位"):
                decide(viewer, approval.pk, YES)


FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai."""


def test_deadlines_stand_still_by_night_and_on_days_off() -> None:
    """A working day is nine hours by default: one on Friday, eight on Monday."""
    with clock.frozen(FRIDAY):
        approval = ask()
    assert now(approval).due_at == FRIDAY + timedelta(days=3)


def test_a_house_has_its_own_office_hours() -> None:
    """Half past eight to half past five: half an hour on Friday, eight and a half on Monday."""
    for key, value in (("org.office_opens", "08:30"), ("org.office_closes", "17:30")):
        ParameterValue.objects.create(
            key=key, value=value, effective_from=FRIDAY.date(), set_at=clock.now(), set_by="x"
        )
    with clock.frozen(FRIDAY):
        approval = ask()
    assert now(approval).due_at == FRIDAY + timedelta(days=3)
    with clock.frozen(FRIDAY + timedelta(hours=2)):
        late = ask(subject="night")
    assert now(late).due_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def test_a_route_may_refuse_instead_of_escalating() -> None:
    kind = Kind(
        "strict",
        "严格",
        lambda _viewer, _subject: (),
        route=(Check(1, on_timeout=OnTimeout.REJECT, hours=8),),
    )
    with declared(kind), clock.frozen(MONDAY), as_("qian") as viewer:
        approval = submit(viewer, "strict", "X")
    with declared(kind), clock.frozen(MONDAY + 8 * HOUR):
        assert attend_to_waiting()["expired"] == 1
    assert now(approval).state == ApprovalState.EXPIRED


def test_a_step_whose_checker_left_moves_to_the_next_level_at_once() -> None:
    approval = ask()
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(ended_at=clock.now())
    assert attend_to_waiting()["escalated"] == 1
    assert waits_at(approval) == ["3701"]
    assert attend_to_waiting() == {"reminded": 0, "escalated": 0, "expired": 0}


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=7)])
def test_a_step_follows_the_maker_to_another_city(late: timedelta) -> None:
    """After a reorganisation, on time or overdue: those it stood with no longer see it."""
    with scope.bulk():
        take_in_posts([post_row("qing", "青市", "3702", Role.CITY_ADMIN)], actor=SYSTEM)
    with clock.frozen(MONDAY):
        approval = ask("wu")
        assert waits_at(approval) == ["3701"]
    with as_("zhao") as viewer:
        move = request_reorganisation(
            viewer, tree=Tree.POSTAL, codes=["370102"], parent_code="3702", effective_on=clock.business_date(),
            reason="文件 12 号",
        )  # fmt: skip
    with scope.bulk():
        Reorganisation.objects.filter(pk=move.pk).update(state=ReorganisationState.WAITING)
    carry_out(move.pk)
    with clock.frozen(MONDAY + HOUR + late):
        assert attend_to_waiting()["escalated"] == 1
        assert waits_at(approval) == ["3702"]
        assert say("qing", approval).state == ApprovalState.APPROVED


def test_who_takes_the_post_decides_from_then_on() -> None:
    """A change of posts takes effect at the next request."""
    approval = ask()
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
        Post.objects.filter(staff__staff_no="wu").delete()
    assert say("xia", approval).state == ApprovalState.APPROVED
