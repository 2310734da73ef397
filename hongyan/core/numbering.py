"""Numbers that are issued once and never re-used, without gaps a rollback could leave.

A row per series is advanced in the caller's transaction: a number is issued when the transaction commits, and a
killed load issues the same numbers again when it is repeated.
"""

from __future__ import annotations

from django.db import connection

_TAKE = """
INSERT INTO core_numberseries (name, next) VALUES (%(name)s, 1 + %(count)s)
ON CONFLICT (name) DO UPDATE SET next = core_numberseries.next + %(count)s
RETURNING next - %(count)s
"""


def take(series: str, count: int = 1) -> range:
    """The next `count` numbers of a series, starting at 1; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"name": series, "count": count})
        first = cursor.fetchone()[0]
    return range(first, first + count)
