"""Dated facts (业务事实): entries that are never changed, one partition of each table a month.

A version of a fact is an entry +1. The version it replaces gets an entry −1 (红冲), a row that voids its number an
entry 0. So every figure is `sum(entry * x)`, and as known at an instant the same sum over `known_at <= instant`.

A fact is identified by system, number and business day: numbers of banks are unique per day only, and item numbers
are used again after a year. One that moves to another day has several days, joined by `FactMove`. It points at what
the source said (source party, source product, unit), never at the customer or the house's product: those are joined
when read. The foreign keys are kept by the booking statement, which takes every id from a join, and not by the
database, which would need as long again.

The columns stand in the order of their alignment; docs/adr/0012-facts-are-entries.md.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from hongyan.customer.codes import Settlement
from hongyan.customer.models import SourceParty
from hongyan.ledger.codes import (
    NOTABLE_FLOOR_YUAN,
    BalanceKind,
    Channel,
    Contents,
    DeliveryMode,
    FactKind,
    MailEventCode,
    Nature,
    PickupMode,
)
from hongyan.ledger.models.holdings import Holding
from hongyan.ledger.models.products import SourceProduct
from hongyan.org.codes import Line
from hongyan.org.models import Unit

ENTRY_IDENTITY = ("business_date", "number", "version", "entry", "system")
"""The primary key, in the order in which lists show facts: one partition after the other, without sorting."""


def indexes(name: str) -> list[models.Index]:
    """What facts are found by beside their key; see docs/explanation/ledger.md."""
    return [
        models.Index(fields=["number"], name=f"{name}_number"),
        models.Index(fields=["party"], name=f"{name}_party"),
        models.Index(fields=["unit", "business_date"], name=f"{name}_unit"),
        models.Index(fields=["product", "business_date"], name=f"{name}_product"),
        models.Index(fields=["delivery_id", "row"], name=f"{name}_delivery"),
    ]


class Entry(models.Model):
    """What every dated fact has. `row` is the row of the delivery; a reversal bears the delivery that reversed it."""

    delivery_id = models.BigIntegerField()
    known_at = models.DateTimeField()
    business_date = models.DateField()
    row = models.IntegerField()
    version = models.IntegerField()
    entry = models.SmallIntegerField()
    line = models.CharField(max_length=2, choices=Line)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=Q(entry__in=(1, 0, -1)), name="%(class)s_entry")]


def pointer(to: type[models.Model], *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A foreign key that the booking statement keeps."""
    return models.ForeignKey(
        to, models.DO_NOTHING, null=null, related_name="+", db_constraint=False, db_index=False
    )


class Transaction(Entry):
    """One sale, payment, premium or trade (交易). No party is a walk-in nobody knows."""

    pk = models.CompositePrimaryKey(*ENTRY_IDENTITY)
    party = pointer(SourceParty, null=True)
    holding = pointer(Holding, null=True)
    event_time = models.DateTimeField()
    unit = pointer(Unit)
    product = pointer(SourceProduct)
    quantity = models.IntegerField()
    nature = models.CharField(max_length=2, choices=Nature)
    channel = models.CharField(max_length=1, choices=Channel)
    system = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    note = models.CharField(max_length=60)

    class Meta(Entry.Meta):
        indexes = [
            *indexes("transaction"),
            models.Index(
                fields=["party", "-event_time"],
                condition=Q(entry=1, amount__gte=NOTABLE_FLOOR_YUAN),
                name="transaction_notable",
            ),
        ]


class MailItem(Entry):
    """One mail item as posted (邮件). Receivers are never taken in; `division` is where it goes."""

    pk = models.CompositePrimaryKey(*ENTRY_IDENTITY)
    party = pointer(SourceParty, null=True)
    holding = pointer(Holding, null=True)
    event_time = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)
    unit = pointer(Unit)
    product = pointer(SourceProduct)
    weight_g = models.IntegerField()
    charged_weight_g = models.IntegerField()
    settlement = models.CharField(max_length=1, choices=Settlement, blank=True)
    contents = models.CharField(max_length=1, choices=Contents, blank=True)
    pickup_mode = models.CharField(max_length=1, choices=PickupMode, blank=True)
    delivery_mode = models.CharField(max_length=1, choices=DeliveryMode, blank=True)
    division = models.CharField(max_length=6, blank=True)
    system = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    postage = models.DecimalField(max_digits=18, decimal_places=2)
    insured = models.DecimalField(max_digits=18, decimal_places=2)
    cod = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta(Entry.Meta):
        indexes = indexes("mail_item")


class MailEvent(Entry):
    """Something that happened to an item on its way (邮件轨迹). Read through its item only."""

    pk = models.CompositePrimaryKey(
        "number", "event_time", "code", "version", "entry", "system", "business_date"
    )
    event_time = models.DateTimeField()
    unit = pointer(Unit, null=True)
    code = models.CharField(max_length=2, choices=MailEventCode)
    division = models.CharField(max_length=6, blank=True)
    system = models.CharField(max_length=20)
    number = models.CharField(max_length=40)

    class Meta(Entry.Meta):
        indexes = [BrinIndex(fields=["delivery_id"], name="mail_event_delivery")]


class Balance(Entry):
    """What a holding stood at on a day, as delivered (余额); it holds until the holding's next one."""

    pk = models.CompositePrimaryKey("holding", "kind", "version", "entry", "business_date")
    party = pointer(SourceParty, null=True)
    holding = pointer(Holding)
    kind = models.CharField(max_length=1, choices=BalanceKind)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta(Entry.Meta):
        indexes = [
            models.Index(fields=["party"], name="balance_party"),
            BrinIndex(fields=["delivery_id"], name="balance_delivery"),
        ]


class FactMove(models.Model):
    """That a fact went from one day to another (改期): from then on both are days of one fact, however it goes on.

    Every move is kept both ways, so that all days of a fact are reached from any of them. Only booking reads it;
    docs/adr/0018-moves-join-the-days-of-a-fact.md.
    """

    pk = models.CompositePrimaryKey("number", "system", "kind", "business_date", "other_date")
    number = models.CharField(max_length=40)
    system = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=FactKind)
    business_date = models.DateField()
    other_date = models.DateField()


FACT_MODELS: dict[FactKind, type[Entry]] = {
    FactKind.TRANSACTION: Transaction,
    FactKind.MAIL_ITEM: MailItem,
    FactKind.MAIL_EVENT: MailEvent,
    FactKind.BALANCE: Balance,
}
