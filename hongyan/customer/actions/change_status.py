"""What a customer is to a line comes to an end, rests, or goes on (注销、冻结、恢复): the one place that writes it.

The customer's own status follows: active while any relationship keeps it active, else the mildest of what they say.
"""

from __future__ import annotations

from collections.abc import Mapping

from hongyan.core import audit, clock, scope
from hongyan.core.audit import Actor
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import Status
from hongyan.customer.models import Customer, Relationship


def change_status(
    customer: Customer, statuses: Mapping[int, Status], *, act: str, actor: Actor, reason: str
) -> dict[int, str]:
    """Give relationships of a customer (by their party) another status; what each had before.

    A relationship that is somebody else's meanwhile is left alone. Audited as `act`, inside the caller's transaction.
    """
    with scope.bulk():
        hold_identity()
        rows = Relationship.objects.select_for_update().filter(customer=customer, party_id__in=statuses)
        before = {row.party_id: str(row.status) for row in rows}
        for status in set(statuses.values()):
            parties = [party for party in before if statuses[party] == status]
            Relationship.objects.filter(party_id__in=parties).update(status=status)
        calculate([customer.pk], actor=actor.code, now=clock.now())
        audit.record(
            actor, act, "customer", customer.code, purpose=reason,
            before={"status": sorted(set(before.values()))},
            after={"status": sorted({str(statuses[party]) for party in before}), "relationships": len(before)},
        )  # fmt: skip
    return before
