"""What a customer is to each line, and who looks after it (业务关系与管户)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import Kind, Status
from hongyan.customer.models.parties import Customer, SourceParty
from hongyan.org.codes import Line
from hongyan.org.models import Staff, Unit


class Relationship(models.Model):
    """What a source party is to one line: kind, sub-code, agreement (业务关系). One per party.

    `said_status` is what its source says of the status while people hold it otherwise; empty where the source decides.
    See `rules.standing`.
    """

    party = models.OneToOneField(SourceParty, models.PROTECT, primary_key=True, related_name="relationship")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="relationships")
    line = models.CharField(max_length=2, choices=Line)
    kind = models.CharField(max_length=1, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    said_status = models.CharField(max_length=12, choices=Status, blank=True, db_default="")
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
    """Who looks after a customer in a line: one outlet, one main manager (管户), dated.

    It stands under the code it was given to, and a merge leaves it there: the survivor has the owners of all its
    aliases, and where two meet in a line, one `gives_way` until they part again. See `rules.merging.standing_owner`.
    Without a manager it lies in the pool of its unit. `reason` says which rule or act began it; of an act, `note` is
    what people gave as their reason and `by` whose act it was, by staff number. `risen_at` is when it rose from the
    pool of its unit to the one of the county (X-34); the customer stays the unit's. `org_no`, the number of the unit
    where the viewer may see it, else None, is known of owners that `queries.records.owners_of` found.
    """

    org_no: int | None

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships", db_index=False)
    line = models.CharField(max_length=2, choices=Line)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=100)
    note = FreeText(max_length=200, blank=True, db_default="")
    by = models.CharField(max_length=20, blank=True, db_default="")
    gives_way = models.BooleanField(default=False, db_default=False)
    risen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "line"], condition=Q(until=None), name="ownership_one_current"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(until__isnull=False), name="ownership_ended"),
            models.Index(fields=["unit", "manager", "line"], condition=Q(until=None), name="ownership_unit"),
            models.Index(
                fields=["manager"], condition=Q(until=None, manager__isnull=False), name="ownership_manager"
            ),
        ]


class Assistant(models.Model):
    """Somebody who helps the main manager with a customer in a line (协办), from one business day to another.

    `unit` is where their post stands; while it `is_present` its number joins the customer's scope, so that it sees the
    customer as the owner's unit does. It counts toward no cap. `until` is the first day without them, None without end.
    `reason` and `by` are of the beginning, `end_reason` and `ended_by` of the end; staff numbers, or the system's name.
    It stands under the code it was given to, as an owner does, and a merge leaves it there.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    line = models.CharField(max_length=2, choices=Line)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    is_present = models.BooleanField(default=False)
    reason = FreeText(max_length=200)
    by = models.CharField(max_length=20)
    end_reason = FreeText(max_length=200, blank=True)
    ended_by = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "line", "staff"], condition=Q(until=None), name="assistant_once"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="assistant_customer"),
            models.Index(fields=["staff"], condition=Q(is_present=True), name="assistant_staff"),
        ]
