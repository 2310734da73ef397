"""Projections (投影): tables that repeat what is known elsewhere under an organisation number, for walls and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import product
from pathlib import Path

from django.db import connection

from hongyan.core import scope
from hongyan.customer.standing import settle_owners, trees_of

_SQL = Path(__file__).with_name("sql")
_SCOPE = (_SQL / "project_scope.sql").read_text()
_LIST_ROWS = (_SQL / "project_list_rows.sql").read_text()
_CASES = (_SQL / "project_cases.sql").read_text()
_SHARED = """
SELECT customer_id FROM customer_listrow
WHERE customer_id IN (SELECT customer_id FROM customer_listrow WHERE org_no = ANY(%s))
GROUP BY customer_id HAVING count(*) > 1
"""
_BATCH = 5000
_ANCESTORS = (_SQL / "follow_ancestors.sql").read_text()
_MERGED_ROWS = (_SQL / "project_merged_rows.sql").read_text()


_CONCERNED = """
SELECT DISTINCT scope.customer_id
FROM customer_customerscope scope
WHERE scope.org_no = ANY(%s) AND (
    EXISTS (SELECT FROM customer_reviewcase WHERE customer_id = scope.customer_id)
    OR EXISTS (SELECT FROM customer_reviewcase WHERE candidate_id = scope.customer_id)
)
"""


def project(customers: Collection[int], *, replace: Collection[int]) -> None:
    """Write scope, list rows and review cases of customers; those in `replace` have some already.

    A survivor has the owners of its aliases too, and an alias the scope of its survivor: who may see one may see both.
    """
    trees = trees_of(replace)
    settle_owners(trees)
    owned = [(customer, customer) for customer in customers if customer not in trees]
    owned += [(one, other) for members in trees.values() for one, other in product(members, members)]
    with connection.cursor() as cursor:
        if replace:
            gone = [*replace, *(alias for members in trees.values() for alias in members)]
            cursor.execute("DELETE FROM customer_customerscope WHERE customer_id = ANY(%s)", [gone])
            cursor.execute("DELETE FROM customer_listrow WHERE customer_id = ANY(%s)", [gone])
        pairs_owned = {"customers": [one for one, _ in owned], "owned": [one for _, one in owned]}
        cursor.execute(_SCOPE, {**pairs_owned, "personal": scope.PERSONAL})
        cursor.execute(_LIST_ROWS, {"customers": list(customers)})
        if trees:
            pairs = [(survivor, member) for survivor, members in trees.items() for member in members]
            cursor.execute(
                _MERGED_ROWS, {"survivors": [one for one, _ in pairs], "members": [one for _, one in pairs]}
            )
        cursor.execute(_CASES, {"customers": list(customers)})


def owner_numbers(customers: Collection[int]) -> dict[int, list[int]]:
    """Customer → the distinct organisation numbers of its owners and of those who assist."""
    numbers: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id, org_no FROM customer_customerscope"
            " WHERE customer_id = ANY(%s) AND line <> ''",
            [list(customers)],
        )
        for customer, org_no in cursor.fetchall():
            numbers[customer].append(org_no)
    return numbers


def follow_ancestors(numbers: Collection[int]) -> None:
    """Give list rows of some units, by the units' new numbers, the numbers of the units above them.

    Which of several owners stands for a customer in a county or city may change with the tree, so the customers
    with several owners are projected anew; and so may the unit that covers both customers of a review case.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, {"numbers": list(numbers)})
        cursor.execute(_SHARED, [list(numbers)])
        shared = [customer for (customer,) in cursor.fetchall()]
        cursor.execute(_CONCERNED, [list(numbers)])
        concerned = [customer for (customer,) in cursor.fetchall()]
        for start in range(0, len(concerned), _BATCH):
            cursor.execute(_CASES, {"customers": concerned[start : start + _BATCH]})
    for start in range(0, len(shared), _BATCH):
        batch = shared[start : start + _BATCH]
        project(batch, replace=batch)
