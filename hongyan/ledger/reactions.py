"""What the ledger does when rooms below it tell something."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersAnonymised, CustomersMerged, CustomersSplit, CustomersTakenIn
from hongyan.ledger.actions.bank_intake import recalculate
from hongyan.ledger.actions.empty import empty_holdings
from hongyan.ledger.models import Holding
from hongyan.org.codes import Line


@on(CustomersTakenIn)
def follow_customers(event: CustomersTakenIn) -> None:
    """Customers who come after their balances may have reached the bank's threshold; other systems change nothing."""
    with scope.bulk():
        if Holding.objects.filter(system=event.system, line=Line.BANK).exists():
            recalculate(event.customer_ids)


@on(CustomersMerged)
def follow_merge(event: CustomersMerged) -> None:
    """Who became one has one sum of balances; facts themselves belong to parties and go with them."""
    with scope.bulk():
        recalculate([event.survivor_id, event.absorbed_id])


@on(CustomersSplit)
def follow_split(event: CustomersSplit) -> None:
    """Who parted has two sums again."""
    with scope.bulk():
        recalculate([event.remaining_id, event.parted_id])


@on(CustomersAnonymised)
def follow_anonymising(event: CustomersAnonymised) -> None:
    """What they held stays with its amounts, under no number."""
    with scope.bulk():
        empty_holdings(event.party_ids)
