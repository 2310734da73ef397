"""Where units stand in a tree, read and written as a whole (机构树)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from hongyan.org.actions.renumber import hold_rows, renumber
from hongyan.org.actions.writing import assign, insert, update
from hongyan.org.codes import Level, Tree
from hongyan.org.models import Place, Unit
from hongyan.org.rules.deliveries import Seat
from hongyan.org.rules.numbering import FIRST_NUMBER, Node, Range, renumbered

ANCESTORS = {"province_no": Level.PROVINCE, "city_no": Level.CITY, "county_no": Level.COUNTY}
NUMBERS = ("parent", "level", "lo", "hi", "chain", *ANCESTORS)

Places = dict[str, Place]  # by unit code
Numbers = tuple[int, ...]  # the own one and those of the ancestors


def places_of(tree: Tree) -> Places:
    """All places of a tree with their units and parents."""
    places = Place.objects.filter(tree=tree).select_related("unit", "parent__unit")
    return {place.unit.code: place for place in places}


def seats_of(places: Mapping[str, Place]) -> dict[str, Seat]:
    """Under whom each unit stands, at which level."""
    return {code: seat_of(place) for code, place in places.items()}


def seat_of(place: Place) -> Seat:
    """Under whom a unit stands, at which level."""
    return Seat(place.parent.unit.code if place.parent else None, place.level)


def ranges_with(seats: Mapping[str, Seat], places: Mapping[str, Place], *, tree: Tree) -> dict[str, Range]:
    """The range of every unit once the units stand as `seats` says."""
    before = {code: Node(code, seat.parent) for code, seat in seats_of(places).items()}
    old = {code: Range(place.lo, place.hi) for code, place in places.items()}
    return renumbered(
        [Node(code, seat.parent) for code, seat in seats.items()], before, old, start=FIRST_NUMBER[tree]
    )


def write_places(
    tree: Tree, seats: Mapping[str, Seat], places: Places, units: Mapping[str, Unit]
) -> dict[str, int]:
    """Let the units stand as `seats` says, and everything that carries a number follow: table → rows that moved.

    `units` holds those that have no place yet.
    """
    if not seats:
        return {}
    before = {code: _numbers(place) for code, place in places.items()}
    ranges = ranges_with(seats, places, tree=tree)
    if any(seats[code] != seat_of(place) or ranges[code].lo != place.lo for code, place in places.items()):
        hold_rows()  # before any place is locked: who holds the rows may still have to look at one
    _write_by_level(tree, seats, ranges, places, units)
    moves = {
        numbers[0]: places[code].lo for code, numbers in before.items() if numbers != _numbers(places[code])
    }
    return renumber(moves) if moves else {}


def _numbers(place: Place) -> Numbers:
    return (place.lo, *(getattr(place, name) for name in ANCESTORS))


def _write_by_level(
    tree: Tree,
    seats: Mapping[str, Seat],
    ranges: Mapping[str, Range],
    places: Places,
    units: Mapping[str, Unit],
) -> None:
    """Level after level, since a place points to its parent's row; a parent's level is always the higher one."""
    numbers: dict[str, dict[str, int]] = {}
    in_order = sorted(seats, key=lambda code: seats[code].level)
    for level, codes in groupby(in_order, key=lambda code: seats[code].level):
        new, changed = [], []
        for code in codes:
            seat, found = seats[code], ranges[code]
            numbers[code] = _ancestor_numbers(numbers.get(seat.parent or "", {}), level, found.lo)
            parent = places[seat.parent] if seat.parent else None
            unit = places[code].unit if code in places else units[code]
            chain = [unit.pk, *(parent.chain if parent else ())]
            facts = {
                "parent": parent,
                "level": level,
                "lo": found.lo,
                "hi": found.hi,
                "chain": chain,
                **numbers[code],
            }
            if code not in places:
                places[code] = Place(unit=unit, tree=tree, **facts)
                new.append(places[code])
            elif assign(places[code], facts):
                changed.append(places[code])
        update(Place, changed, NUMBERS)
        insert(Place, new)


def _ancestor_numbers(of_parent: Mapping[str, int], level: int, lo: int) -> dict[str, int]:
    """The numbers of province, city and county above a unit, its own at its own level; 0 where there is none."""
    return {name: lo if level == own else of_parent.get(name, 0) for name, own in ANCESTORS.items()}
