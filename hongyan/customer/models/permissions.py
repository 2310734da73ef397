"""Who may be addressed for what, for lists (可联系投影). The words themselves belong to the room `consent`."""

from __future__ import annotations

from django.db import models

from hongyan.customer.codes import ConsentPurpose, Standing
from hongyan.customer.models.parties import Customer
from hongyan.org.codes import Line


class ContactPermission(models.Model):
    """Projection: how a customer stands to one purpose, line and channel; `channel` is empty for uses of data.

    Rows stand for survivors only, and only where somebody ever said a word: no row is no consent. A consent holds
    until `until`, or for good; nobody is addressed before `silent_until`.
    """

    pk = models.CompositePrimaryKey("purpose", "line", "channel", "customer_id")
    purpose = models.CharField(max_length=16, choices=ConsentPurpose)
    line = models.CharField(max_length=2, choices=Line)
    channel = models.CharField(max_length=8, blank=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False)
    state = models.CharField(max_length=9, choices=Standing)
    until = models.DateTimeField(null=True)
    silent_until = models.DateTimeField(null=True)
