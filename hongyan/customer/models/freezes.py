"""Customers whose data are kept and not used (冻结): where the law forbids deletion (PIPL 47)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.customer.models.parties import Customer


class Freeze(models.Model):
    """A customer frozen by a person, from when to when, and why. One at a time; rows stay for ever.

    It stands under the code it was said of: whoever a frozen customer is merged into is frozen with it.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = FreeText(max_length=300)
    by = models.CharField(max_length=40)
    end_reason = FreeText(max_length=300, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(until=None), name="freeze_one_current")
        ]
