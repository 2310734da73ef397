"""How far a delivery reaches (涉及范围): the smallest unit that holds whatever its rows may touch; and who sees it all.

A row may touch any customer of its system by the source's key, and the units that it names. So a delivery reaches as
far as its system delivers, and further where a row says so; it is kept as that unit's code, empty for the group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hongyan.core import clock
from hongyan.core.scope import NOTHING, Scope
from hongyan.integration.models import Delivery
from hongyan.integration.queries.systems import find_seat
from hongyan.integration.rules import is_within
from hongyan.org.codes import Level, Right
from hongyan.org.models import Place, Post
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.org.rights import RIGHTS

_SIGNING = [role for role, rights in RIGHTS.items() if Right.INTAKE_SIGN in rights]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the unit stands that a delivery reaches; None for the group, and for a unit that is no more."""

    place: Place | None

    @property
    def name(self) -> str:
        """What the unit is called; empty for the group."""
        return str(self.place.unit) if self.place else ""

    def is_within(self, scope: Scope) -> bool:
        """Whether a scope covers all of it."""
        return is_within(self.place.lo if self.place else None, scope)


def reach_of(delivery: Delivery) -> Reach:
    """How far a delivery reaches. One query."""
    return Reach(find_seat(delivery.reach) if delivery.reach else None)


def widened(reach: str, numbers: Collection[int]) -> str:
    """Code of the smallest unit that holds the one reached so far and those with these organisation numbers.

    0 is the number of a unit that stands nowhere, which only the group holds.
    """
    place = find_seat(reach) if reach else None
    if place is None:
        return ""
    held = [place.lo, *numbers]
    around = Place.objects.filter(lo__lte=min(held), hi__gte=max(held)).order_by("-lo")
    return around.values_list("unit__code", flat=True).first() or ""


def unit_numbered(org_no: int) -> str:
    """Code of the unit with an organisation number; empty, the group, where there is none."""
    return Place.objects.filter(lo=org_no).values_list("unit__code", flat=True).first() or ""


def scope_brought_for(delivery: Delivery) -> Scope:
    """The scope a person brought a delivery for: their own, or that of the system's unit where it is narrower."""
    place = Place.objects.filter(lo=delivery.org_no).first()
    return place.scope if place else NOTHING


def signers(reach: Reach) -> QuerySet[Post]:
    """Posts whose holders may sign what reaches so far, the nearest first."""
    above = Q(place__level=Level.GROUP)
    if reach.place is not None:
        above |= Q(place__lo__lte=reach.place.lo, place__hi__gte=reach.place.lo)
    posts = Post.objects.filter(above, USABLE, is_current(clock.business_date()), role__in=_SIGNING)
    return posts.select_related("staff", "place__unit").order_by("-place__level", "staff__staff_no")
