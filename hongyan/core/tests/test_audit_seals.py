"""Seals over the audit: every way of tampering is found and named (BARS A 10)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event

import psycopg
import pytest
from django.db import ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import audit, audit_seals, scope
from hongyan.core.audit_seals import Fault, Finding, merkle_root, seal_rows, verify_seals
from hongyan.core.models import AuditEvent, AuditSeal

LI = audit.Actor("100002", "李丽", post_id=7, org_no=5)
whole = pytest.mark.django_db(transaction=True)


def write(*subjects: str) -> list[int]:
    """Rows for some subjects, each in a transaction of its own; their numbers."""
    numbers = []
    for subject in subjects:
        with scope.acting(scope.Scope(5, 5)):
            numbers.append(audit.record(LI, "customer.open", "customer", subject).id)
    return numbers


def findings() -> list[Finding]:
    return [found for step in verify_seals() for found in step.findings]


def seals() -> list[AuditSeal]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditSeal.objects.order_by("number"))


@pytest.fixture
def rows(owner_dsn: str) -> Iterator[list[int]]:
    """Six rows under two seals, and one that is not sealed yet."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("TRUNCATE core_auditevent, core_auditseal")
    numbers = write("a", "b", "c")
    seal_rows()
    numbers += write("d", "e", "f")
    seal_rows()
    yield [*numbers, *write("g")]
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("TRUNCATE core_auditevent, core_auditseal")


@whole
def test_what_nobody_touched_is_whole(rows: list[int]) -> None:
    steps = list(verify_seals())
    assert [(step.rows, step.is_sealed, step.findings) for step in steps] == [
        (3, True, ()),
        (3, True, ()),
        (1, False, ()),
    ]
    first, second = seals()
    assert (first.first_id, first.last_id, second.first_id, second.last_id) == (
        1,
        rows[2],
        rows[2] + 1,
        rows[5],
    )


@whole
@pytest.mark.parametrize(
    ("tampering", "fault", "position"),
    [
        ("UPDATE core_auditevent SET count = 2 WHERE id = %s", Fault.ALTERED, 1),
        (
            "UPDATE core_auditevent SET mac = decode('00', 'hex') || substr(mac, 2) WHERE id = %s",
            Fault.ALTERED,
            4,
        ),
        ("UPDATE core_auditevent SET count = 2 WHERE id = %s", Fault.ALTERED, 6),
        ("DELETE FROM core_auditevent WHERE id = %s", Fault.REMOVED, 0),
        ("DELETE FROM core_auditevent WHERE id = %s", Fault.REMOVED, 5),
    ],
)
def test_the_row_somebody_touched_is_named(
    rows: list[int], owner_dsn: str, tampering: str, fault: Fault, position: int
) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(tampering, [rows[position]])
    assert findings() == [Finding(fault, rows[position])]


@whole
def test_rows_that_changed_places_are_named(rows: list[int], owner_dsn: str) -> None:
    """Each is as it was written, code and all; only not where."""
    one, other = rows[0], rows[2]
    with psycopg.connect(owner_dsn) as owner:
        for old, new in ((one, -1), (other, one), (-1, other)):
            owner.execute("UPDATE core_auditevent SET id = %s WHERE id = %s", [new, old])
    assert findings() == [Finding(Fault.EXCHANGED, one), Finding(Fault.EXCHANGED, other)]


@whole
def test_a_row_slipped_in_later_is_named(rows: list[int], owner_dsn: str) -> None:
    """A true copy of another row, under a number that was free."""
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("DELETE FROM core_auditevent WHERE id = %s", [rows[1]])
        owner.execute("UPDATE core_auditevent SET id = %s WHERE id = %s", [rows[1], rows[6]])
    assert findings() == [Finding(Fault.EXCHANGED, rows[1])]
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE core_auditevent SET id = 0 WHERE id = %s", [rows[1]])
        owner.execute("UPDATE core_auditseal SET first_id = 0 WHERE number = 1")
    assert {found.fault for found in findings()} == {Fault.SEAL_MISSING, Fault.ADDED, Fault.REMOVED}


@whole
@pytest.mark.parametrize(
    "column",
    [
        "sealed_at = sealed_at + interval '1 second'",
        "leaves = substr(leaves, 25)",
        "root = mac",
        "mac = root",
    ],
)
def test_a_seal_somebody_touched_is_named(rows: list[int], owner_dsn: str, column: str) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"UPDATE core_auditseal SET {column} WHERE number = 1")
    assert Finding(Fault.SEAL_ALTERED, 1) in findings()


@whole
def test_a_seal_that_was_taken_away_with_its_rows_is_missed(rows: list[int], owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("DELETE FROM core_auditseal WHERE number = 1")
        owner.execute("DELETE FROM core_auditevent WHERE id <= %s", [rows[2]])
    assert findings() == [Finding(Fault.SEAL_MISSING, 2)]


@whole
@pytest.mark.parametrize("statement", ["UPDATE core_auditseal SET root = mac", "DELETE FROM core_auditseal"])
@pytest.mark.parametrize("role", ["none", "hongyan_group", "hongyan_bulk"])
def test_no_role_of_the_application_may_change_a_seal(statement: str, role: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scope.acting(scope.NOTHING),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(statement)


@whole
def test_a_row_whose_transaction_is_still_open_is_waited_for(rows: list[int]) -> None:
    """Its number is smaller than that of a row which is committed: sealing past it would make it a forgery."""
    wrote, go_on = Event(), Event()

    def slow_writer() -> int:
        with scope.acting(scope.Scope(5, 5)):
            number = audit.record(LI, "customer.open", "customer", "slow").id
            wrote.set()
            go_on.wait(10)
        connection.close()
        return number

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(slow_writer)
        assert wrote.wait(10)
        (later,) = write("quick")
        assert seal_rows(patience=0.3) == 0
        go_on.set()
        number = writing.result()
    assert number < later
    assert seal_rows() == 3
    assert findings() == []


@whole
def test_a_backlog_is_sealed_in_several_and_twice_is_once(
    rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_seals, "SEAL_ROWS", 2)
    write(*"hijk")
    assert seal_rows() == 5
    assert seal_rows() == 0
    assert [seal.number for seal in seals()] == [1, 2, 3, 4, 5]
    assert all(after.first_id == before.last_id + 1 for before, after in pairwise(seals()))
    assert findings() == []


@whole
def test_rows_of_others_are_no_part_of_what_a_county_may_read(rows: list[int]) -> None:
    with scope.acting(scope.Scope(5, 5)):
        assert AuditSeal.objects.count() == 0
        assert AuditEvent.objects.count() == len(rows)


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=40), st.data())
def test_a_root_stands_for_its_leaves_in_their_order(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    other = [*leaves]
    other[position] = bytes(16) if leaves[position] != bytes(16) else b"x" * 16
    assert merkle_root(other) != merkle_root(leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)
    if leaves != leaves[::-1]:
        assert merkle_root(leaves[::-1]) != merkle_root(leaves)
