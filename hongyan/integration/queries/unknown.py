"""Source parties that facts name and no system has described (尚未登记的来源客户).

They belong to no customer, so only posts that see the whole group see them one by one; what they did is seen where it
was booked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, QuerySet

from hongyan.customer.models import SourceParty


def unknown_parties() -> QuerySet[SourceParty]:
    """All of them, as far as the transaction's scope shows them."""
    return SourceParty.objects.filter(customer=None)


def count_unknown(systems: Collection[str]) -> Mapping[str, int]:
    """System → how many of its parties are unknown. One query."""
    rows = unknown_parties().filter(system__in=systems).values_list("system")
    return dict(rows.annotate(Count("id")))
