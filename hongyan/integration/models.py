"""The ledger of intake: systems, deliveries, quarantine (接入台账)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeJSON, FreeText
from hongyan.core.models import JobRun
from hongyan.customer.codes import PartyType
from hongyan.customer.rules.ownership import HEADS
from hongyan.integration.codes import (
    Channel,
    Connection,
    DeliveryState,
    ImportState,
    Known,
    LeftOut,
    RowState,
)
from hongyan.org.codes import Line, Right, Viewer


class SystemState(models.Model):
    """What people say about a source system beside its descriptor: connected or not, and a note (INT-019).

    `unit_code` is the unit the system delivers for (默认归属机构): a row whose own unit nobody knows is that unit's to
    mend. Empty means the group.
    """

    code = models.CharField(max_length=20, primary_key=True)
    connection = models.CharField(max_length=12, choices=Connection, default=Connection.CONNECTED)
    note = FreeText(max_length=200, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=40)

    @property
    def said(self) -> dict[str, str]:
        """What was said, as the audit keeps it and `core.versions` compares it."""
        return {"connection": self.connection, "note": self.note, "unit": self.unit_code}


class Delivery(models.Model):
    """One delivered file (批次): received once, checked, signed, applied row by row up to `applied_rows`.

    A system's file is known by its content: the same bytes under any name are the same delivery. Counts add up:
    received = accepted + quarantined + excluded, and accepted = new + joined + updated + unchanged + stale. `stale`
    are facts of which a later version was known already. A quarantined row that was sent again and taken in counts as
    accepted here too. `sums` are described in `integration.sums`. `warnings` holds what the check found: `checks` of
    the file as a whole (see `FileChecks`), values left empty in `rows`, results of the rules per kind in `quality`, why
    it takes a person to sign in `waits`.
    `org_no` is the unit that mends rows of no known unit. `reach` is the code of the smallest unit that holds whatever
    the rows may touch, empty for the group: whoever signs sees all of it.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    system = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, blank=True)
    file_name = FreeText(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.RECEIVED)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="resends")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=40)
    org_no = models.BigIntegerField(default=0)
    reach = models.CharField(max_length=20, blank=True)
    business_date = models.DateField(null=True)
    received = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    excluded = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    joined = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    stale = models.IntegerField(default=0)
    review = models.IntegerField(default=0)
    sums = models.JSONField(default=dict)
    warnings = FreeJSON(default=dict)
    staged_rows = models.IntegerField(default=0)
    applied_rows = models.IntegerField(default=0)
    refusal = FreeJSON(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=40, blank=True)
    applied_at = models.DateTimeField(null=True)
    run = models.ForeignKey(JobRun, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "digest"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_rows=models.F("staged_rows")), name="delivery_whole"
            ),
        ]
        indexes = [models.Index(fields=["-received_at", "-id"], name="delivery_received")]

    @property
    def number(self) -> str:
        """The delivery's public number (批次号)."""
        return f"D{self.id:08d}"


class QuarantinedRowQuerySet(models.QuerySet["QuarantinedRow"]):
    """Quarantined rows as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> QuarantinedRowQuerySet:
        """Rows of units inside the viewer's scope: the first wall."""
        if viewer.scope.everything:
            return self
        return self.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))


