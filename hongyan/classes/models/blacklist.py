"""Who is not to be served, why, in which lines and until when (黑名单)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.classes.codes import BlockReason, BlockState
from hongyan.core.free_text import FreeText
from hongyan.customer.models import Customer
from hongyan.org.models import Staff


class BlacklistEntry(models.Model):
    """One customer on the blacklist. Without `lines` it holds in all of them; `until` is its last day, null for none.

    It stands under the code it was written under and is read through the alias after a merge. What was written stays;
    lifting takes another person's approval.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False)
    reason = models.CharField(max_length=10, choices=BlockReason)
    note = FreeText(max_length=300, blank=True)
    lines = models.CharField(max_length=15, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=BlockState, default=BlockState.HOLDS)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="block_ends_later"
            )
        ]

    @property
    def number(self) -> str:
        """How people call it."""
        return f"B{self.pk:07}"


class BlacklistKey(models.Model):
    """A credential of somebody on the blacklist, as a keyed hash: the same person entered anew is caught."""

    pk = models.CompositePrimaryKey("hash", "entry_id")
    hash = models.BinaryField(max_length=16)
    entry = models.ForeignKey(BlacklistEntry, models.CASCADE, related_name="keys")
