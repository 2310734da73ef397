"""Tags that units define, and the customers who bear them (标签)."""

from __future__ import annotations

from django.db import models

from hongyan.classes.codes import Colour
from hongyan.core.free_text import FreeText
from hongyan.customer.models import Customer
from hongyan.desk.models import MassRun
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


class CustomerTag(models.Model):
    """A customer bears a tag, under the code it was set on; `run` is by which act on many, if by one."""

    pk = models.CompositePrimaryKey("customer_id", "tag_id")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(MassRun, models.PROTECT, null=True, related_name="+")
    set_by = models.CharField(max_length=20)
    set_at = models.DateTimeField()
