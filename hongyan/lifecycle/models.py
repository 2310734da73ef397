"""Applications about customers (客户申请).

    Application ──> Customer, SourceParty    whom it is about, and the record that an approved admission made
         └────────> org.Approval             who agreed

What an admission says of a person is sealed until it is approved; then it is a source record like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import Kind, PartyType, Settlement
from hongyan.customer.models import Customer, SourceParty
from hongyan.ledger.codes import BaseProduct
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.org.codes import Line, Viewer
from hongyan.org.models import Approval, Staff, Unit

NUMBER = "A{:08}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> ApplicationQuerySet:
        """Those made inside the viewer's scope, or to be answered there, but no drafts of others: the first wall."""
        rows = self.exclude(~Q(maker_id__in=viewer.people), state=ApplicationState.DRAFT)
        if viewer.scope.everything:
            return rows
        span = (viewer.scope.lo, viewer.scope.hi)
        asked = Inquiry.objects.filter(org_no__range=span).values("application_id")
        return rows.filter(Q(org_no__range=span) | Q(heard_org_no__range=span) | Q(pk__in=asked))


class Application(models.Model):
    """One application (申请): what somebody wants of the house for a customer, and how that stands (SM1).

    `line` is empty for all lines of the customer. `sealed` is what was typed of a customer to be admitted, `name` how
    pages call them. `step` is what the check for duplicates found when it was submitted, `mark` of whom, `checks` how
    each line of the admission check came out, `clashing` the parties whose agreements exclude the wished one and
    `exception` why it shall stand all the same. The other mailing line may answer until `heard_until`, whoever stands
    at `heard_org_no`: `objection` is why it objects, empty where it does not (X-22). `snapshot` is how each
    relationship stood before (`rules.standing`). `org_no` is where it was made, `asked_key` an idempotency key with the
    maker in it; `version` grows with each change.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=8, choices=ApplicationKind)
    state = models.CharField(max_length=9, choices=ApplicationState, default=ApplicationState.DRAFT)
    version = models.IntegerField(default=1)
    line = models.CharField(max_length=2, choices=Line, blank=True)
    party_type = models.CharField(max_length=1, choices=PartyType)
    name = models.CharField(max_length=200)
    sealed = models.BinaryField(default=b"")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    party = models.OneToOneField(SourceParty, models.PROTECT, null=True, related_name="+")
    wish = models.CharField(max_length=1, choices=Kind, blank=True)
    families = ArrayField(models.CharField(max_length=1, choices=BaseProduct), default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    settlement = models.CharField(max_length=1, choices=Settlement, blank=True)
    credential_until = models.DateField(null=True)
    is_lifelong = models.BooleanField(default=False)
    sighted = models.BooleanField(default=False)
    step = models.CharField(max_length=16, blank=True)
    mark = models.CharField(max_length=16, blank=True)
    checks = models.JSONField(default=list)
    clashing = ArrayField(models.BigIntegerField(), default=list)
    reason = FreeText(max_length=300, blank=True)
    exception = FreeText(max_length=300, blank=True)
    heard_org_no = models.BigIntegerField(null=True)
    heard_until = models.DateTimeField(null=True)
    objection = FreeText(max_length=300, blank=True, db_default="")
    answered_at = models.DateTimeField(null=True)
    answerer = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    snapshot = models.JSONField(default=dict)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    maker_post_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    org_no = models.BigIntegerField()
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True)
    asked_key = models.CharField(max_length=130, unique=True)

    SEALED: ClassVar[Mapping[str, str]] = {"sealed": "lifecycle_application.sealed"}
    BOUND: ClassVar[tuple[str, ...]] = ("id",)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "line"],
                condition=Q(state__in=["checking", "submitted"]) & ~Q(kind="create"),
                name="application_once_waiting",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["create", "prospect"]) | Q(customer__isnull=False),
                name="application_of_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["org_no", "-changed_at"], name="application_org"),
            models.Index(fields=["-changed_at", "-id"], name="application_changed"),
            models.Index(fields=["maker", "state"], name="application_maker"),
            models.Index(
                fields=["heard_org_no"], condition=Q(heard_org_no__isnull=False), name="application_heard"
            ),
            models.Index(fields=["heard_until"], condition=Q(state="agreed"), name="application_agreed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return NUMBER.format(self.pk)


class Inquiry(models.Model):
    """Whether something stands against closing a customer, asked of a line or a system that knows it (外围校验), X-21.

    Of a line `org_no` is where the customer's owner in it stands, of a system where the application was made. Who has
    not answered until `until` has nothing against it; `objection` says what stands against it, else it is empty.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="inquiries")
    line = models.CharField(max_length=2, choices=Line, blank=True)
    system = models.CharField(max_length=20, blank=True)
    org_no = models.BigIntegerField()
    until = models.DateTimeField()
    objection = FreeText(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answerer = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "line", "system"], name="inquiry_once"),
            models.CheckConstraint(
                condition=Q(line="", system__gt="") | Q(line__gt="", system=""), name="inquiry_of_whom"
            ),
        ]
        indexes = [
            models.Index(fields=["org_no", "application"], name="inquiry_org"),
            models.Index(fields=["system", "id"], condition=Q(answered_at=None), name="inquiry_system"),
        ]
