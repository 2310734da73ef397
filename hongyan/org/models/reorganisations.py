"""Units that move in their tree (机构调整)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hongyan.core.free_text import FreeText
from hongyan.org.codes import ReorganisationState, Tree
from hongyan.org.models.staff import Staff
from hongyan.org.models.units import Unit


class Reorganisation(models.Model):
    """Units that move under another parent of their tree on a day (机构调整), and what that did.

    `unit_codes` are the units that move, with everything beneath them. `preview` is what was foreseen when it was
    requested, `result` what it came to: table → rows that were renumbered, or what had changed since.
    """

    tree = models.CharField(max_length=6, choices=Tree)
    unit_codes = ArrayField(models.CharField(max_length=20))
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    effective_on = models.DateField()
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReorganisationState, default=ReorganisationState.PENDING)
    preview = models.JSONField()
    result = models.JSONField(null=True)
    run_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-requested_at", "-id"], name="reorganisation_at")]
