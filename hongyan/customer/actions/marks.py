"""Writing which customers bear which marks, set-based, for lists to filter by (列表标记)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    WHERE stored.mark = ANY(%(known)s) AND stored.customer_id {whom}
      AND NOT EXISTS (
          SELECT FROM wanted WHERE wanted.mark = stored.mark AND wanted.customer_id = stored.customer_id
      )
)
INSERT INTO customer_customermark (mark, customer_id)
SELECT mark, customer_id FROM wanted ORDER BY mark, customer_id
ON CONFLICT DO NOTHING
"""


def follow_marks(
    families: Collection[str],
    wanted: str,
    *,
    first: int,
    last: int,
    customers: Sequence[int] | None = None,
    given: Mapping[str, Any] | None = None,
) -> None:
    """Let customers bear, of some families, exactly the marks that a query answers.

    They are those numbered `first` to `last`, or the few named by `customers` alone. `wanted` is SQL of the caller that
    answers (mark, customer_id) of these customers and families; it may ask for `first`, `last`, `customers` and what is
    `given`. Call it inside `scope.bulk()`.
    """
    whom = "BETWEEN %(first)s AND %(last)s" if customers is None else "= ANY(%(customers)s)"
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN)
        known = [mark for (mark,) in cursor.fetchall() if mark.partition(".")[0] in families]
        values = {"known": known, "first": first, "last": last, "customers": customers, **(given or {})}
        cursor.execute(_FOLLOW.format(wanted=wanted, whom=whom), values)
