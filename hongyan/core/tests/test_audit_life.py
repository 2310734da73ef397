"""The life of the audit: a partition a month, years of keeping, an archive that verifies (BARS A 10, A 11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from copy import copy
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection

from hongyan.core import audit, audit_life, audit_seals, clock, scope
from hongyan.core.audit_archives import (
    compressed,
    digest_of_leaves,
    event_of,
    find_archive,
    line_of,
    place_of,
    rows_of,
)
from hongyan.core.audit_guard import proof_of
from hongyan.core.audit_life import KEPT_DAYS, archive_old_months, make_months, months
from hongyan.core.audit_seals import Fault, Finding, seal_rows, verify_seals
from hongyan.core.errors import Invalid
from hongyan.core.merkle import leaf
from hongyan.core.models import AuditArchive, AuditEvent, ParameterValue

LI = audit.Actor("100002", "李丽", post_id=7, org_no=5)
SPRING = datetime(2022, 3, 30, 12, tzinfo=UTC)
"""Two days before a month ends: rows before and after it stand under one seal."""
MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)
DROP = "SELECT core_drop_audit_month(%s, %s, %s)"
TABLES = "core_auditevent, core_auditseal, core_auditarchive"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _clean(owner_dsn: str) -> Iterator[None]:
    _clear(owner_dsn)
    yield
    _clear(owner_dsn)


def _clear(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"TRUNCATE {TABLES} RESTART IDENTITY")
        for (name,) in owner.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^core_auditevent_20(1.|2[0-5])[0-9]{2}$' AND relkind = 'r'"
        ).fetchall():
            owner.execute(f"DROP TABLE {name}")


def write(at: datetime, *subjects: str) -> list[int]:
    numbers = []
    for subject in subjects:
        with clock.frozen(at), scope.acting(scope.Scope(5, 5)):
            event = audit.record(
                LI, "customer.open", "customer", subject, after={"part": "基本"}, purpose="visit"
            )
            numbers.append(event.id)
    return numbers


def spring() -> list[int]:
    """Three rows of March and two of April 2022 under two seals, one of which runs over the month's end."""
    numbers = write(SPRING, "a", "b")
    seal_rows()
    numbers += write(SPRING, "c") + write(SPRING + timedelta(days=3), "d", "e")
    seal_rows()
    make_months()
    return numbers


def findings() -> list[Finding]:
    return [found for step in verify_seals() for found in step.findings]


def kept() -> list[str]:
    with scope.acting(scope.EVERYTHING):
        rows = AuditEvent.objects.exclude(act="audit.archive").order_by("id")
        return list(rows.values_list("subject", flat=True))


def archived() -> list[date]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditArchive.objects.order_by("month").values_list("month", flat=True))


def days_after(month_end: date, days: int) -> datetime:
    return datetime(month_end.year, month_end.month, month_end.day, 12, tzinfo=UTC) + timedelta(days=days)


# --- partitions


def test_every_month_has_a_partition_ahead_of_time() -> None:
    make_months()
    today = clock.now().date()
    ahead = [(today.replace(day=1) + timedelta(days=31 * step)).replace(day=1) for step in range(4)]
    assert set(ahead) <= set(months())


def test_a_row_of_a_month_without_partition_is_taken_and_moves_into_it(owner_dsn: str) -> None:
    """No act may fail because the audit has no place for it."""
    write(SPRING, "a")
    assert kept() == ["a"]
    assert MARCH not in months()

    make_months()
    assert kept() == ["a"]
    with psycopg.connect(owner_dsn) as owner:
        assert owner.execute("SELECT count(*) FROM core_auditevent_202203").fetchone() == (1,)
        assert owner.execute("SELECT count(*) FROM core_auditevent_other").fetchone() == (0,)
    assert make_months() == 0
    write(SPRING + timedelta(days=300), "b")
    assert make_months() == 1, "a month in a gap between others"
    assert kept() == ["a", "b"]


