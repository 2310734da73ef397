"""How forms and the side panel of a customer are arranged (版面), every version of it."""

from __future__ import annotations

from django.db import models

from hongyan.core.free_text import FreeJSON
from hongyan.customer.codes import LayoutPlace, PartyType
from hongyan.org.codes import Role
from hongyan.org.models import Staff


class Layout(models.Model):
    """One version of an arrangement, for persons or organisations and for one role, empty for every role.

    Never changed: the latest version of a place, kind and role counts. `parts` are name, section and whether it is
    hidden, in their order; none is the house's default again.
    """

    id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=4, choices=LayoutPlace)
    party_type = models.CharField(max_length=1, choices=PartyType)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    version = models.IntegerField()
    parts = FreeJSON(default=list)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "party_type", "role", "version"], name="layout_version")
        ]
