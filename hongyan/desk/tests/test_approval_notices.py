"""Messages about approvals (SM13): who can decide hears of it, and the maker how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.desk.models import Notification
from hongyan.desk.notices import sentence_of
from hongyan.org.actions.approvals import attend_to_waiting, decide, recall, submit
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role, Verdict
from hongyan.org.models import Approval
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.approvals import declared
from hongyan.org.tests.factory import post_row, small_organisation

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def approval(db: None) -> Iterator[Approval]:
    with scope.bulk():
        small_organisation()
        heads = [
            ("wu", "吴县", "370102", Role.COUNTY_HEAD),
            ("shi", "石市", "3701", Role.CITY_ADMIN),
        ]
        take_in_posts([post_row(*post, row=row) for row, post in enumerate(heads, 2)], actor=SYSTEM)
    viewer = find_viewer("zhang")
    with declared(), clock.frozen(MONDAY), scope.acting(viewer.scope):
        yield submit(viewer, "sample", "S1")


def told(staff_no: str) -> list[str]:
    messages = Notification.objects.filter(recipient=staff_no).order_by("pk")
    return [sentence_of(one.kind, one.params) for one in messages]


@pytest.mark.parametrize(("verdict", "ended"), [(Verdict.APPROVE, "已通过"), (Verdict.REJECT, "被驳回")])
def test_the_checker_is_asked_and_the_maker_told(approval: Approval, verdict: Verdict, ended: str) -> None:
    assert told("wu") == [f"样品 {approval.pk} 等您审批"]
    assert Notification.objects.get().url == f"/approvals/{approval.pk}/"
    checker = find_viewer("wu")
    with scope.acting(checker.scope):
        decide(checker, approval.pk, verdict, reason="看过")
    assert told("zhang") == [f"您申请的样品 {approval.pk} {ended}"]


def test_reminded_once_and_the_next_level_is_asked(approval: Approval) -> None:
    for hours in (5, 6, 9, 10):
        with clock.frozen(MONDAY + timedelta(hours=hours)):
            attend_to_waiting()
    assert told("wu")[1:] == [f"样品 {approval.pk} 即将超时，等您审批"]
    assert told("shi") == [f"样品 {approval.pk} 已升级，等您审批"]


def test_who_takes_it_back_needs_no_message(approval: Approval) -> None:
    maker = find_viewer("zhang")
    with scope.acting(maker.scope):
        recall(maker, approval.pk, "填错了")
    assert told("zhang") == []