@pytest.mark.parametrize("role", ["none", "hongyan_group", "hongyan_bulk"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM core_auditevent_other",
        "DELETE FROM core_auditevent",
        "DROP TABLE core_auditevent_other",
        "UPDATE core_auditarchive SET rows = 0",
        "DELETE FROM core_auditarchive",
    ],
)
def test_nobody_passes_by_the_walls(statement: str, role: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        scope.acting(scope.NOTHING),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(statement)


# --- keeping


@pytest.mark.parametrize("days", ["179", "0", "-1"])
def test_nobody_may_keep_it_shorter_than_the_law_says(days: str) -> None:
    with pytest.raises(Invalid):
        KEPT_DAYS.parse(days)
    assert KEPT_DAYS.parse("180") == 180
    assert KEPT_DAYS.default >= 3 * 365


def test_three_years_after_its_end_a_month_is_archived_and_not_before() -> None:
    numbers = spring()
    with clock.frozen(days_after(APRIL, 1095)):
        assert archive_old_months() == []
    with clock.frozen(days_after(APRIL, 1097)):
        (entry,) = archive_old_months()
        assert archive_old_months() == []

    assert (entry.month, entry.rows, entry.first_id, entry.last_id) == (MARCH, 3, numbers[0], numbers[2])
    assert kept() == ["d", "e"]
    assert MARCH not in months()
    assert [(event.subject, audit.is_intact(event)) for event in rows_of(entry)] == [
        ("a", True),
        ("b", True),
        ("c", True),
    ]
    with scope.acting(scope.EVERYTHING):
        said = AuditEvent.objects.get(act="audit.archive")
    assert (said.subject, said.count, said.after["digest"]) == ("2022-03", 3, entry.digest)


def test_the_parameter_shortens_it_to_half_a_year_at_most() -> None:
    spring()
    with scope.acting(scope.EVERYTHING):
        ParameterValue.objects.create(
            key=KEPT_DAYS.key, value=180, effective_from=MARCH, set_at=clock.now(), set_by="x"
        )
    with clock.frozen(days_after(APRIL, 179)):
        assert archive_old_months() == []
    with clock.frozen(days_after(APRIL, 181)):
        assert [entry.month for entry in archive_old_months()] == [MARCH]


def test_the_database_itself_drops_nothing_early_and_nothing_unarchived() -> None:
    spring()
    for today, why in ((date(2022, 9, 1), "180 days"), (date(2026, 1, 1), "archived")):
        with pytest.raises(ProgrammingError, match=why), scope.bulk(), connection.cursor() as cursor:
            cursor.execute(DROP, [MARCH, today, b""])
    assert kept() == ["a", "b", "c", "d", "e"]


FORGED = """
INSERT INTO core_auditarchive
WITH rows AS (
    SELECT id, substring(sha256(int8send(id) || mac) FOR 16) AS leaf FROM core_auditevent
    WHERE at >= '2022-03-01' AND at < '2022-04-01'
)
SELECT '2022-03-01', gen_random_uuid(), count(*), min(id), max(id), 1, repeat('0', 64),
       sha256(sha256(string_agg(leaf, ''::bytea ORDER BY id))), now(), '\\x00' FROM rows
"""
"""What whoever reads the audit can count himself, and enter."""


@pytest.mark.parametrize("proof", [b"", b"\0" * 32, None])
def test_whoever_forges_an_archive_drops_no_month(proof: bytes | None) -> None:
    """The application's password is enough to read rows, count their digest and enter it, and not to drop them."""
    spring()
    with (
        pytest.raises(ProgrammingError, match="not made by the house"),
        scope.bulk(),
        connection.cursor() as cursor,
    ):
        cursor.execute(FORGED)
        cursor.execute(DROP, [MARCH, date(2026, 1, 1), proof])
    assert kept() == ["a", "b", "c", "d", "e"]
    assert MARCH in months()


@pytest.mark.parametrize(
    "other",
    [
        {"rows": 2}, {"first_id": 1_000}, {"last_id": 1_000}, {"root": b"\1" * 32},
        {"rows": 0, "first_id": 0, "last_id": 0, "root": digest_of_leaves([])},
    ],
    ids=lambda other: "-".join(other),
)  # fmt: skip
def test_an_archive_that_says_something_else_than_the_month_drops_nothing(other: dict[str, object]) -> None:
    """Even a proof is not enough: the database counts the month itself."""
    numbers = spring()
    with scope.acting(scope.EVERYTHING):
        rows = AuditEvent.objects.filter(id__lte=numbers[2]).order_by("id")
        leaves = b"".join(leaf(event.id, bytes(event.mac)) for event in rows)
    true = {"rows": 3, "first_id": numbers[0], "last_id": numbers[2]}
    root = digest_of_leaves([hashlib.sha256(leaves).digest()])
    entry = AuditArchive(
        month=MARCH, uuid=uuid4(), size=1, digest="0" * 64, archived_at=clock.now(), mac=b"",
        **{**true, "root": root, **other},
    )  # fmt: skip
    with (
        pytest.raises(ProgrammingError, match="what the month holds"),
        scope.bulk(),
        connection.cursor() as cursor,
    ):
        entry.save(force_insert=True)
        cursor.execute(DROP, [MARCH, date(2026, 1, 1), proof_of(entry)])
    assert kept() == ["a", "b", "c", "d", "e"]


def test_a_proof_of_one_archive_is_none_of_another() -> None:
    entry = AuditArchive(month=MARCH, uuid=uuid4(), rows=3, first_id=1, last_id=3, digest="0", root=b"\1")
    for name, value in {"month": APRIL, "uuid": uuid4(), "rows": 4, "digest": "1", "root": b"\2"}.items():
        other = copy(entry)
        setattr(other, name, value)
        assert proof_of(other) != proof_of(entry)


@pytest.mark.parametrize("role", ["none", "hongyan_group", "hongyan_bulk"])
def test_nobody_reads_the_key_of_the_proofs(role: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scope.acting(scope.NOTHING),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute("SELECT * FROM core_auditguard")


def test_more_rows_than_a_chunk_are_counted_alike(monkeypatch: pytest.MonkeyPatch, owner_dsn: str) -> None:
    """The function hashes ten thousand leaves at a time, and so does the house."""
    write(SPRING, "first")
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(
            "INSERT INTO core_auditevent (at, actor, actor_name, org_no, address, act, subject_kind, subject, purpose,"
            " result, count, mac) SELECT %s, 'x', '', 5, '', 'a.b', 'k', 's', '', 'done', 1, '\\x00'"
            " FROM generate_series(1, 20001)",
            [SPRING],
        )
    make_months()
    monkeypatch.setattr(audit_life, "_is_whole", lambda _month: True)
    monkeypatch.setattr(audit, "is_intact", lambda _event: True)
    with clock.frozen(days_after(APRIL, 1097)):
        (entry,) = archive_old_months()
    assert (entry.rows, kept()) == (20_002, [])


def test_no_day_of_the_callers_choosing_makes_a_young_month_droppable() -> None:
    """Who holds the application's password could enter an archive and say that it is 2099 (BARS A 11)."""
    write(clock.now(), "now")
    month = clock.now().date().replace(day=1)
    with pytest.raises(ProgrammingError, match="180 days"), scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditarchive VALUES (%s, gen_random_uuid(), 0, 0, 0, 0, '', '', now(), '')",
            [month],
        )
        cursor.execute(DROP, [month, date(2099, 1, 1), b""])
    assert kept() == ["now"]


def test_the_working_application_may_not_drop_a_month() -> None:
    spring()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scope.acting(scope.EVERYTHING),
        connection.cursor() as cursor,
    ):
        cursor.execute(DROP, [MARCH, date(2026, 1, 1), b""])


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE core_auditevent SET count = 9 WHERE subject = 'b'",
        "DELETE FROM core_auditevent WHERE subject = 'c'",
        "DELETE FROM core_auditseal WHERE number = 2",
    ],
)
def test_a_month_that_does_not_verify_stays(owner_dsn: str, tampering: str) -> None:
    spring()
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(tampering)
    before = kept()
    with clock.frozen(days_after(APRIL, 1097)):
        assert archive_old_months() == []
    assert kept() == before
    assert archived() == []


