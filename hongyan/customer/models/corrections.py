"""What people corrected of a customer, or wish to (更正资料)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import CorrectionState
from hongyan.customer.models.parties import Customer
from hongyan.org.models import Staff


class Correction(models.Model):
    """One correction: what somebody typed, what stood there, and what became of it. Never removed.

    `customer` is the code under which it was asked. `heads` are the golden groups it speaks of; `fields` the open
    values, `sealed` the identifiers; `shown` head → [before, after] as pages show them, identifiers masked. `seen` is
    the mark of the golden values that the maker saw. `record_id` is the source record that it became once done, of the
    house's own system. `asked_key` is the idempotency key, with the maker in it.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="corrections")
    state = models.CharField(max_length=8, choices=CorrectionState)
    heads = models.JSONField()
    fields = models.JSONField()
    sealed = models.BinaryField(default=b"")
    shown = models.JSONField()
    seen = models.CharField(max_length=16)
    reason = FreeText(max_length=300)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    maker_post_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_key = models.CharField(max_length=130, unique=True)
    second_by = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True)
    record_id = models.BigIntegerField(null=True)

    SEALED: ClassVar[Mapping[str, str]] = {"sealed": "customer_correction.sealed"}
    BOUND: ClassVar[tuple[str, ...]] = ("asked_key",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(state=CorrectionState.WAITING),
                name="correction_once_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["customer", "-asked_at"], name="correction_customer")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"C{self.pk:08}"
