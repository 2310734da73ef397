"""Who of some customers may not be addressed, and why: for lists, campaigns and whoever sends (排除名单)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hongyan.consent.queries.words import said_by
from hongyan.customer.models import Customer


@dataclass(frozen=True, slots=True)
class Exclusions:
    """`allowed` and, per reason of `codes.Why`, the excluded: ids of customers, as they were asked for."""

    allowed: Sequence[int]
    excluded: Mapping[str, Sequence[int]]

    @property
    def counts(self) -> dict[str, int]:
        """How many were excluded for each reason."""
        return {why: len(ids) for why, ids in self.excluded.items()}


def exclusions(
    customer_ids: Collection[int], purpose: str, line: str, channel: str, *, at: datetime | None = None
) -> Exclusions:
    """Ask before anything is sent: who may be addressed at this instant, hours of the day included.

    A merged code answers as its survivor; a code that the caller's scope does not show is excluded as never asked.
    Four queries, however many; give it batches of some thousands.
    """
    said = said_by(customer_ids)
    survivors = dict(Customer.objects.filter(pk__in=customer_ids).values_list("pk", "survivor_id"))
    allowed: list[int] = []
    excluded: dict[str, list[int]] = defaultdict(list)
    for customer in customer_ids:
        known = said.get(survivors.get(customer) or customer)
        why = known.verdict(purpose, line, channel, at=at).why if known else "no_consent"
        if why == "allowed":
            allowed.append(customer)
        else:
            excluded[why].append(customer)
    return Exclusions(allowed, dict(excluded))
