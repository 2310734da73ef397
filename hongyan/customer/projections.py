"""Projections (投影): tables that repeat what is known elsewhere under an organisation number, for walls and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from django.db import connection

_SQL = Path(__file__).with_name("sql")
_SCOPE = (_SQL / "project_scope.sql").read_text()
_LIST_ROWS = (_SQL / "project_list_rows.sql").read_text()
_SHARED = """
SELECT customer_id FROM customer_listrow
WHERE customer_id IN (SELECT customer_id FROM customer_listrow WHERE org_no = ANY(%s))
GROUP BY customer_id HAVING count(*) > 1
"""
_BATCH = 5000
_ANCESTORS = (_SQL / "follow_ancestors.sql").read_text()


def project(customers: Collection[int], *, replace: Collection[int]) -> None:
    """Write scope and list rows of customers; those in `replace` have some already."""
    with connection.cursor() as cursor:
        if replace:
            cursor.execute("DELETE FROM customer_customerscope WHERE customer_id = ANY(%s)", [list(replace)])
            cursor.execute("DELETE FROM customer_listrow WHERE customer_id = ANY(%s)", [list(replace)])
        cursor.execute(_SCOPE, {"customers": list(customers)})
        cursor.execute(_LIST_ROWS, {"customers": list(customers)})


def owner_numbers(customers: Collection[int]) -> dict[int, list[int]]:
    """Customer → the distinct organisation numbers of its owners."""
    numbers: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id, org_no FROM customer_customerscope WHERE customer_id = ANY(%s)",
            [list(customers)],
        )
        for customer, org_no in cursor.fetchall():
            numbers[customer].append(org_no)
    return numbers


def follow_ancestors(numbers: Collection[int]) -> None:
    """Give list rows of some units, by the units' new numbers, the numbers of the units above them.

    Which of several owners stands for a customer in a county or city may change with the tree, so the customers
    with several owners are projected anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, {"numbers": list(numbers)})
        cursor.execute(_SHARED, [list(numbers)])
        shared = [customer for (customer,) in cursor.fetchall()]
    for start in range(0, len(shared), _BATCH):
        batch = shared[start : start + _BATCH]
        project(batch, replace=batch)
