"""Set-based writing: COPY into tables and numbers from sequences, on Django's own connection and transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

# OFFSET 0 looks the sequence up once, not once a number.
_NEXT_IDS = """
SELECT nextval(sequence)
FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) known, generate_series(1, %s)
"""
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a model's table; `columns` are column names.

    Values may be text, numbers, truth values, bytes, dates, instants, UUIDs or None. Needs a role that row-level
    security does not filter (`core.scope.bulk`), since PostgreSQL refuses COPY otherwise. The rows travel as one text
    block: formatting value by value in the driver took twice the time.
    """
    block = _block(rows)
    if not block:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        copy.write(block)


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
            copy.write(_block(rows))
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


def _block(rows: Iterable[Sequence[Any]]) -> str:
    """Rows in COPY's text format."""
    return "".join(
        [
            "\t".join([value if _is_plain(value) else _WRITERS[type(value)](value) for value in row]) + "\n"
            for row in rows
        ]
    )


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
