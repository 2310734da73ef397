"""What somebody holds with the house: agreements, accounts, policies (持有). Account numbers are sealed (C2)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from hongyan.customer.models import Customer, SourceParty
from hongyan.ledger.codes import HoldingKind, HoldingStatus
from hongyan.ledger.models.products import SourceProduct
from hongyan.org.codes import Line
from hongyan.org.models import Unit


class Holding(models.Model):
    """One agreement, account, policy or subscription of one source system, as last stated.

    A fact may name a holding before its system describes it: then it is a shell, with `version` 0, nothing but system,
    hash and masked number, and no party. The number itself is found by keyed hash and shown masked.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4)
    system = models.CharField(max_length=20)
    key_hash = models.BinaryField(max_length=16)
    number_masked = models.CharField(max_length=40)
    sealed = models.BinaryField(default=b"")
    party = models.ForeignKey(SourceParty, models.PROTECT, null=True, related_name="+")
    line = models.CharField(max_length=2, choices=Line)
    source_product = models.ForeignKey(
        SourceProduct, models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=HoldingKind, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    matures_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="CNY")
    status = models.CharField(max_length=6, choices=HoldingStatus, blank=True)
    version = models.IntegerField(default=0)
    as_of = models.DateField(null=True)
    known_at = models.DateTimeField()
    delivery_id = models.BigIntegerField(null=True)
    row = models.IntegerField(default=0)

    SEALED: ClassVar[Mapping[str, str]] = {"sealed": "number"}
    BOUND: ClassVar[tuple[str, ...]] = ("system", "key_hash")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key_hash"], name="holding_once")]
        indexes = [
            models.Index(
                fields=["matures_on"],
                condition=Q(status=HoldingStatus.OPEN, matures_on__isnull=False),
                name="holding_matures",
            )
        ]


class HoldingVersion(models.Model):
    """Every state of a holding that its system stated; the holding shows the highest version. Never changed."""

    id = models.BigAutoField(primary_key=True)
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="versions", db_index=False)
    version = models.IntegerField()
    fields = models.JSONField()
    known_at = models.DateTimeField()
    delivery_id = models.BigIntegerField(null=True)
    row = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holding", "version"], name="holding_version_once")]
        indexes = [BrinIndex(fields=["delivery_id"], name="holding_version_delivery")]


class BankIntake(models.Model):
    """The first day on which a customer's assets plus liabilities reached the threshold (PSB-008, 邮储入库).

    Calculated from all balances known, so late and corrected balances move or withdraw it.
    """

    customer = models.OneToOneField(Customer, models.PROTECT, primary_key=True, related_name="+")
    first_reached_on = models.DateField(db_index=True)
    assets = models.DecimalField(max_digits=18, decimal_places=2)
    liabilities = models.DecimalField(max_digits=18, decimal_places=2)
    known_at = models.DateTimeField()
    delivery_id = models.BigIntegerField(null=True)
