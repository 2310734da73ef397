"""Everything that is calculated, calculated again: after survivorship, normalisers or parameters changed."""

from __future__ import annotations

from hongyan.core import audit, clock, scope
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.learn import learn
from hongyan.customer.models import Customer, SourceParty

BATCH = 1000


def recalculate_all(*, actor: str) -> int:
    """Golden record, list rows, tokens and what is compared of all customers, in batches of one transaction each.

    Returns how many. A golden value that comes out different stands in the customer's history, as after a delivery.
    Running it again, or again after a kill, ends in the same state.
    """
    done = last = 0
    while batch := _next_batch(last):
        with scope.bulk():
            learn(batch)
            calculate(batch, actor=actor, now=clock.now())
        done += len(batch)
        last = batch[-1]
    with scope.bulk():
        audit.record(audit.Actor(actor), "customer.recalculate", "customer", "*", count=done)
    return done


def _next_batch(last: int) -> list[int]:
    """The next customers by id that have a source party and a name; a merged one has none and needs no calculation."""
    with scope.bulk():
        owned = SourceParty.objects.values("customer_id")
        customers = Customer.objects.filter(id__gt=last, id__in=owned, anonymised_at=None).order_by("id")
        return list(customers.values_list("id", flat=True)[:BATCH])
