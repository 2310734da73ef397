"""Which customers somebody froze (冻结), for what is calculated of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from hongyan.customer.models import Freeze


def of_customers(customers: Collection[int]) -> Q:
    """Freezes of some customers, under any code that was merged into them."""
    return Q(customer__in=customers) | Q(customer__survivor__in=customers)


def frozen_among(customers: Collection[int]) -> set[int]:
    """Those of some customers, no aliases, who are frozen now. One query, none for nobody."""
    if not customers:
        return set()
    found = Freeze.objects.filter(of_customers(customers), until=None)
    return {
        survivor or customer
        for customer, survivor in found.values_list("customer_id", "customer__survivor_id")
    }
