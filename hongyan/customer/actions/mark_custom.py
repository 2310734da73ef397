"""Marking customers by the fields that the house defined (自定义字段的标记), so that lists can be narrowed by them."""

from __future__ import annotations

from collections.abc import Sequence

from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.custom import custom_fields

_WANTED = """
SELECT DISTINCT 'x-' || own.code || '.' || piece.value AS mark, customer.id AS customer_id
FROM customer_customer customer, jsonb_each_text(customer.custom) AS own(code, value),
     unnest(string_to_array(own.value, ',')) AS piece(value)
WHERE customer.id = ANY(%(customers)s) AND customer.survivor_id IS NULL AND own.code = ANY(%(codes)s)
"""


def mark_by_custom(customers: Sequence[int]) -> None:
    """Let some customers bear the marks of their values, as far as lists can be narrowed by them.

    Call it inside `scope.bulk()`. Two queries where the house defined such a field.
    """
    fields = [field for field in custom_fields() if field.is_marked]
    if fields and customers:
        follow_marks(
            [field.family for field in fields], _WANTED, first=min(customers), last=max(customers),
            customers=customers, given={"codes": [field.code for field in fields]},
        )  # fmt: skip
