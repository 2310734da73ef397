"""Rotating the data key (密钥轮换): whatever is sealed under an older key is sealed anew under the present one.

It goes on beside the daily work: a value is readable at every moment, under the old key or the new. Each chunk is one
transaction; a kill loses nothing but a chunk, and starting again goes on with what is left, since every sealed value
names its key in its first byte. BARS A 38.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from hongyan.core import audit, scope, storage, vault
from hongyan.core.bulk import update_rows
from hongyan.core.sealed import SealedColumn, sealed_columns

CHUNK_VALUES = 2000
Report = Callable[[int, int], None]


def sealed_files() -> Iterator[tuple[Path, UUID]]:
    """All sealed files with the UUIDs of their owners, which are their names."""
    for path in sorted(Path(settings.HOME.files).rglob("*.sealed")):
        yield path, UUID(path.stem)


def counts_by_key() -> dict[int, int]:
    """Key number → values and files sealed under it."""
    counts: dict[int, int] = {}
    with scope.bulk(), connection.cursor() as cursor:
        for sealed in sealed_columns():
            cursor.execute(_COUNTS.format(**_names(sealed)))
            for key, count in cursor.fetchall():
                counts[key] = counts.get(key, 0) + count
    for path, _record in sealed_files():
        key = storage.key_of(path)
        if key is not None:
            counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items()))


def rotate(report: Report | None = None) -> int:
    """Seal everything under the present key; returns how many values and files were sealed anew.

    `report` hears (done, total) after every chunk; what it raises stops the rotation between two chunks.
    Errors: vault.Tampered when a value does not open; it and what follows stay as they are.
    """
    vault.reread()
    current = vault.ring().current
    total = sum(count for key, count in counts_by_key().items() if key != current)
    done = 0
    for count in _steps(current):
        done += count
        if report:
            report(done, max(total, done))
    with scope.acting(scope.EVERYTHING):
        audit.record(audit.SYSTEM, "keys.rotate", "key", current, count=done)
    return done


def _steps(current: int) -> Iterator[int]:
    for sealed in sealed_columns():
        after, found_in_pass = 0, 0
        while True:
            count, after = _reseal_some(sealed, current, after)
            yield count
            found_in_pass += count
            if count == CHUNK_VALUES:
                continue
            if not found_in_pass:
                break
            # Once more from the start: a process that has not met the new key yet still seals under the old one.
            after, found_in_pass = 0, 0
    for path, record in sealed_files():
        if storage.key_of(path) not in {current, None}:
            storage.reseal(path, record=record)
            yield 1


def _reseal_some(sealed: SealedColumn, current: int, after: int) -> tuple[int, int]:
    """Seal the next values behind an id anew: how many, and the last id."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_OLDER.format(**_names(sealed)), [current, after, CHUNK_VALUES])
        rows = cursor.fetchall()
        bound = {"column": sealed.name}
        anew = [
            (id_, vault.seal(vault.unseal(value, record=record, **bound), record=record, **bound))
            for id_, record, value in rows
        ]
        if anew:
            update_rows(sealed.model, "id", (sealed.column,), anew)
    return len(rows), rows[-1][0] if rows else after


def _names(sealed: SealedColumn) -> dict[str, str]:
    return {"table": sealed.model._meta.db_table, "column": sealed.column}


_COUNTS = """
SELECT get_byte({column}, 0), count(*) FROM {table} WHERE length({column}) > 0 GROUP BY 1
"""
_OLDER = """
SELECT id, uuid, {column} FROM {table}
WHERE length({column}) > 0 AND get_byte({column}, 0) <> %s AND id > %s
ORDER BY id LIMIT %s FOR UPDATE
"""
