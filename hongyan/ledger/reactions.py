"""What the ledger does when rooms below it tell something."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersTakenIn
from hongyan.ledger.actions.bank_intake import recalculate
from hongyan.ledger.models import Holding
from hongyan.org.codes import Line


@on(CustomersTakenIn)
def follow_customers(event: CustomersTakenIn) -> None:
    """Customers who come after their balances may have reached the bank's threshold; other systems change nothing."""
    with scope.bulk():
        if Holding.objects.filter(system=event.system, line=Line.BANK).exists():
            recalculate(event.customer_ids)
