"""Tables of data quality.

QualityRun                  one scoring: day, rules, how far it is
QualityDue                  whose score may have changed since
CustomerQuality             how complete, valid and fresh a customer's data are, and what is wrong
Diligence                   elements of identity that no system delivers yet, as people noted them
QualityCount                how the customers of a unit stood, month by month
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hongyan.customer.models import Customer
from hongyan.org.models import Staff
from hongyan.quality.codes import Nationality, Occupation, RunState


class QualityRun(models.Model):
    """One scoring (评分批次) as of a business day; `after` is the last customer that is done.

    `rules` are the parameters it went by. One that not `is_whole` takes only those whose score may have changed.
    """

    id = models.BigAutoField(primary_key=True)
    as_of = models.DateField()
    rules = models.JSONField()
    is_whole = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WORKING)
    after = models.BigIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    started_by = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class QualityDue(models.Model):
    """Something happened that may change a customer's score. Rows go with the run that reads them."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False)


class CustomerQuality(models.Model):
    """How good the data of one customer are (资料质量), as of `as_of`, when they were last confirmed by any source.

    `score` is 0–100: the weight of what is there, valid and fresh, of all that is asked. `gaps` are `flaw.item`,
    `flaws` the kinds of them. Rows stand for active customers only, of whom anything is asked. What was noted of a
    person (`Diligence`, the note that holds is `note_id`) stands here again, so that it is read with the customer's
    scope, under whichever code it was noted.
    """

    customer = models.OneToOneField(
        Customer, models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    score = models.SmallIntegerField()
    gaps = ArrayField(models.CharField(max_length=30))
    flaws = ArrayField(models.CharField(max_length=8))
    as_of = models.DateField()
    note_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField(null=True)
    nationality = models.CharField(max_length=3, choices=Nationality, blank=True)
    occupation = models.CharField(max_length=1, choices=Occupation, blank=True)
    credential_until = models.DateField(null=True)
    is_lifelong = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["score", "customer"], name="customer_quality_score"),
            models.Index(fields=["as_of", "customer"], name="customer_quality_as_of"),
            models.Index(
                fields=["credential_until", "customer"],
                condition=Q(credential_until__isnull=False),
                name="customer_quality_until",
            ),
        ]


class Diligence(models.Model):
    """Elements of a person's identity that no system delivers yet (尽职调查要素), PSB-i05: who noted what, and when.

    Append-only; the newest of a customer and of all merged into it holds. Either a last day of the credential, or that
    it is valid for life, or neither where nobody knows.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    nationality = models.CharField(max_length=3, choices=Nationality, blank=True)
    occupation = models.CharField(max_length=1, choices=Occupation, blank=True)
    credential_until = models.DateField(null=True)
    is_lifelong = models.BooleanField(default=False)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credential_until=None) | Q(is_lifelong=False), name="diligence_one_validity"
            )
        ]


class QualityCount(models.Model):
    """How the customers of a unit and all beneath it stood at the end of a month, or stand in this one.

    Unit 0 is the whole group. `points` is the sum of their scores, `sound` how many nothing is wrong with but what
    could be added.
    """

    pk = models.CompositePrimaryKey("org_no", "month")
    org_no = models.BigIntegerField()
    month = models.DateField()
    customers = models.BigIntegerField()
    points = models.BigIntegerField()
    sound = models.BigIntegerField()
    missing = models.BigIntegerField()
    invalid = models.BigIntegerField()
    expired = models.BigIntegerField()
    expiring = models.BigIntegerField()
    stale = models.BigIntegerField()