def test_a_row_that_comes_while_its_month_is_archived_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    spring()
    read_back = audit_life.rows_of

    def late(entry: AuditArchive) -> Iterator[AuditEvent]:
        yield from read_back(entry)
        write(SPRING, "late")

    monkeypatch.setattr(audit_life, "rows_of", late)
    with clock.frozen(days_after(APRIL, 1097)):
        assert archive_old_months() == []
    assert kept() == ["a", "b", "c", "d", "e", "late"]


def test_a_file_that_does_not_read_back_drops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spring()
    monkeypatch.setattr(audit_life, "rows_of", lambda _entry: iter(()))
    with clock.frozen(days_after(APRIL, 1097)):
        assert archive_old_months() == []
    assert kept() == ["a", "b", "c", "d", "e"]


# --- verifying


def test_a_verification_goes_on_into_the_archives() -> None:
    spring()
    write(clock.now(), "z")
    with clock.frozen(days_after(APRIL, 1097)):
        archive_old_months()
    steps = list(verify_seals())
    assert [(step.rows, step.is_sealed) for step in steps[:2]] == [(2, True), (3, True)]
    assert findings() == []


def test_a_lost_archive_is_named_once(tmp_path: object) -> None:
    spring()
    with clock.frozen(days_after(APRIL, 1097)):
        (entry,) = archive_old_months()
    place = place_of(entry.uuid)
    content = place.read_bytes()
    place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert findings() == [Finding(Fault.ARCHIVE_LOST, 202203)]
    place.unlink()
    assert findings() == [Finding(Fault.ARCHIVE_LOST, 202203)]
    place.write_bytes(content)
    assert findings() == []


