"""Following units whose organisation numbers changed (机构重新编号): every row that carries one takes the new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection

from hongyan.core import events, scope
from hongyan.org import numbered
from hongyan.org.codes import TreeRenumbered

# Numbers are parts of keys, and one unit may take the number another is about to leave: so rows move to negative
# numbers first, and from there to their place.
_AWAY = """
UPDATE {table} SET org_no = -moved.new
FROM unnest(%s::bigint[], %s::bigint[]) AS moved(old, new) WHERE {table}.org_no = moved.old
"""
_HOME = "UPDATE {table} SET org_no = -org_no WHERE org_no < 0"
_COUNT = "SELECT count(*) FROM {table} WHERE org_no = ANY(%s)"


def hold_rows() -> None:
    """Wait for those who write rows under numbers read before, and keep others from it until the transaction ends."""
    for one in numbered.tables():
        one.hold()


def renumber(moves: Mapping[int, int]) -> dict[str, int]:
    """Give every declared table the new numbers (old → new), then tell higher rooms; table → rows that moved.

    The places have their new numbers already. It is one transaction with whatever numbered them: a wall with old
    numbers would be in the wrong place.
    """
    rows = {}
    with scope.bulk(), connection.cursor() as cursor:
        for one in numbered.tables():
            cursor.execute(_AWAY.format(table=one.table), [list(moves), list(moves.values())])
            rows[one.table] = cursor.rowcount
            cursor.execute(_HOME.format(table=one.table))
    events.publish(TreeRenumbered(dict(moves)))
    return rows


def count_rows(numbers: Collection[int]) -> dict[str, int]:
    """Table → rows that carry one of the numbers, in every scope."""
    rows = {}
    with scope.bulk(), connection.cursor() as cursor:
        for one in numbered.tables():
            cursor.execute(_COUNT.format(table=one.table), [list(numbers)])
            rows[one.table] = cursor.fetchone()[0]
    return rows
