"""Who decides a request: never its maker, one person one step, the first of several, a batch (SM13, BARS A 17)."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from django.db import connection

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed
from hongyan.org.actions.approvals import decide, decide_many, submit
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import ApprovalState, Risk, Role
from hongyan.org.models import ApprovalEvent, ApprovalStep, Post
from hongyan.org.queries.approvals import to_decide
from hongyan.org.tests.approvals import (
    MONDAY,
    NO,
    SAMPLE,
    YES,
    acts,
    as_,
    ask,
    audited,
    lend,
    now,
    organised,
    say,
    waits_at,
)
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with organised():
        yield


# --- maker ≠ checker, one person one step


def test_a_maker_with_another_post_that_checks_is_refused() -> None:
    """BARS A 17: by person, not by post."""
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "L1", Role.MANAGER, is_primary=False)], actor=SYSTEM)
    as_manager = Post.objects.get(staff__staff_no="wu", role=Role.MANAGER)
    with as_("wu", as_manager.pk) as viewer:
        approval = submit(viewer, SAMPLE.key, "S1")
    assert waits_at(approval) == ["3701"]
    with scope.bulk():  # even where the step stands at the other post's unit
        ApprovalStep.objects.update(place=Post.objects.get(staff__staff_no="wu", role=Role.COUNTY_HEAD).place)
    with as_("wu") as viewer:
        assert not to_decide(viewer).exists()
        with pytest.raises(NotAllowed, match="申请人不能审批"):
            decide(viewer, approval.pk, YES)
    assert acts(approval) == [("submit", "wu")]


def test_who_acts_in_a_lent_post_decides_in_their_own_name() -> None:
    approval, post = ask(), lend("wu", "zhang", Role.COUNTY_HEAD)
    with as_("zhang", post) as viewer:
        assert to_decide(viewer).count() == 1
        decide(viewer, approval.pk, YES, step_version=now(approval).version)
    with scope.acting(scope.EVERYTHING):
        event = ApprovalEvent.objects.select_related("staff", "holder").get(act="approve")
    assert (event.staff.staff_no, event.holder.staff_no) == ("zhang", "wu")


@pytest.mark.parametrize("maker", ["qian", "wu"])
def test_lending_a_post_lets_no_maker_check(maker: str) -> None:
    """Neither the maker in a lent post, nor somebody else in the maker's post."""
    approval = ask(maker)
    post = lend("wu", "qian" if maker == "qian" else "zhang", Role.COUNTY_HEAD)
    with scope.bulk():
        ApprovalStep.objects.update(place=Post.objects.get(pk=post).place)
    with as_("qian" if maker == "qian" else "zhang", post) as viewer:
        assert to_decide(viewer).count() == 0
        with pytest.raises(NotAllowed, match="申请人不能审批"):
            decide(viewer, approval.pk, YES)
    assert acts(approval) == [("submit", maker)]


def test_what_was_asked_in_a_lent_post_is_not_checked_by_its_holder() -> None:
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "L1", Role.MANAGER, is_primary=False)], actor=SYSTEM)
    post = lend("wu", "zhang", Role.MANAGER)
    with as_("zhang", post) as viewer:
        approval = submit(viewer, SAMPLE.key, "S1")
    assert waits_at(approval) == ["3701"]


def test_nobody_checks_two_steps_of_one_request() -> None:
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "37", Role.PROVINCE_ADMIN, is_primary=False)], actor=SYSTEM)
        Post.objects.filter(staff__staff_no="sheng").delete()
    approval = ask(amount=2000)
    say("wu", approval)
    assert waits_at(approval) == ["H"]  # the only holder at the province has decided already
    at_province = Post.objects.get(staff__staff_no="wu", role=Role.PROVINCE_ADMIN)
    with as_("wu", at_province.pk) as viewer, pytest.raises(NotAllowed, match="另一步"):
        decide(viewer, approval.pk, YES)
    assert say("zong", approval).state == ApprovalState.APPROVED


# --- races


def test_the_second_checker_hears_who_was_faster_and_changes_nothing() -> None:
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
    with clock.frozen(MONDAY):
        approval = ask()
        seen = now(approval).version
        say("wu", approval)
    with pytest.raises(Conflict, match="吴县于 2026-03-02 09:00 通过"):
        say("xia", approval, NO, reason="不行", step_version=seen)
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]


def test_the_same_decision_again_changes_nothing() -> None:
    approval = ask()
    seen = now(approval).version
    say("wu", approval, step_version=seen)
    assert say("wu", approval, step_version=seen).state == ApprovalState.APPROVED
    with pytest.raises(Conflict):
        say("wu", approval, NO, reason="反悔", step_version=seen)
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]
    assert audited(approval) == ["approval.submit", "approval.approve"]


@pytest.mark.django_db(transaction=True)
def test_two_checkers_at_once_one_decides() -> None:
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
    approval = ask()
    seen, start, results = now(approval).version, Barrier(2), []

    def attempt(staff_no: str) -> None:
        try:
            with as_(staff_no) as viewer:
                start.wait(5)
                decide(viewer, approval.pk, NO, reason=staff_no, step_version=seen)
            results.append("done")
        except HongyanError as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=(staff_no,)) for staff_no in ("wu", "xia")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Conflict", "done"]
    assert len(acts(approval)) == 2


# --- batches


def test_a_batch_is_for_low_risk_only_and_all_or_none() -> None:
    low = [ask(subject=f"L{number}", risk=Risk.LOW) for number in range(2)]
    grave = ask(subject="H", risk=Risk.HIGH)
    with as_("wu") as viewer:
        with pytest.raises(Invalid, match=f"样品 {grave.pk}"):
            decide_many(viewer, [*(one.pk for one in low), grave.pk], YES)
        assert to_decide(viewer).count() == 3
        decide_many(viewer, [one.pk for one in low], YES)
        assert [one.pk for one in to_decide(viewer)] == [grave.pk]
