"""Units and where they stand in the two trees (机构、机构树)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hongyan.core.scope import Scope
from hongyan.org.codes import Level, Management, Tree


class Unit(models.Model):
    """An organisation unit (机构). The same unit may stand in both trees; see `Place`.

    `pinyin` is the name's syllables without spaces, then its initials, to find it by either.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=400, blank=True)
    management = models.CharField(max_length=6, choices=Management)
    is_operating = models.BooleanField()
    division = models.CharField(max_length=6, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["division"], name="unit_division")]

    def __str__(self) -> str:
        return self.short_name or self.name


class Place(models.Model):
    """A unit's place in one tree, as a nested set: everything beneath it has `lo <= number <= hi`.

    `lo` is the unit's organisation number (`org_no`). The numbers of the two trees do not overlap, so one range
    is one scope. The numbers of the ancestors are repeated for lists that are indexed level by level. `chain` holds the
    ids of the unit and of those above it, nearest first: every request reads it. `moved_from` is the parent's code
    before the unit was moved here: as long as the source's files name it, they do not move it back.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="places")
    tree = models.CharField(max_length=6, choices=Tree)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.SmallIntegerField(choices=Level)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    province_no = models.BigIntegerField(default=0)
    city_no = models.BigIntegerField(default=0)
    county_no = models.BigIntegerField(default=0)
    chain = ArrayField(models.BigIntegerField(), default=list)
    moved_from = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "tree"], name="place_once_a_tree"),
            models.UniqueConstraint(
                fields=["lo"], name="place_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(hi__gte=F("lo")), name="place_range"),
        ]
        indexes = [models.Index(fields=["tree", "lo"], name="place_tree_lo")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_tree_display()}"

    @property
    def scope(self) -> Scope:
        """What a post at this place may see; the root of a tree sees everything."""
        return Scope(self.lo, self.hi, everything=self.level == Level.GROUP)
