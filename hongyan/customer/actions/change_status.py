"""What a customer is to a line comes to an end, rests, or goes on (注销、冻结、恢复): the one place that writes it.

The customer's own status follows: active while any relationship keeps it active, else the mildest of what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from hongyan.core import audit, clock, scope
from hongyan.core.audit import Actor
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Customer, Relationship
from hongyan.customer.rules.standing import Standing


def change_status(
    customer: Customer,
    parties: Collection[int],
    become: Callable[[int, Standing], Standing],
    *,
    act: str,
    actor: Actor,
    reason: str,
) -> dict[int, Standing]:
    """Give relationships of a customer (by their party) another status; how each stood before.

    `become` decides it, with a rule of `rules.standing`: what people set holds against files. A relationship that is
    somebody else's meanwhile is left alone. Audited as `act`, inside the caller's transaction.
    """
    with scope.bulk():
        hold_identity()
        rows = list(Relationship.objects.select_for_update().filter(customer=customer, party_id__in=parties))
        before = {row.party_id: Standing(row.status, row.said_status) for row in rows}
        for row in rows:
            standing = become(row.party_id, before[row.party_id])
            row.status, row.said_status = standing.status, standing.said
        Relationship.objects.bulk_update(rows, ["status", "said_status"])
        calculate([customer.pk], actor=actor.code, now=clock.now())
        audit.record(
            actor, act, "customer", customer.code, purpose=reason,
            before={"status": sorted({one.status for one in before.values()})},
            after={"status": sorted({row.status for row in rows}), "relationships": len(rows)},
        )  # fmt: skip
    return before
