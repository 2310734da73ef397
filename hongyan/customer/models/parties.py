"""Who the customers are and what each source says of them (来源客户与归并关系)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from hongyan.customer.codes import Gender, Outcome, PartyType, Status
from hongyan.org.codes import Line, Viewer


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Customers as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> CustomerQuerySet:
        """Customers with at least one owner inside the viewer's scope: the first wall.

        The test is by id, so use it where few customers are read; lists start from `ListRow`.
        """
        if viewer.scope.everything:
            return self
        owned = CustomerScope.objects.filter(
            customer_id=models.OuterRef("pk"), org_no__range=(viewer.scope.lo, viewer.scope.hi)
        )
        return self.filter(models.Exists(owned))


class Customer(models.Model):
    """A person or organisation, once (法定客户). `id` is the serial number inside `code`.

    The golden columns are calculated by survivorship from the current source records; `lineage` says per field
    which source record it came from and by which rule. `custom` holds those of the fields that the house
    defined, code → value as text, sealed ones masked.

    A merged customer stays as an alias: `merged_into` is whom it was merged into, which a split takes back exactly;
    `survivor` is where that leads in the end, however often the other one was merged again. Since
    `anonymised_at` nobody can tell who it was (`actions.anonymise`). `has_aliases`, whether it is the survivor of
    others, is known of customers that `queries.records.find_customer` found.
    """

    has_aliases: bool

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=12)
    party_type = models.CharField(max_length=1, choices=PartyType)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="absorbed", db_index=False
    )
    survivor = models.ForeignKey("self", models.PROTECT, null=True, related_name="aliases", db_index=False)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=120)
    short_name = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=1, choices=Gender, default=Gender.UNKNOWN)
    birth_date = models.DateField(null=True)
    credential_type = models.CharField(max_length=2, blank=True)
    credential_masked = models.CharField(max_length=40, blank=True)
    mobile_masked = models.CharField(max_length=20, blank=True)
    landline_masked = models.CharField(max_length=30, blank=True)
    email_masked = models.CharField(max_length=120, blank=True)
    division = models.CharField(max_length=6, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    legal_person = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=4, blank=True)
    scale = models.CharField(max_length=2, blank=True)
    custom = models.JSONField(default=dict, db_default={})
    lineage = models.JSONField(default=dict)
    rule_version = models.SmallIntegerField(default=1)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    anonymised_at = models.DateTimeField(null=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="customer_code_once")]
        indexes = [
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="customer_merged_into"
            ),
            models.Index(fields=["survivor"], condition=Q(survivor__isnull=False), name="customer_survivor"),
        ]

    def __str__(self) -> str:
        return self.code


class CustomerScope(models.Model):
    """Projection: in which organisation numbers a customer is owned, per line. What both walls read.

    One row a line is the owner's; the others, which are `is_assisting`, are of those who assist: they see, and own not.
    Rows of no line stand under a person's own number, with whom the customer is shared (`Share`).
    """

    pk = models.CompositePrimaryKey("customer_id", "line", "org_no")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="scopes", db_constraint=False, db_index=False
    )
    line = models.CharField(max_length=2, choices=Line)
    org_no = models.BigIntegerField()
    is_assisting = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["org_no", "customer"], name="customer_scope_org")]


class SourceParty(models.Model):
    """The customer as one source system knows it (来源客户): a system and its key.

    A party without a customer is a shell (未登记客户): facts name it, but its system has not described it yet. When it
    does, the shell becomes the party, and all its facts belong to the customer at once.

    `home` is the customer it belongs to apart from all merges, null while that is `customer` itself. So merges and
    splits in any order leave each party where it belongs: at the survivor of its home.
    """

    id = models.BigAutoField(primary_key=True)
    system = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    party_type = models.CharField(max_length=1, choices=PartyType)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="parties")
    home = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+", db_index=False)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="source_party_once")]


class SourceRecord(models.Model):
    """One version of what a system said about one part of a party (来源记录). Never changed, only superseded.

    `fields` holds open values and masked forms; `sealed` the identifiers, sealed together for this record's uuid;
    `likeness` what the party is compared by (`rules.likeness`), sealed too, of its current main part only.
    `digest` is a keyed hash of the whole content: an equal digest is an unchanged record.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4)
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="records", db_index=False)
    part = models.CharField(max_length=24, blank=True)
    version = models.IntegerField(default=1)
    is_current = models.BooleanField(default=True)
    line = models.CharField(max_length=2, choices=Line)
    fields = models.JSONField()
    sealed = models.BinaryField(default=b"")
    likeness = models.BinaryField(default=b"", db_default=b"")
    digest = models.BinaryField(max_length=16)
    delivery_id = models.BigIntegerField(null=True)
    row = models.IntegerField(default=0)
    as_of = models.DateField(null=True)
    source_updated_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    SEALED: ClassVar[Mapping[str, str]] = {
        "sealed": "customer_sourcerecord.sealed",
        "likeness": "customer_sourcerecord.likeness",
    }
    BOUND: ClassVar[tuple[str, ...]] = ("party__system", "party__key", "part", "digest")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "part", "version"], name="source_record_version"),
        ]
        indexes = [BrinIndex(fields=["delivery_id"], name="source_record_delivery")]


class Link(models.Model):
    """Which customer a source party is, from when to when, and by which decision (归并关系). Append-only.

    `evidence` is the waterfall of the decision: what spoke for it and against it.
    """

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="links", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="links")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    score = models.SmallIntegerField(default=0)
    rule_version = models.SmallIntegerField(default=1)
    evidence = models.JSONField(null=True)
    decided_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=Q(until=None), name="link_one_current")
        ]
        indexes = [
            models.Index(fields=["party"], condition=Q(until__isnull=False), name="link_ended"),
            BrinIndex(fields=["since"], name="link_since"),
        ]
