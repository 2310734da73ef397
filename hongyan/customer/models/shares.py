"""Customers shown to a colleague for a time (共享查看)."""

from __future__ import annotations

from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.customer.models.parties import Customer
from hongyan.org.models import Staff


class Share(models.Model):
    """That somebody may look at a customer whom their own post does not see (共享), up to the day `until`.

    While it `is_present` the person's own number (`core.scope.personal`) joins the customer's scope: the walls open for
    that person alone, and for nothing but reading. `by` shared it, `ended_by` took it back; staff numbers, or the
    system's name. It stands under the code it was made for, as an owner does, and a merge leaves it there.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField()
    is_present = models.BooleanField(default=True)
    reason = FreeText(max_length=200)
    by = models.CharField(max_length=20)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "staff"], condition=models.Q(is_present=True), name="share_once"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="share_customer"),
            models.Index(fields=["until"], condition=models.Q(is_present=True), name="share_until"),
        ]