def test_an_altered_entry_of_an_archive_is_named(owner_dsn: str) -> None:
    spring()
    with clock.frozen(days_after(APRIL, 1097)):
        archive_old_months()
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE core_auditarchive SET last_id = last_id + 100")
    assert Finding(Fault.ARCHIVE_ALTERED, 202203) in findings()


def test_a_removed_archive_is_missed(owner_dsn: str) -> None:
    numbers = spring()
    with clock.frozen(days_after(APRIL, 1097)):
        archive_old_months()
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("DELETE FROM core_auditarchive")
    assert findings() == [Finding(Fault.REMOVED, number) for number in numbers[:3]]


def test_a_row_that_is_kept_as_a_line_comes_back_as_it_was() -> None:
    write(SPRING, "王小明")
    with scope.acting(scope.EVERYTHING):
        event = AuditEvent.objects.get()
    again = event_of(line_of(event).rstrip(b"\n"))
    assert audit.is_intact(again)
    assert (again.id, again.at, again.subject, again.after) == (
        event.id,
        event.at,
        "王小明",
        {"part": "基本"},
    )
    assert json.loads(line_of(event))[0] == event.id


def test_a_compressed_stream_has_no_empty_piece() -> None:
    """An empty piece would end the file there."""
    assert all(compressed([b"x\n"] * 10_000))


@pytest.mark.parametrize(("seals", "rows"), [(2, 10_000), (500, 2), (1, 1)])
def test_seals_are_verified_in_batches_of_bounded_size(
    owner_dsn: str, monkeypatch: pytest.MonkeyPatch, seals: int, rows: int
) -> None:
    """Millions of seals are read so; what comes out is the same, whatever the size."""
    numbers = []
    for _ in range(5):
        numbers += write(clock.now(), "row", "row")
        seal_rows()
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE core_auditevent SET count = 7 WHERE id = ANY(%s)", [numbers[::7]])
    monkeypatch.setattr(audit_seals, "BATCH_SEALS", seals)
    monkeypatch.setattr(audit_seals, "SEAL_ROWS", rows)
    steps = [step for step in verify_seals() if step.is_sealed]
    assert [step.rows for step in steps] == [2] * 5
    assert findings() == [Finding(Fault.ALTERED, number) for number in numbers[::7]]


def test_a_month_is_found_by_its_first_day() -> None:
    spring()
    with clock.frozen(days_after(APRIL, 1097)):
        archive_old_months()
    assert find_archive(MARCH) is not None
    assert find_archive(APRIL) is None
