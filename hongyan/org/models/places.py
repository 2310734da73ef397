"""Administrative divisions and postcodes (行政区划、邮政编码)."""

from __future__ import annotations

from django.db import models

from hongyan.org.codes import DivisionLevel, Match


class Division(models.Model):
    """An administrative division (行政区划): what the standard says of its code, and what the last list said.

    Codes have six digits, those of streets and towns nine. `since` and `until` are the first and the last year in
    force, null where the standard's table leaves them open. `name` is the standard's last one, the list's where only
    a list knows the code; `former_names` are those before it, with blanks between. Source: REF-i01.
    """

    code = models.CharField(max_length=9, primary_key=True)
    level = models.SmallIntegerField(choices=DivisionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=60)
    former_names = models.CharField(max_length=200, blank=True)
    is_standard = models.BooleanField()
    since = models.SmallIntegerField(null=True)
    until = models.SmallIntegerField(null=True)
    listed_as = models.CharField(max_length=60, blank=True)
    listed_by = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode (邮政编码) and a place it delivers to, as a list states it, and the division those names mean."""

    id = models.AutoField(primary_key=True)
    postcode = models.CharField(max_length=6)
    province = models.CharField(max_length=60)
    city = models.CharField(max_length=60)
    county = models.CharField(max_length=60)
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="postcodes")
    match = models.CharField(max_length=7, choices=Match)
    listed_by = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "province", "city", "county"], name="postcode_place_once"
            )
        ]
