"""Customers and everything that says who they are (客户主数据).

    SourceParty ──< SourceRecord        what each system says, every version
         │
        Link (dated, append-only)       which customer a party is, by which decision
         │
     Customer ──< Identifier            golden record, calculated; keys to find it by
         ├──< Relationship ──< Ownership  business per line; who looks after it
         └──< CustomerScope, ListRow, SearchToken   projections that carry the organisation number

Merge and split change links only. Projections hold nothing that cannot be calculated again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from hongyan.customer.codes import CaseState, Gender, Kind, Outcome, PartyType, Status
from hongyan.org.codes import Line, Viewer
from hongyan.org.models import Staff, Unit


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
    which source record it came from and by which rule.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=12)
    party_type = models.CharField(max_length=1, choices=PartyType)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="absorbed", db_index=False
    )
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
    lineage = models.JSONField(default=dict)
    rule_version = models.SmallIntegerField(default=1)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="customer_code_once")]
        indexes = [
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="customer_merged_into"
            )
        ]

    def __str__(self) -> str:
        return self.code


class SourceParty(models.Model):
    """The customer as one source system knows it (来源客户): a system and its key.

    A party without a customer is a shell (未登记客户): facts name it, but its system has not described it yet. When it
    does, the shell becomes the party, and all its facts belong to the customer at once.
    """

    id = models.BigAutoField(primary_key=True)
    system = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    party_type = models.CharField(max_length=1, choices=PartyType)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="parties")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="source_party_once")]


class SourceRecord(models.Model):
    """One version of what a system said about one part of a party (来源记录). Never changed, only superseded.

    `fields` holds open values and masked forms; `sealed` the identifiers, sealed together for this record's uuid.
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
    digest = models.BinaryField(max_length=16)
    delivery_id = models.BigIntegerField(null=True)
    row = models.IntegerField(default=0)
    as_of = models.DateField(null=True)
    source_updated_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    SEALED: ClassVar[Mapping[str, str]] = {"sealed": "customer_sourcerecord.sealed"}
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
        indexes = [models.Index(fields=["party"], condition=Q(until__isnull=False), name="link_ended")]


class ReviewCase(models.Model):
    """Two customers that may be one and wait for a steward (待核)."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="review_cases")
    candidate = models.ForeignKey(Customer, models.PROTECT, related_name="candidate_cases")
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    evidence = models.JSONField()
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "candidate"], name="review_case_once"),
            models.CheckConstraint(condition=~Q(customer=F("candidate")), name="review_case_two"),
        ]


class Identifier(models.Model):
    """A way to find a customer, blinded for look-up and masked for show: credential, phone, e-mail (标识).

    It stems from one source record and goes with it: a superseded record takes its identifiers along.
    """

    pk = models.CompositePrimaryKey("record_id", "kind", "hash")
    # No constraint in the database: these rows are written with their record and follow from it.
    record = models.ForeignKey(
        SourceRecord, models.CASCADE, related_name="identifiers", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=16)
    hash = models.BinaryField(max_length=16)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identifiers", db_constraint=False)
    masked = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["hash"], name="identifier_hash")]


class StrongKey(models.Model):
    """The claim of one customer on one valid credential: the database's word that there are no duplicates.

    A second customer with the same credential (another name, a branch under its company's code) holds no claim; a
    review case tells the steward.
    """

    hash = models.BinaryField(max_length=16, primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="strong_keys")


class Relationship(models.Model):
    """What a source party is to one line: kind, sub-code, agreement (业务关系). One per party."""

    party = models.OneToOneField(SourceParty, models.PROTECT, primary_key=True, related_name="relationship")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="relationships")
    line = models.CharField(max_length=2, choices=Line)
    kind = models.CharField(max_length=1, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    sub_code = models.CharField(max_length=60, blank=True)
    agreement_no = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    settlement = models.CharField(max_length=1, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sub_code"], name="relationship_sub_code"),
            models.Index(
                fields=["agreement_no"], condition=~Q(agreement_no=""), name="relationship_agreement"
            ),
        ]


class Ownership(models.Model):
    """Who looks after a customer in a line: one outlet, one main manager (管户), dated."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships", db_index=False)
    line = models.CharField(max_length=2, choices=Line)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "line"], condition=Q(until=None), name="ownership_one_current"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(until__isnull=False), name="ownership_ended")
        ]


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


class CustomerScope(models.Model):
    """Projection: in which organisation numbers a customer is owned, per line. What both walls read."""

    pk = models.CompositePrimaryKey("customer_id", "line")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="scopes", db_constraint=False, db_index=False
    )
    line = models.CharField(max_length=2, choices=Line)
    org_no = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["org_no", "customer"], name="customer_scope_org")]


class ListRow(models.Model):
    """Projection for lists: one row per customer and owning outlet, with what a list shows and sorts by.

    `first_in_*` tells the copies of one customer apart at each level: one of its rows stands for it in its county,
    city, province and in the group. So a list at any level is one range, one index and no duplicates.
    """

    pk = models.CompositePrimaryKey("customer_id", "org_no")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="list_rows", db_constraint=False, db_index=False
    )
    org_no = models.BigIntegerField()
    province_no = models.BigIntegerField()
    city_no = models.BigIntegerField()
    county_no = models.BigIntegerField()
    first_in_county = models.BooleanField()
    first_in_city = models.BooleanField()
    first_in_province = models.BooleanField()
    first_in_group = models.BooleanField()
    sort_key = models.CharField(max_length=120)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    party_type = models.CharField(max_length=1, choices=PartyType)
    kind = models.CharField(max_length=1, choices=Kind)
    status = models.CharField(max_length=12, choices=Status)
    line_codes = models.CharField(max_length=15)
    system_codes = models.CharField(max_length=120)
    source_count = models.SmallIntegerField()
    credential_masked = models.CharField(max_length=40, blank=True)
    mobile_masked = models.CharField(max_length=20, blank=True)
    division = models.CharField(max_length=6, blank=True)
    unit_name = models.CharField(max_length=60)
    manager_id = models.BigIntegerField(null=True)
    manager_name = models.CharField(max_length=60, blank=True)
    has_review = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["org_no", "sort_key", "customer"], name="list_outlet"),
            models.Index(
                fields=["county_no", "sort_key", "customer"],
                condition=Q(first_in_county=True),
                name="list_county",
            ),
            models.Index(
                fields=["city_no", "sort_key", "customer"], condition=Q(first_in_city=True), name="list_city"
            ),
            models.Index(
                fields=["province_no", "sort_key", "customer"],
                condition=Q(first_in_province=True),
                name="list_province",
            ),
            models.Index(
                fields=["sort_key", "customer"], condition=Q(first_in_group=True), name="list_group"
            ),
            models.Index(
                fields=["manager_id", "sort_key", "customer"],
                condition=Q(manager_id__isnull=False),
                name="list_manager",
            ),
            models.Index(
                fields=["status", "sort_key", "customer"],
                condition=~Q(status=Status.ACTIVE),
                name="list_rare",
            ),
            BrinIndex(fields=["created_at"], pages_per_range=32, name="list_created"),
        ]


class SearchToken(models.Model):
    """Projection for search: one row a token and owning outlet. Tokens are bigrams, single characters, pinyin.

    The key is the search index: equality on the token, a range on the organisation number.
    """

    pk = models.CompositePrimaryKey("token", "org_no", "customer_id")
    token = models.CharField(max_length=40)
    org_no = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False)
