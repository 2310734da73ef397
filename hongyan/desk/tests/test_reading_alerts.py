"""Who watches hears of somebody who read conspicuously much (BARS A 13: alert within five minutes)."""

from __future__ import annotations

import pytest

from hongyan.core import audit, scope
from hongyan.core.audit_watch import watch_readings
from hongyan.desk.models import Notification
from hongyan.desk.notices import sentence_of
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def read(staff_no: str, count: int) -> None:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        audit.record(viewer.actor, "list.read", "customer_list", "", count=count)
    watch_readings()


def told() -> list[str]:
    return sorted(Notification.objects.filter(kind="audit.alert").values_list("recipient", flat=True))


def test_auditors_and_security_administrators_above_are_told() -> None:
    read("zhang", 1000)
    assert told() == ["bao", "chen", "qin", "wang"]
    notification = Notification.objects.filter(recipient="bao").get()
    assert (
        sentence_of(notification.kind, notification.params) == "工号 zhang 在 10 分钟内查看了 1000 条客户信息"
    )
    assert "张伟" in logged_in("bao").get(notification.url).content.decode()


def test_nobody_is_told_of_themselves_or_of_other_provinces() -> None:
    """chen audits the whole group: the province's auditor does not watch over that."""
    read("chen", 1000)
    assert told() == ["bao"]


def test_nobody_is_told_of_less() -> None:
    read("zhang", 999)
    assert told() == []
