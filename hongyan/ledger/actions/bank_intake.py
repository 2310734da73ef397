"""The bank's daily intake (邮储入库, PSB-008): who reached the threshold, and on which day for the first time.

It is calculated again for the customers that something touched: their balances, their accounts, their being one with
somebody else. So it does not depend on the order of deliveries, and a corrected balance withdraws what it had brought.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection

from hongyan.core import audit, clock, scope
from hongyan.core.bulk import copy_rows, update_rows
from hongyan.core.parameters import value_of
from hongyan.ledger.actions.statements import statement
from hongyan.ledger.models import BankIntake
from hongyan.ledger.parameters import INTAKE_THRESHOLD_YUAN

SYSTEM = audit.Actor("system:ledger")
BATCH = 5_000

_TOUCHED = """
SELECT DISTINCT party.customer_id
FROM (
    SELECT coalesce(holding.party_id, balance.party_id) AS party_id
    FROM ledger_balance balance JOIN ledger_holding holding ON holding.id = balance.holding_id
    WHERE balance.delivery_id = %(delivery)s
    UNION
    SELECT holding.party_id FROM ledger_holding holding
    JOIN ledger_holdingversion stated ON stated.holding_id = holding.id WHERE stated.delivery_id = %(delivery)s
) touched
JOIN customer_sourceparty party ON party.id = touched.party_id
WHERE party.customer_id IS NOT NULL
"""
_EVERYBODY = """
SELECT DISTINCT party.customer_id FROM ledger_balance balance
JOIN ledger_holding holding ON holding.id = balance.holding_id
JOIN customer_sourceparty party ON party.id = coalesce(holding.party_id, balance.party_id)
WHERE balance.line = '03' AND party.customer_id IS NOT NULL
UNION
SELECT customer_id FROM ledger_bankintake
"""


def follow_delivery(delivery_id: int) -> int:
    """Recalculate the customers whose balances or accounts a delivery stated; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"delivery": delivery_id})
        return recalculate([customer for (customer,) in cursor.fetchall()], delivery_id=delivery_id)


def recalculate(customers: Collection[int], *, delivery_id: int | None = None) -> int:
    """Find the day of intake of some customers anew; returns how many came in, moved or went.

    Call it inside `scope.bulk()`. The threshold is the parameter's value of today.
    """
    threshold = Decimal(value_of(INTAKE_THRESHOLD_YUAN))
    ordered = sorted(customers)
    batches = (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
    return sum(_recalculate(batch, threshold, delivery_id) for batch in batches)


def recalculate_all() -> int:
    """Find the day of intake of everybody with a balance at the bank anew; returns how many changed."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_EVERYBODY)
        return recalculate([customer for (customer,) in cursor.fetchall()])


def _recalculate(customers: list[int], threshold: Decimal, delivery_id: int | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement("bank_intake"), {"customers": customers, "threshold": threshold})
        reached = {customer: tuple(found) for customer, *found in cursor.fetchall()}
    kept = {
        intake.customer_id: (intake.first_reached_on, intake.assets, intake.liabilities)
        for intake in BankIntake.objects.filter(customer_id__in=customers)
    }
    columns = ("first_reached_on", "assets", "liabilities", "known_at", "delivery_id")

    def rows(wanted: list[int]) -> list[tuple[Any, ...]]:
        now = clock.now()
        return [
            (customer, day, str(assets), str(liabilities), now, delivery_id)
            for customer in wanted
            for day, assets, liabilities in [reached[customer]]
        ]

    new = sorted(reached.keys() - kept.keys())
    moved = sorted(
        customer for customer in reached.keys() & kept.keys() if reached[customer] != kept[customer]
    )
    gone = sorted(kept.keys() - reached.keys())
    copy_rows(BankIntake, ("customer_id", *columns), rows(new))
    if moved:
        update_rows(BankIntake, "customer_id", columns, rows(moved))
    if gone:
        BankIntake.objects.filter(customer_id__in=gone).delete()
        audit.record(SYSTEM, "ledger.intake_withdrawn", "bank_intake", delivery_id or "", count=len(gone))
    return len(new) + len(moved) + len(gone)
