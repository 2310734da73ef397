"""Reorganisations (机构调整), and what one would change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from hongyan.core import clock, parameters
from hongyan.core.errors import NotFound
from hongyan.core.models import ParameterValue
from hongyan.org.codes import Viewer
from hongyan.org.models import Place, Post, Reorganisation, Unit
from hongyan.org.queries.viewers import USABLE, is_current


@dataclass(frozen=True, slots=True)
class Reach:
    """A unit whose posts see less or more once others have moved."""

    unit: str
    posts: int
    gains: bool


@dataclass(frozen=True, slots=True)
class ChangedParameter:
    """A parameter with another value for a unit that moves; `line` is empty where it holds for all lines."""

    unit: str
    key: str
    line: str
    before: Any
    after: Any


def reorganisations(viewer: Viewer) -> QuerySet[Reorganisation]:
    """All of them from the top of the group, none from elsewhere."""
    rows = Reorganisation.objects.select_related("parent", "maker")
    return rows if viewer.scope.everything else rows.none()


def find_reorganisation(viewer: Viewer, number: int) -> Reorganisation:
    """Errors: NotFound."""
    row = reorganisations(viewer).filter(pk=number).first()
    if row is None:
        raise NotFound("reorganisation", number)
    return row


def shown_units(codes: Collection[str]) -> dict[str, str]:
    """Code → name of some units, in the order of the codes."""
    names = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=codes)}
    return {code: names.get(code, code) for code in codes}


def name_units(rows: Iterable[Reorganisation]) -> None:
    """Write onto each of some rows the names of the units that move, `unit_names`. One query."""
    rows = list(rows)
    names = shown_units({code for row in rows for code in row.unit_codes})
    for row in rows:
        row.unit_names = [names[code] for code in row.unit_codes]  # type: ignore[attr-defined]


def staff_count(places: Sequence[Place]) -> int:
    """People with a current post at one of some places."""
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), place__in=places)
    return posts.values("staff").distinct().count()


def reach_of(*, loses: Sequence[Place], gains: Sequence[Place]) -> list[Reach]:
    """Units with current posts, and whether these lose or gain what moves."""
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), place__in=[*loses, *gains])
    counts = dict(posts.order_by().values_list("place").annotate(Count("pk")))
    sides = [(place, False) for place in loses] + [(place, True) for place in gains]
    return [Reach(place.unit.code, counts[place.pk], side) for place, side in sides if place.pk in counts]


def changed_parameters(
    places: Sequence[Place], *, before: Mapping[str, Sequence[int]], after: Mapping[str, Sequence[int]]
) -> list[ChangedParameter]:
    """Parameters that hold another value today for one of some units; `before` and `after` are their chains of units.

    Only those can change of which some unit above has a value of its own, which are few.
    """
    above = {unit for chains in (before, after) for chain in chains.values() for unit in chain}
    set_for = ParameterValue.objects.filter(unit_id__in=above).values_list("key", "line").distinct()
    found = []
    for key, line in sorted(set_for):
        if (parameter := parameters.find(key)) is None:
            continue
        for code in (place.unit.code for place in places):
            old = parameters.value_of(parameter, units=before[code], line=line)
            new = parameters.value_of(parameter, units=after[code], line=line)
            if old != new:
                found.append(ChangedParameter(code, key, line, old, new))
    return found
