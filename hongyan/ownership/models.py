"""Changes of owners (管户变动): one act, on one customer or on thousands, kept so that it can be undone."""

from __future__ import annotations

from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.customer.models import Customer, Ownership
from hongyan.org.codes import Line
from hongyan.org.models import Staff, Unit
from hongyan.ownership.codes import Act, BelongingState, Outcome, TransferState
from hongyan.ownership.rules import Step


class Transfer(models.Model):
    """One act that changes owners (管户变动单). `org_no` is the number of the unit in whose name it was done.

    `leaving` is whose customers are handed over, None for any other act. `shares` is the plan: staff ids and counts, in
    order; what they leave goes to the pools of the customers' outlets. Counts are of customers and lines.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=9, choices=Act)
    state = models.CharField(max_length=8, choices=TransferState)
    reason = FreeText(max_length=200, blank=True)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    org_no = models.BigIntegerField()
    leaving = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    shares = models.JSONField(default=list)
    size = models.IntegerField(default=0)
    moved = models.IntegerField(default=0)
    pooled = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    restored = models.IntegerField(default=0)
    run_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org_no", "-id"], name="transfer_unit")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"Z{self.pk:08}"


class TransferItem(models.Model):
    """One owner that an act changes: `before`, what is wanted instead, and what came of it, `begun`.

    Under another code of a merged customer an owner that gives way changes along; it `is_alike` and counts nowhere.
    """

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    line = models.CharField(max_length=2, choices=Line)
    before = models.ForeignKey(Ownership, models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    to_manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    begun = models.ForeignKey(Ownership, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    is_alike = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "before"], name="transfer_item_once"),
        ]


class Belonging(models.Model):
    """What the belonging rule says of a customer of the bank whose outlet is another (归属建议): to be confirmed.

    One for a customer, an outlet and the months it was calculated for; what was declined is not proposed again for
    these. `before` is the owner it was about, `step` what decided, `figures` what each outlet's accounts averaged to,
    the best first: code, name, total, assets, earliest account. `transfer` is the act that came of it.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    before = models.ForeignKey(Ownership, models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    step = models.SmallIntegerField(choices=[(step.value, step.name) for step in Step])
    first = models.DateField()
    last = models.DateField()
    figures = models.JSONField()
    state = models.CharField(max_length=8, choices=BelongingState)
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, related_name="+", db_index=False)
    note = FreeText(max_length=200, blank=True)
    decided_by = models.CharField(max_length=20, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "to_unit", "last"], name="belonging_once"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="belonging_state")]
