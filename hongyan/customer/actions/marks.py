"""Writing which customers bear which marks, set-based, for lists to filter by (列表标记)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

# The marks there are, by skipping from one to the next in the key: some dozens among millions of rows.
_KNOWN = """
WITH RECURSIVE known(mark) AS (
    SELECT min(mark) FROM customer_customermark
    UNION ALL
    SELECT (SELECT min(mark) FROM customer_customermark WHERE mark > known.mark) FROM known WHERE known.mark IS NOT NULL
)
SELECT mark FROM known WHERE mark IS NOT NULL
"""
_FOLLOW = """
WITH wanted AS MATERIALIZED ({wanted}),
gone AS (
    DELETE FROM customer_customermark stored
    WHERE stored.mark = ANY(%(known)s) AND stored.customer_id BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (
          SELECT FROM wanted WHERE wanted.mark = stored.mark AND wanted.customer_id = stored.customer_id
      )
)
INSERT INTO customer_customermark (mark, customer_id)
SELECT mark, customer_id FROM wanted ORDER BY mark, customer_id
ON CONFLICT DO NOTHING
"""


def follow_marks(
    families: Collection[str], wanted: str, *, first: int, last: int, given: Mapping[str, Any] | None = None
) -> None:
    """Let the customers numbered `first` to `last` bear, of some families, exactly the marks that a query answers.

    `wanted` is SQL of the caller that answers (mark, customer_id) of these customers and families; it may ask for
    `first`, `last` and what is `given`. Call it inside `scope.bulk()`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN)
        known = [mark for (mark,) in cursor.fetchall() if mark.partition(".")[0] in families]
        values = {"known": known, "first": first, "last": last, **(given or {})}
        cursor.execute(_FOLLOW.format(wanted=wanted), values)
