"""The audit: in the act's transaction, append-only, every alteration noticed (BARS A 9–10)."""

from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from hongyan.core import audit, scope
from hongyan.core.models import AuditEvent

ZHANG = audit.Actor("100001", "张建华", post_id=7, org_no=5, address="10.0.0.1")


@pytest.mark.django_db
def test_a_row_says_who_did_what_and_is_intact() -> None:
    scope.enter(scope.Scope(5, 5))
    audit.record(
        ZHANG, "customer.reveal", "customer", "H00000000010", purpose="visit", after={"field": "mobile"}
    )
    event = AuditEvent.objects.get()
    assert (event.actor, event.act, event.subject, event.result) == (
        "100001",
        "customer.reveal",
        "H00000000010",
        "done",
    )
    assert event.after == {"field": "mobile"}
    assert audit.is_intact(event)
    assert audit.first_altered(AuditEvent.objects.all()) is None


@pytest.mark.django_db
def test_a_rollback_takes_the_row_along() -> None:
    scope.enter(scope.Scope(5, 5))
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record(ZHANG, "customer.open", "customer", "H")
        raise RuntimeError
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET act = 'x'", "DELETE FROM core_auditevent"])
@pytest.mark.parametrize("role", ["none", "hongyan_group", "hongyan_bulk"])
def test_no_role_of_the_application_may_change_a_row(statement: str, role: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(statement)


@pytest.mark.django_db
def test_rows_are_read_within_the_scope_of_the_reader() -> None:
    scope.enter(scope.Scope(1, 9))
    audit.record(ZHANG, "customer.open", "customer", "H")
    scope.enter(scope.Scope(20, 29))
    assert AuditEvent.objects.count() == 0
    scope.enter(scope.EVERYTHING)
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "alteration",
    [
        "act = 'customer.list'",
        "actor = '100002'",
        "at = at + interval '1 microsecond'",
        'after = \'{"field": "email"}\'',
        "result = 'denied'",
        "count = 2",
        "mac = '\\x00'::bytea",
    ],
)
def test_every_alteration_by_the_database_owner_is_noticed(owner_dsn: str, alteration: str) -> None:
    with scope.acting(scope.Scope(5, 5)):
        for number in range(3):
            audit.record(ZHANG, "customer.open", "customer", number, after={"field": "mobile"})
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"UPDATE core_auditevent SET {alteration} WHERE subject = '1'")
    with scope.acting(scope.EVERYTHING):
        altered = audit.first_altered(AuditEvent.objects.all())
    assert altered is not None
    assert altered.subject == "1"
