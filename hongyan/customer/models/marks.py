"""What rooms above say of a customer that lists filter by (列表标记)."""

from __future__ import annotations

from django.db import models

from hongyan.customer.models.parties import Customer


class CustomerMark(models.Model):
    """Projection: a customer bears a mark, `family.value`. The rooms that know its meaning write it by an action.

    The key is the index of the lists: equality on the mark, then the customer.
    """

    pk = models.CompositePrimaryKey("mark", "customer_id")
    mark = models.CharField(max_length=40)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
