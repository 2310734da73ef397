"""Which rows of the list and search projections stand for a part of the organisation (机构范围).

A customer owned by two outlets has two list rows. At every level above the outlet one of them is marked as the first,
so that a list of any level is one range of one partial index and shows nobody twice (DESIGN 3, Scope).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hongyan.customer.models import Assistant, ListRow, SearchToken
from hongyan.org.codes import Level, Tree, Viewer
from hongyan.org.models import Place


@dataclass(frozen=True, slots=True)
class Span:
    """A unit's place as lists see it: its level and its range of organisation numbers, both ends included."""

    level: Level
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit chosen in a list, with the units directly beneath it to choose next."""

    code: str
    label: str
    span: Span
    beneath: tuple[tuple[str, str], ...] = ()


def rows_of(viewer: Viewer, unit: UnitChoice | None = None) -> QuerySet[ListRow]:
    """One list row per customer of the viewer's scope, or of one unit in it with everything beneath.

    Expected index: `list_outlet`, `list_county`, `list_city`, `list_province` or `list_group` by the level.
    """
    if unit is not None:
        return _visible_rows(viewer).filter(_at(unit.span))
    if viewer.scope.everything:
        return ListRow.objects.filter(first_in_group=True)
    return ListRow.objects.filter(_at(Span(viewer.level, viewer.scope.lo, viewer.scope.hi)))


def rows_managed_by(viewer: Viewer, staff_id: int) -> QuerySet[ListRow]:
    """The rows of the outlets where somebody is the main manager (我的客户). Expected index: `list_manager`."""
    return _visible_rows(viewer).filter(manager_id=staff_id, is_assisting=False)


def rows_assisted_by(
    viewer: Viewer, people: Collection[int], unit: UnitChoice | None = None
) -> QuerySet[ListRow]:
    """One row a customer with whom one of some people assists now (我协办的客户). Expected index: `assistant_staff`."""
    present = Assistant.objects.filter(staff_id__in=people, is_present=True)
    survivors = present.values(owned=Coalesce("customer__survivor_id", "customer_id"))
    return rows_of(viewer, unit).filter(customer_id__in=survivors)


def tokens_of(viewer: Viewer) -> QuerySet[SearchToken]:
    """The search tokens of the viewer's scope. Expected index: `search_token`."""
    tokens = SearchToken.objects.all()
    return tokens if viewer.scope.everything else tokens.filter(org_no__range=_bounds(viewer))


def find_unit(viewer: Viewer, code: str) -> UnitChoice | None:
    """A unit of the viewer's scope and the units directly beneath it, in one query; None out of scope."""
    near = _places(viewer).filter(Q(unit__code=code) | Q(parent__unit__code=code)).order_by("lo")
    places = list(near.values_list("unit__code", "unit__short_name", "unit__name", "level", "lo", "hi"))
    chosen = next((place for place in places if place[0] == code), None)
    if chosen is None:
        return None
    beneath = tuple((other, short or name) for other, short, name, *_ in places if other != code)
    _, short, name, level, lo, hi = chosen
    return UnitChoice(code, short or name, Span(Level(level), lo, hi), beneath)


def units_beneath(viewer: Viewer) -> list[tuple[str, str]]:
    """(code, name) of the units directly beneath the viewer's, in the order of the tree."""
    places = _places(viewer).filter(parent__unit_id=viewer.unit_id).order_by("lo")
    return [
        (code, short or name)
        for code, short, name in places.values_list("unit__code", "unit__short_name", "unit__name")
    ]


def choices_beneath(viewer: Viewer, unit: UnitChoice | None) -> list[UnitChoice]:
    """The units directly beneath one, or beneath the viewer's own, in the order of the tree. One query."""
    places = _places(viewer)
    beneath = (
        places.filter(parent__unit__code=unit.code) if unit else places.filter(parent__unit_id=viewer.unit_id)
    )
    found = beneath.order_by("lo").values_list(
        "unit__code", "unit__short_name", "unit__name", "level", "lo", "hi"
    )
    return [
        UnitChoice(code, short or name, Span(Level(level), lo, hi))
        for code, short, name, level, lo, hi in found
    ]


def _at(span: Span) -> Q:
    match span.level:
        case Level.PROVINCE:
            return Q(province_no=span.lo, first_in_province=True)
        case Level.CITY:
            return Q(city_no=span.lo, first_in_city=True)
        case Level.COUNTY:
            return Q(county_no=span.lo, first_in_county=True)
        case Level.GROUP:
            return Q(first_in_group=True)
        case _:
            return Q(org_no__range=(span.lo, span.hi))


def _visible_rows(viewer: Viewer) -> QuerySet[ListRow]:
    rows = ListRow.objects.all()
    return rows if viewer.scope.everything else rows.filter(org_no__range=_bounds(viewer))


def _places(viewer: Viewer) -> QuerySet[Place]:
    """Places a viewer may choose. The group sees the whole of its own tree, whose numbers lie apart."""
    places = Place.objects.filter(tree=Tree(viewer.tree))
    return places if viewer.scope.everything else places.filter(lo__range=_bounds(viewer))


def _bounds(viewer: Viewer) -> tuple[int, int]:
    return viewer.scope.lo, viewer.scope.hi
