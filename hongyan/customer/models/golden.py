"""What became of golden fields, by calculation and by hand (变更与指定值)."""

from __future__ import annotations

from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.customer.models.merging import Merge
from hongyan.customer.models.parties import Customer, SourceParty


class GoldenPin(models.Model):
    """A golden field whose value a person chose (人工指定): the party whose word counts, whatever others say.

    `field` is the head of a group of `rules.golden.GROUPS`. It holds until `expires_at`, for ever without, or until it
    is ended; the latest of several counts. A pin of a merge ends with its split.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="pins")
    field = models.CharField(max_length=30)
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+", db_index=False)
    reason = FreeText(max_length=300, blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    merge = models.ForeignKey(Merge, models.PROTECT, null=True, related_name="pins")


class GoldenChange(models.Model):
    """A golden field that took another value (变更记录); sealed fields appear in masked form."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    record_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="golden_change_customer")]
