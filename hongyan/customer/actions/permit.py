"""What customers agreed to, as lists filter by it: written here for the room that keeps the words (授权投影)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hongyan.customer.codes import Standing
from hongyan.customer.models import ContactPermission


@dataclass(frozen=True, slots=True)
class Permission:
    """How a customer, by id, stands to one purpose, line and channel. See `models.ContactPermission`."""

    customer: int
    purpose: str
    line: str
    channel: str
    state: Standing
    until: datetime | None = None
    silent_until: datetime | None = None


def replace_permissions(customers: Sequence[int], found: Iterable[Permission]) -> None:
    """Write what is known of some customers anew, inside the caller's transaction; of aliases nothing is kept."""
    ContactPermission.objects.filter(customer__in=customers).delete()
    ContactPermission.objects.bulk_create(
        (
            ContactPermission(
                customer_id=one.customer,
                purpose=one.purpose,
                line=one.line,
                channel=one.channel,
                state=one.state,
                until=one.until,
                silent_until=one.silent_until,
            )
            for one in found
        ),
        batch_size=1000,
    )
