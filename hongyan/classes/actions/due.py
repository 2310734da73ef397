"""Noting whose classes may have changed, so that a night looks at them alone (待重算客户)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from hongyan.core import scope

# Before the first run there is nothing to note: it takes everybody.
_CUSTOMERS = """
INSERT INTO classes_classdue (customer_id)
SELECT unnest(%s::bigint[]) WHERE EXISTS (SELECT FROM classes_classrun)
"""
_DELIVERY = """
INSERT INTO classes_classdue (delivery_id)
SELECT %s WHERE EXISTS (SELECT FROM classes_classrun)
"""


def note_customers(customers: Collection[int]) -> None:
    """Customers whose records or relationships changed, in the transaction that changes them."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [list(customers)])


def note_delivery(delivery_id: int) -> None:
    """A delivery of which facts were booked: everybody whom its entries name."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_DELIVERY, [delivery_id])
