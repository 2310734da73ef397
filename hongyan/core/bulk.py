"""Set-based writing: COPY into tables and numbers from sequences, on Django's own connection and transaction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models

# OFFSET 0 looks the sequence up once, not once a number.
_NEXT_IDS = """
SELECT nextval(sequence)
FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) known, generate_series(1, %s)
"""
_Referred = dict[type[models.Model], set[Any]]
_referred: ContextVar[_Referred | None] = ContextVar("referred", default=None)

_MAY_CHECK_LATER = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
_CHECKING = "SELECT set_config('session_replication_role', %s, true)"
# OFFSET 0 keeps the planner to one index look-up each, also where a table has no statistics yet.
_MISSING = """
SELECT wanted.id FROM unnest(string_to_array(%s, ',')::bigint[]) AS wanted(id)
WHERE NOT EXISTS (SELECT FROM "{table}" known WHERE known."{key}" = wanted.id OFFSET 0)
LIMIT 1
"""
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a model's table; `columns` are column names.

    Values may be text, numbers, truth values, bytes, dates, instants, UUIDs or None. Needs a role that row-level
    security does not filter (`core.scope.bulk`), since PostgreSQL refuses COPY otherwise.
    """
    rows = list(rows)
    constrained = _constrained(model) if _referred.get() is not None else {}
    refers = {
        column: [row[position] for row in rows]
        for position, column in enumerate(columns)
        if column in constrained
    }
    copy_lines(model, columns, [as_text(row) for row in rows], refers=refers)


def copy_lines(
    model: type[models.Model],
    columns: Sequence[str],
    lines: Sequence[str],
    *,
    refers: Mapping[str, Iterable[Any]] = MappingProxyType({}),
) -> None:
    """The same for rows that are lines already, of pieces that `as_text` made and plain numbers between tabs.

    `refers` are the values of columns with a foreign key, for `references_checked_together`.
    """
    if not lines:
        return
    referred, constrained = _referred.get(), _constrained(model)
    checked_later = (
        referred is not None and bool(constrained) and refers.keys() >= constrained.keys() & {*columns}
    )
    if referred is not None and checked_later:
        for column, numbers in refers.items():
            referred[constrained[column]].update(numbers)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if checked_later:
            cursor.execute(_CHECKING, ["replica"])
        # One text block: formatting value by value in the driver took twice the time.
        with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
            copy.write("\n".join([*lines, ""]))
        if checked_later:
            cursor.execute(_CHECKING, ["origin"])


def as_text(values: Iterable[Any]) -> str:
    """Values of neighbouring columns in COPY's text format.

    >>> as_text([1, "a\\tb", None, True])
    '1\\ta\\\\tb\\t\\\\N\\tt'
    """
    return "\t".join([value if _is_plain(value) else _WRITERS[type(value)](value) for value in values])


@contextmanager
def references_checked_together() -> Iterator[None]:
    """What rows copied inside refer to is looked up once at the end: each number once, not once a row.

    The database otherwise asks for every reference of every row, which was a quarter of its work in a first load. All
    else it is told inside it checks as ever; so it does with everything where its administrator did not grant the
    right to set `session_replication_role`. Errors: IntegrityError when something is missing, which undoes it all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MAY_CHECK_LATER)
        may_check_later = cursor.fetchone()[0]
    referred: _Referred = defaultdict(set)
    token = _referred.set(referred if may_check_later else None)
    try:
        yield
    finally:
        _referred.reset(token)
    for model, numbers in referred.items():
        _ask_for(model, numbers - {None})


@cache
def _constrained(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """Column → the model whose key the database looks for."""
    return {
        field.column: field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True)
    }


def _ask_for(model: type[models.Model], numbers: Collection[int]) -> None:
    meta = model._meta
    with connection.cursor() as cursor:
        query = _MISSING.format(table=meta.db_table, key=meta.pk.column)
        cursor.execute(query, [",".join(map(str, numbers))])
        if missing := cursor.fetchone():
            raise IntegrityError(f"{meta.db_table} has no row {missing[0]}, which others refer to")


def update_rows(
    model: type[models.Model], key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Update rows by their key in one statement; each row is the key's value, then those of `columns`."""
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in (key, *columns))
    taken = ", ".join(f'"{column}" = changed."{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT {names} FROM "{table}" WITH NO DATA'  # noqa: S608
        )
        with cursor.copy(f"COPY changed ({names}) FROM STDIN") as copy:
            copy.write("".join([as_text(row) + "\n" for row in rows]))
        cursor.execute(
            f'UPDATE "{table}" target SET {taken} FROM changed WHERE target."{key}" = changed."{key}"'  # noqa: S608
        )
        cursor.execute("DROP TABLE changed")


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """The next `count` ids of a table, so that rows which point at each other can be copied together."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_IDS, [model._meta.db_table, count])
        return [number for (number,) in cursor.fetchall()]


def hex_list(values: Collection[bytes]) -> str:
    """Many byte strings as one parameter, for `decode(x, 'hex')` over `string_to_array(…, ',')`.

    The driver needs longer to write an array of thousands of byte strings than the database to read them.
    """
    return ",".join([value.hex() for value in values])


def _is_plain(value: Any) -> bool:
    """Whether a value is text that COPY takes as it stands, which nearly all values are."""
    return type(value) is str and value.isprintable() and "\\" not in value


def _text(value: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], value)


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    date: date.isoformat,
    datetime: datetime.isoformat,
    UUID: str,
    type(None): lambda _: "\\N",
}
