"""Monthly partitions: made ahead, alike, and no way round the walls."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import ProgrammingError, connection

from hongyan.core import clock, scope
from hongyan.customer.tests.factory import ZHANG, make_organisation, staff
from hongyan.desk.models import Notification
from hongyan.ledger.actions.partitions import make_partitions
from hongyan.ledger.queries.partitions import PARTITIONED, partition_states
from hongyan.ledger.tasks import expected_months, make_partitions_ahead
from hongyan.org.codes import Role
from hongyan.org.models import Place, Post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_the_job_makes_the_months_ahead_and_finds_no_difference(caplog: pytest.LogCaptureFixture) -> None:
    with clock.frozen(NOW):
        assert expected_months() == (date(2026, 10, 1), date(2027, 2, 1))
        make_partitions_ahead(0)
        states = partition_states(expected=expected_months())
    assert [state for state in states if state.differences] == []
    assert {state.table for state in states if state.month == date(2027, 2, 1)} == set(PARTITIONED)
    assert "partition differs" not in caplog.text


def test_making_them_again_makes_nothing() -> None:
    with scope.bulk():
        make_partitions(date(2026, 10, 1), date(2026, 11, 1))
        assert make_partitions(date(2026, 10, 15), date(2026, 11, 30)) == 0


def test_a_missing_month_is_named() -> None:
    with clock.frozen(NOW), scope.bulk():
        make_partitions(date(2026, 11, 1), date(2026, 11, 1))
        missing = [
            state.name
            for state in partition_states(expected=(date(2026, 11, 1), date(2031, 1, 1)))
            if state.month == date(2031, 1, 1)
        ]
    assert missing == [f"{table}_203101" for table in sorted(PARTITIONED)]


@pytest.mark.django_db(transaction=True)
def test_differences_are_found(owner_dsn: str) -> None:
    """Slips of an owner; PostgreSQL itself keeps columns, constraints and indexes alike."""
    with scope.bulk():
        make_partitions(date(2027, 6, 1), date(2027, 6, 1))
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("ALTER TABLE ledger_balance_202706 DISABLE ROW LEVEL SECURITY")
        owner.execute("GRANT SELECT ON ledger_mailitem_202706 TO hongyan_app")
    make_organisation()
    place = Place.objects.get(unit__code="1000")
    Post.objects.create(staff=staff(ZHANG), place=place, role=Role.SYSTEM_ADMIN)
    make_partitions_ahead(0)
    message = Notification.objects.get()
    states = {
        state.name: state.differences for state in partition_states() if state.month == date(2027, 6, 1)
    }
    with psycopg.connect(owner_dsn) as owner:
        for table in PARTITIONED:
            owner.execute(f"DROP TABLE {table}_202706")
    assert (message.kind, message.params["count"]) == ("ledger.partitions_differ", 2)
    assert states["ledger_balance_202706"] == ("walls",)
    assert states["ledger_mailitem_202706"] == ("grants",)
    assert states["ledger_monthlyfact_202706"] == ()


def test_nobody_reads_a_partition_past_its_table() -> None:
    with scope.bulk():
        make_partitions(date(2026, 11, 1), date(2026, 11, 1))
    for enter in (scope.NOTHING, scope.EVERYTHING):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            scope.acting(enter),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT count(*) FROM ledger_transaction_202611")


def test_only_bulk_jobs_make_partitions() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        make_partitions(date(2026, 11, 1), date(2026, 11, 1))
