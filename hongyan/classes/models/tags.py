"""Tags that units define, and the customers who bear them (标签)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hongyan.classes.codes import BatchState, Colour
from hongyan.core.free_text import FreeText
from hongyan.customer.models import Customer
from hongyan.org.models import Staff, Unit


class Tag(models.Model):
    """A word that a unit defines for itself and all units beneath it. One that is retired is set no more."""

    id = models.BigAutoField(primary_key=True)
    name = FreeText(max_length=20)
    colour = models.CharField(max_length=4, choices=Colour)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    org_no = models.BigIntegerField()
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(retired_at=None), name="tag_once_a_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """How lists name it."""
        return f"tag.{self.pk}"


class TagBatch(models.Model):
    """Putting one tag on many customers at once (批量打标签): chosen, done by a job, undone by a job.

    `customers` are those that were chosen, in order; `after` is how many of them are done, `changed` how many got the
    tag by it.
    """

    id = models.BigAutoField(primary_key=True)
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, related_name="+", db_index=False)
    org_no = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.DRAFT)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    customers = ArrayField(models.BigIntegerField())
    size = models.IntegerField()
    after = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    restored = models.IntegerField(default=0)
    run_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    @property
    def number(self) -> str:
        """What people call it."""
        return f"T{self.pk:07}"


class CustomerTag(models.Model):
    """A customer bears a tag, under the code it was set on; `batch` is by which act on many, if by one."""

    pk = models.CompositePrimaryKey("customer_id", "tag_id")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(TagBatch, models.PROTECT, null=True, related_name="+")
    set_by = models.CharField(max_length=20)
    set_at = models.DateTimeField()
