"""Golden values that people chose (人工指定): for how long, and what follows when the time is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hongyan.core import audit, clock, scope
from hongyan.core.parameters import value_of
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Customer, GoldenPin, Merge
from hongyan.customer.parameters import PIN_DAYS

SYSTEM = audit.Actor("system:pins")
BATCH = 1000


def pin_fields(row: Merge, fields: Mapping[str, int], *, at: datetime) -> None:
    """Keep the choices of a merge (head of a golden group → party) at the survivor, as long as pins hold."""
    expires = at + timedelta(days=int(value_of(PIN_DAYS)))
    GoldenPin.objects.bulk_create(
        GoldenPin(
            customer_id=row.survivor_id,
            field=name,
            party_id=party,
            reason=row.reason,
            by=row.asked_by,
            at=at,
            expires_at=expires,
            merge=row,
        )
        for name, party in fields.items()
    )


def end_expired_pins() -> int:
    """End the pins whose time is over and calculate their customers anew; returns how many ended.

    A batch is one transaction; running it again, or again after a kill, ends in the same state.
    """
    ended = 0
    while count := _end_batch(clock.now()):
        ended += count
    return ended


def _end_batch(now: datetime) -> int:
    with scope.bulk():
        hold_identity()
        expired = list(GoldenPin.objects.filter(ended_at=None, expires_at__lte=now).order_by("id")[:BATCH])
        if not expired:
            return 0
        GoldenPin.objects.filter(pk__in=[pin.pk for pin in expired]).update(ended_at=now)
        pinned = {pin.customer_id for pin in expired}
        standing = Customer.objects.filter(pk__in=pinned, survivor=None).values_list("pk", flat=True)
        calculate(list(standing), actor=SYSTEM.code, now=now)
        audit.record(SYSTEM, "customer.end_pins", "customer", "*", count=len(expired))
    return len(expired)
