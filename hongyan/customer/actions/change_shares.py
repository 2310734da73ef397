"""With whom a customer is shared (共享): begun and ended; the scope follows in the same transaction.

Who may share, with whom and for how long is known to the room above. Call these inside `scope.bulk()`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from hongyan.core import clock
from hongyan.customer.actions.change_owners import project_owners
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Share


def add_share(customer_id: int, *, staff_id: int, since: date, until: date, reason: str, by: str) -> Share:
    """Let somebody look at a customer from today up to a day."""
    hold_identity()
    made = Share.objects.create(
        customer_id=customer_id, staff_id=staff_id, since=since, until=until, reason=reason, by=by
    )
    project_owners([customer_id], ())
    return made


def end_shares(keys: Collection[int], *, by: str) -> int:
    """Let some shares end now; how many there were that had not."""
    hold_identity()
    ending = Share.objects.filter(pk__in=keys, is_present=True)
    customers = list(ending.values_list("customer_id", flat=True))
    count = ending.update(is_present=False, ended_at=clock.now(), ended_by=by)
    if count:
        project_owners(customers, ())
    return count
