"""Emptying what was noted of people who became nameless (匿名化)."""

from __future__ import annotations

from collections.abc import Collection

from hongyan.quality.models import CustomerQuality, Diligence


def empty_notes(customers: Collection[int]) -> None:
    """Empty the notes on some customers; that somebody made them stays. Call it inside `scope.bulk()`."""
    Diligence.objects.filter(customer__in=customers).update(
        nationality="", occupation="", credential_until=None, is_lifelong=False
    )
    CustomerQuality.objects.filter(customer__in=customers).delete()
