"""Who reads conspicuously much is told of within minutes (BARS A 13, D: insider mass export)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hongyan.core import audit, clock, scope
from hongyan.core.audit_watch import AlertRaised, watch_readings
from hongyan.core.models import AuditAlert, ParameterValue

LI = audit.Actor("100002", "李丽", post_id=7, org_no=5)
WANG = audit.Actor("100003", "王芳", post_id=8, org_no=6)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def read(actor: audit.Actor, count: int, *, at: datetime = NOON, act: str = "list.read") -> None:
    with clock.frozen(at), scope.acting(scope.Scope(actor.org_no, actor.org_no)):
        audit.record(actor, act, "customer_list", "", count=count)


def raised(at: datetime) -> list[tuple[str, int]]:
    with clock.frozen(at):
        return [(alert.actor, alert.count) for alert in watch_readings()]


@pytest.mark.parametrize(("last", "alerts"), [(499, []), (500, [("100002", 1000)])])
def test_a_thousand_rows_in_ten_minutes_are_too_many(last: int, alerts: list[tuple[str, int]]) -> None:
    read(LI, 500, at=NOON - timedelta(minutes=9))
    read(LI, last)
    read(WANG, 900)
    assert raised(NOON + timedelta(seconds=30)) == alerts


def test_what_was_read_earlier_does_not_count() -> None:
    read(LI, 999, at=NOON - timedelta(minutes=11))
    read(LI, 1)
    assert raised(NOON) == []


def test_only_what_was_shown_counts() -> None:
    """An export has an approval of its own; a denied attempt showed nothing."""
    read(LI, 5000, act="ledger.export")
    with clock.frozen(NOON), scope.acting(scope.Scope(5, 5)):
        for _ in range(1001):
            audit.deny(LI, "customer.open", "customer", "H")
    assert raised(NOON) == []


def test_one_alert_a_window() -> None:
    read(LI, 1000)
    assert raised(NOON + timedelta(minutes=1)) == [("100002", 1000)]
    read(LI, 500, at=NOON + timedelta(minutes=2))
    assert raised(NOON + timedelta(minutes=3)) == []
    read(LI, 1000, at=NOON + timedelta(minutes=14))
    assert raised(NOON + timedelta(minutes=15)) == [("100002", 1000)]


def test_the_bounds_are_parameters() -> None:
    with scope.acting(scope.EVERYTHING):
        for key, value in (("audit.alert_rows", 50), ("audit.alert_minutes", 2)):
            ParameterValue.objects.create(
                key=key, value=value, effective_from=NOON.date(), set_at=NOON, set_by="x"
            )
    read(LI, 50, at=NOON - timedelta(minutes=3))
    read(WANG, 50)
    assert raised(NOON) == [("100003", 50)]


def test_an_alert_is_read_where_its_person_acts() -> None:
    read(LI, 1000)
    raised(NOON)
    for reader, count in ((scope.Scope(1, 9), 1), (scope.Scope(6, 9), 0), (scope.EVERYTHING, 1)):
        with scope.acting(reader):
            assert AuditAlert.objects.count() == count


def test_other_rooms_hear_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr("hongyan.core.events.publish", heard.append)
    read(LI, 1000)
    raised(NOON)
    (event,) = heard
    assert isinstance(event, AlertRaised)
    assert (event.actor, event.org_no, event.count, event.minutes) == ("100002", 5, 1000, 10)
