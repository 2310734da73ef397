"""Following units whose organisation numbers changed (机构重新编号)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

_FOLLOW = """
UPDATE {table} SET org_no = moved.new
FROM unnest(%s::bigint[], %s::bigint[]) AS moved(old, new)
WHERE {table}.org_no = moved.old
"""
_TABLES = ("integration_quarantinedrow", "integration_delivery")


def follow_units(moves: Mapping[int, int]) -> None:
    """Give quarantined rows and deliveries their new organisation numbers (old → new). The caller has the bulk role."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(_FOLLOW.format(table=table), [list(moves), list(moves.values())])
