"""Sealed columns (密封的列): which there are, whose row a value belongs to, and whether it still stands there.

A value is authenticated with its record's UUID. The UUID is no random number but a keyed hash of what the row is of and
never changes: so a value moved to another row does not open, and neither does one that was moved together with its
UUID, because the row is not the one that the UUID says.

A model says what it seals in `SEALED`: column → the name under which it is authenticated; and in `BOUND` the fields
that make its UUID, none of which ever changes. A field of another row is named by its path, `party__key`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar, Protocol
from uuid import UUID

from django.apps import apps
from django.db import models

from hongyan.core import scope, vault

CHUNK_ROWS = 2000


class SealedRow(Protocol):
    """A row with sealed columns."""

    SEALED: ClassVar[Mapping[str, str]]
    BOUND: ClassVar[tuple[str, ...]]
    uuid: UUID


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values, and the name under which they are authenticated."""

    model: type[models.Model]
    column: str
    name: str


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A value that does not open in its row: altered, or sealed for another."""

    table: str
    column: str
    id: int


def sealed_columns() -> list[SealedColumn]:
    """All columns that models declare as sealed, in a fixed order."""
    declared = [model for model in apps.get_models() if hasattr(model, "SEALED")]
    return [
        SealedColumn(model, column, name)
        for model in sorted(declared, key=lambda model: model._meta.db_table)
        for column, name in model.SEALED.items()
    ]


def uuid_for(table: str, *facts: object) -> UUID:
    """The UUID of the row of a table that has these facts, which are those of its `BOUND`."""
    told = (fact.hex() if isinstance(fact, bytes | memoryview) else str(fact) for fact in facts)
    return UUID(bytes=vault.blind(f"uuid:{table}", "\x1f".join(told)))


def open_sealed(row: SealedRow, column: str) -> bytes:
    """What a row holds sealed in a column. Errors: vault.Tampered, never the value of another row."""
    facts = (reduce(getattr, path.split("__"), row) for path in row.BOUND)
    if row.uuid != uuid_for(row._meta.db_table, *facts):  # type: ignore[attr-defined]
        raise vault.Tampered(column)
    return vault.unseal(getattr(row, column), record=row.uuid, column=row.SEALED[column])


def misplaced() -> Iterator[int | Misplaced]:
    """Open every sealed value of the database: how many of a chunk were read, and each that does not open."""
    for sealed in sealed_columns():
        after = 0
        while rows := _some_rows(sealed, after):
            yield len(rows)
            yield from (
                Misplaced(sealed.model._meta.db_table, sealed.column, row[0])
                for row in rows
                if not _is_in_place(sealed, *row)
            )
            after = rows[-1][0]


def _some_rows(sealed: SealedColumn, after: int) -> list[tuple[int, UUID, bytes, list[object]]]:
    """The next rows behind an id that hold something sealed: id, UUID, value, what the UUID is made of."""
    rows: models.QuerySet[models.Model] = models.QuerySet(sealed.model)
    held = rows.filter(id__gt=after).exclude(**{sealed.column: b""}).order_by("id")
    bound: Iterable[str] = sealed.model.BOUND  # type: ignore[attr-defined]
    with scope.bulk():
        chunk = held.values_list("id", "uuid", sealed.column, *bound)[:CHUNK_ROWS]
        return [(id_, uuid, value, facts) for id_, uuid, value, *facts in chunk]


def _is_in_place(sealed: SealedColumn, _id: int, uuid: UUID, value: bytes, facts: list[object]) -> bool:
    if uuid != uuid_for(sealed.model._meta.db_table, *facts):
        return False
    try:
        vault.unseal(value, record=uuid, column=sealed.name)
    except vault.Tampered:
        return False
    return True
