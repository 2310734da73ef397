"""INT: however a first load is done, row by row or set by set, here or in another process, it ends in the same rows."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.db.backends.utils import CursorWrapper

from conftest import clear_tables
from hongyan.core import bulk, clock, scope
from hongyan.core.bulk import copy_rows, references_checked_together
from hongyan.customer.models import StrongKey
from hongyan.integration.actions import apply
from hongyan.integration.demo import generate
from hongyan.integration.tests.factory import loaded

CUSTOMERS, SEED = 400, 20261123
FILES = (("erp", "erp_org"), ("kgc", "KG_CUST"), ("kgc", "KG_ADDR"), ("kgc", "KG_CONT"), ("jiyou", "JY_CUST"))

pytestmark = pytest.mark.django_db(transaction=True)

# Ciphertexts and instants differ each time; all else, numbers of rows included, must not.
_COLUMNS = """
SELECT table_name, string_agg(format('%I::text', column_name), ', ' ORDER BY column_name)
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name LIKE 'customer\\_%' AND data_type NOT LIKE 'timestamp%'
  AND column_name NOT IN ('sealed', 'likeness')
GROUP BY 1 ORDER BY 1
"""


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drop")
    generate(CUSTOMERS, SEED, folder, as_of=clock.business_date() - timedelta(days=1))
    return folder


def load_all(drop: Path) -> dict[str, str]:
    """Load the demo into empty tables; a hash of every table of the customers' room."""
    clear_tables()
    for system, start in FILES:
        (file,) = (path for path in drop.iterdir() if path.name.startswith(start))
        assert loaded(file.read_bytes(), file.name, system).state == "applied", file.name
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return {table: _hash_of(cursor, table, columns) for table, columns in cursor.fetchall()}


def _hash_of(cursor: CursorWrapper, table: str, columns: str) -> str:
    cursor.execute(f"SELECT {columns} FROM {table}")
    rows = sorted(map(repr, cursor.fetchall()))
    return f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"


@pytest.fixture
def _granted(owner_dsn: str) -> Iterator[None]:
    """As on a server whose administrator granted the right."""
    right = "SET ON PARAMETER session_replication_role"
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"GRANT {right} TO hongyan_bulk")
        yield
        owner.execute(f"REVOKE {right} FROM hongyan_bulk")


def row_by_row(patch: pytest.MonkeyPatch) -> None:
    """As on a server whose administrator did not grant the right."""
    patch.setattr(bulk, "_MAY_CHECK_LATER", "SELECT false")


def elsewhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys.modules[apply.__module__], "WORTH_A_PROCESS", 1)


@pytest.mark.usefixtures("_granted")
def test_all_ways_end_in_the_same_rows(drop: Path) -> None:
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(bulk._MAY_CHECK_LATER)
        assert cursor.fetchone() == (True,)
    first = load_all(drop)
    assert {table: rows for table, rows in first.items() if not rows.startswith("0 ")}.keys() >= {
        "customer_customer", "customer_sourcerecord", "customer_link", "customer_candidatekey", "customer_identifier",
        "customer_listrow", "customer_searchtoken", "customer_goldenchange", "customer_strongkey",
    }  # fmt: skip
    for way in (row_by_row, elsewhere):
        with pytest.MonkeyPatch.context() as patch:
            way(patch)
            assert load_all(drop) == first, way.__name__


def claim(customer: int) -> None:
    copy_rows(StrongKey, ("hash", "customer_id"), [(b"0123456789abcdef", customer)])


@pytest.mark.usefixtures("_granted")
@pytest.mark.parametrize("granted", [True, False])
def test_what_refers_to_nobody_is_undone(granted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not granted:
        row_by_row(monkeypatch)
    with pytest.raises(IntegrityError), scope.bulk(), references_checked_together():
        claim(4711)
    with scope.bulk():
        assert not StrongKey.objects.exists()


@pytest.mark.usefixtures("_granted")
def test_only_what_is_copied_inside_is_checked_later() -> None:
    with pytest.raises(IntegrityError), scope.bulk():
        with references_checked_together():
            pass
        claim(4711)
    with pytest.raises(IntegrityError), scope.bulk(), references_checked_together():
        StrongKey.objects.create(hash=b"0123456789abcdef", customer_id=4711)