class QuarantinedRow(models.Model):
    """A row that broke a rule, with every reason, waiting to be mended (隔离行). Its raw values are sealed.

    `reasons` is a list of `{field, code, params}`; the sentence is made in the reader's language. `key_masked` helps
    to recognise the row. `org_no` is the unit the row belongs to where known, else that of the delivery. `awaits` is
    the source's key of the customer a row waits for when that is all that is wrong with it; empty for other rows.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="quarantine")
    row = models.IntegerField()
    kind = models.CharField(max_length=20)
    key_masked = models.CharField(max_length=60, blank=True)
    reasons = FreeJSON()
    sealed = models.BinaryField()
    org_no = models.BigIntegerField(default=0)
    awaits = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=RowState, default=RowState.OPEN)
    resent_as = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)

    SEALED: ClassVar[Mapping[str, str]] = {"sealed": "integration_quarantinedrow.sealed"}
    BOUND: ClassVar[tuple[str, ...]] = ("delivery_id", "row", "kind")
    objects = QuarantinedRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "row", "kind"], name="quarantined_row_once")
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="quarantined_row_state"),
            models.Index(
                fields=["awaits"], condition=Q(state="open") & ~Q(awaits=""), name="quarantined_row_awaits"
            ),
        ]


class Submission(models.Model):
    """An API submission under an idempotency key: the same key and body give the same answer for 24 hours."""

    key = models.CharField(max_length=80)
    caller = models.CharField(max_length=40)
    body_digest = models.CharField(max_length=64)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")
    status = models.SmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="submission_once")]


class CustomerImportQuerySet(models.QuerySet["CustomerImport"]):
    """Imports as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> CustomerImportQuerySet:
        """One's own; heads of units, and whoever signs files, see those of their range: the first wall."""
        within = (
            self if viewer.scope.everything else self.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
        )
        if viewer.role in HEADS or viewer.may(Right.INTAKE_SIGN):
            return within
        return within.filter(maker=viewer.staff_no)


class CustomerImport(models.Model):
    """A file of customers that a person brought (导入): read, mapped by them, tried, loaded, and taken back again.

    Its numbers are taken from those of deliveries, so that a source record names its file whichever way it came.
    `org_no` is the unit of the maker's post: no row reaches beyond it. `headers` are the file's columns, `mapping` our
    field for each of them, empty for a column left out. `sample` holds the first rows, sealed. `forecast` is what the
    trial expects: outcome → rows, with `of`, how many were compared. Counts: received = refused + sound, and once it
    is done sound = new + joined + left out.
    """

    id = models.BigIntegerField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    maker = models.CharField(max_length=40)
    manager_no = models.CharField(max_length=40, blank=True)
    org_no = models.BigIntegerField()
    file_name = FreeText(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    layout = models.CharField(max_length=4)
    encoding = models.CharField(max_length=12, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    sheet = FreeText(max_length=40, blank=True)
    hidden = FreeJSON(default=list)
    headers = FreeJSON(default=list)
    sample = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    party_type = models.CharField(max_length=1, choices=PartyType, default=PartyType.PERSON)
    line = models.CharField(max_length=2, choices=Line, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    known = models.CharField(max_length=4, choices=Known, default=Known.FILL)
    mapping = models.JSONField(default=list)
    received_at = models.DateTimeField()
    received = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    sound = models.IntegerField(default=0)
    forecast = models.JSONField(default=dict)
    refusal = FreeJSON(null=True)
    signed_by = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True)
    applied = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    joined = models.IntegerField(default=0)
    review = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    reverted_by = models.CharField(max_length=40, blank=True)
    reverted_at = models.DateTimeField(null=True)
    reverted_to = models.BigIntegerField(default=0)
    ended = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    run = models.ForeignKey(JobRun, models.SET_NULL, null=True, related_name="+")

    SEALED: ClassVar[Mapping[str, str]] = {"sample": "integration_customerimport.sample"}
    BOUND: ClassVar[tuple[str, ...]] = ("id",)
    objects = CustomerImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["maker", "-id"], name="customer_import_maker"),
            models.Index(fields=["org_no"], name="customer_import_org"),
        ]

    @property
    def number(self) -> str:
        """The import's public number (导入号)."""
        return f"I{self.id:08d}"


class LeftOutRow(models.Model):
    """A sound row of an import that was not taken in, and why (未导入的行). What stood in it is in the file only."""

    pk = models.CompositePrimaryKey("brought_id", "row")
    brought = models.ForeignKey(CustomerImport, models.PROTECT, related_name="left_rows", db_index=False)
    row = models.IntegerField()
    why = models.CharField(max_length=10, choices=LeftOut)
