"""Who is in which class, on what figures, and who moved (分类结果与变动)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hongyan.classes.codes import RunState, Why
from hongyan.customer.models import Customer

MARK = 40


class Revenue(models.Model):
    """What classes rest on, in yuan, of mail and express together; see `rules.behaviour.Figures`."""

    month = models.DecimalField(max_digits=18, decimal_places=2)
    month_year_ago = models.DecimalField(max_digits=18, decimal_places=2)
    year = models.DecimalField(max_digits=18, decimal_places=2)
    year_before = models.DecimalField(max_digits=18, decimal_places=2)
    lately = models.DecimalField(max_digits=18, decimal_places=2)
    running = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        abstract = True


class ClassRun(models.Model):
    """One classification of all customers (分类批次), as of a business day.

    `rules` are the parameters it went by; `after` is the last customer that is done, so a killed run goes on there.
    `job` is the background job that shows its progress, if one does. One that is not `is_whole` takes only those whose
    classes may have changed since the last (`ClassDue`).
    """

    id = models.BigAutoField(primary_key=True)
    as_of = models.DateField()
    rules = models.JSONField()
    are_rules_new = models.BooleanField()
    is_whole = models.BooleanField(default=True)
    started_by = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WORKING)
    job = models.BigIntegerField(null=True)
    after = models.BigIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    moves = models.BigIntegerField(default=0)


class CustomerClass(Revenue):
    """The classes of one customer as the last run found them, and the figures they rest on (客户分类).

    A row only for customers who have something to do with mail or express. `marks` are `dimension.class`: one for each
    question of behaviour, at most one signal of loss, at most one tier of each scheme. `since` is the first run.
    """

    customer = models.OneToOneField(
        Customer, models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    since = models.DateField()
    registered_on = models.DateField()
    marks = ArrayField(models.CharField(max_length=MARK))


class ClassMove(models.Model):
    """One customer went from one class into another (分类变动); an empty class is none. Never changed.

    `month` and `year` are the revenue it then stood at.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ClassRun, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False)
    as_of = models.DateField()
    dimension = models.CharField(max_length=16)
    was = models.CharField(max_length=16, blank=True)
    becomes = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=8, choices=Why)
    month = models.DecimalField(max_digits=18, decimal_places=2)
    year = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["dimension", "-id"], name="class_move_dimension")]


class ClassCount(models.Model):
    """How many customers of a unit and all beneath it are in a class; unit 0 is the whole group."""

    pk = models.CompositePrimaryKey("org_no", "mark")
    org_no = models.BigIntegerField()
    mark = models.CharField(max_length=MARK)
    count = models.BigIntegerField()


class ClassDue(models.Model):
    """Something happened that may change somebody's classes: to a customer, or to all whom a delivery names.

    Rows are only added, by whoever causes it in its own transaction, and go with the run that reads them.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    delivery_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["customer"], condition=models.Q(customer__isnull=False), name="class_due_customer"
            )
        ]
