"""What customers hold: agreements, accounts, policies (持有)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from hongyan.core.clock import business_date
from hongyan.ledger.models import Balance, Holding

LOOKED_BACK = timedelta(days=400)
"""How far back a holding's last balance is looked for: partitions further back are not opened."""


def holdings_of(party_ids: Collection[int]) -> QuerySet[Holding]:
    """What some source parties hold, open ones first, each with its last `balance`. One query.

    `balance` is a mapping of day, kind and amount, None without one. Shells, of which only a fact spoke, are among
    them. The caller asks about parties the viewer may see, and keeps closed lines to itself.
    """
    entries = Balance.objects.filter(
        holding_id=OuterRef("pk"), business_date__gte=business_date() - LOOKED_BACK
    )
    days = (
        entries.values("business_date", "kind")
        .annotate(standing=Sum("entry"), total=Sum(F("entry") * F("amount")))
        .filter(standing__gt=0)
        .order_by("-business_date", "kind")
    )
    last = days.values(found=JSONObject(day="business_date", kind="kind", amount="total"))[:1]
    return (
        Holding.objects.filter(party_id__in=party_ids)
        .annotate(balance=Subquery(last))
        .select_related("source_product__product", "unit")
        .order_by("line", F("closed_on").desc(nulls_first=True), "-opened_on", "id")
    )
