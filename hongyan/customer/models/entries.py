"""Customers that people typed in (新增单)."""

from __future__ import annotations

from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import Outcome
from hongyan.customer.models.parties import Customer, SourceParty
from hongyan.org.models import Staff

NUMBER = "N{:08}"


class Entry(models.Model):
    """One customer whom somebody entered: who, in which post, and what became of it. Append-only.

    What was typed is the record of `party`, whose key is the entry's number. `customer` is whom it was given to then,
    `reason` why it is nobody of those whom the check showed. `asked_key` is the idempotency key, with the maker in it.
    """

    id = models.BigAutoField(primary_key=True)
    party = models.OneToOneField(SourceParty, models.PROTECT, related_name="entry")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="entries")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = FreeText(max_length=300, blank=True)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    maker_post_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    asked_key = models.CharField(max_length=130, unique=True)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it, and the key of its party."""
        return NUMBER.format(self.pk)
