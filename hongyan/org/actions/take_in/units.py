"""Units and their places in the two trees (机构接入)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from hongyan.core import audit, events
from hongyan.core.audit import Actor
from hongyan.org.actions.take_in.writing import assign, hold_organisation, insert, update
from hongyan.org.codes import Counts, Level, Tree, TreeRenumbered, UnitRow
from hongyan.org.models import Place, Unit
from hongyan.org.rules.deliveries import Seat, day_of, sound_units
from hongyan.org.rules.numbering import FIRST_NUMBER, Node, Range, renumbered
from hongyan.org.rules.spelling import spelling_of_unit

FACTS = (
    "name", "short_name", "pinyin", "management", "is_operating", "division", "postcode", "valid_from", "valid_to",
)  # fmt: skip
NUMBERS = ("parent", "level", "lo", "hi", "province_no", "city_no", "county_no")
NUMBERED_LEVELS = {"province_no": Level.PROVINCE, "city_no": Level.CITY, "county_no": Level.COUNTY}

Places = dict[str, Place]  # by unit code


def take_in_units(rows: Sequence[UnitRow], *, actor: Actor) -> Counts:
    """Take in units and where they stand, one row a unit and tree.

    A unit that stands in both trees takes its facts from the postal row. A new lowest unit gets spare numbers of
    its parent; when there are none, or a unit moved, the tree is numbered anew and `TreeRenumbered` is published in
    the same transaction. Sets of rows are written with a few statements each, whatever their number.
    """
    with transaction.atomic():
        hold_organisation()
        trees = {tree: _places(tree) for tree in Tree}
        taken, refused = sound_units(rows, {tree: _seats(places) for tree, places in trees.items()})
        units, changed = _write_units(taken)
        counts = Counts(refused=refused)
        for tree, places in trees.items():
            _count([row for row in taken if row.tree == tree], places, changed, counts)
            _write_places(tree, [row for row in taken if row.tree == tree], places, units)
        if counts.changed:
            audit.record(
                actor, "org.take_in_units", "unit", "", count=counts.changed,
                after={"new": counts.new, "updated": counts.updated, "refused": len(refused)},
            )  # fmt: skip
    return counts


def _places(tree: Tree) -> Places:
    return {
        place.unit.code: place
        for place in Place.objects.filter(tree=tree).select_related("unit", "parent__unit")
    }


def _seats(places: Places) -> dict[str, Seat]:
    return {code: _seat(place) for code, place in places.items()}


def _seat(place: Place) -> Seat:
    return Seat(place.parent.unit.code if place.parent else None, place.level)


def _count(rows: Iterable[UnitRow], places: Places, changed: set[str], counts: Counts) -> None:
    for row in rows:
        place = places.get(row.code)
        if place is None:
            counts.new += 1
        elif row.code in changed or _seat(place) != Seat(row.parent_code or None, row.level):
            counts.updated += 1
        else:
            counts.unchanged += 1


# --- units


def _write_units(rows: Sequence[UnitRow]) -> tuple[dict[str, Unit], set[str]]:
    """Insert new units and update changed ones: all units of the rows by code, and the codes that were updated."""
    defining = {row.code: row for row in sorted(rows, key=lambda row: row.tree == Tree.POSTAL)}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=defining)}
    changed = [unit for code, unit in units.items() if assign(unit, _facts(defining[code]))]
    new = [Unit(code=code, **_facts(row)) for code, row in defining.items() if code not in units]
    update(Unit, changed, FACTS)
    insert(Unit, new)
    return units | {unit.code: unit for unit in new}, {unit.code for unit in changed}


def _facts(row: UnitRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "pinyin": spelling_of_unit(row.name),
        "management": row.management,
        "is_operating": row.is_operating,
        "division": row.division,
        "postcode": row.postcode,
        "valid_from": day_of(row.valid_from),
        "valid_to": day_of(row.valid_to),
    }


# --- places


def _write_places(tree: Tree, rows: Sequence[UnitRow], places: Places, units: Mapping[str, Unit]) -> None:
    seats = _seats(places) | {row.code: Seat(row.parent_code or None, row.level) for row in rows}
    before = {code: Node(code, seat.parent) for code, seat in _seats(places).items()}
    old = {code: Range(place.lo, place.hi) for code, place in places.items()}
    nodes = [Node(code, seat.parent) for code, seat in seats.items()]
    if not nodes:
        return
    ranges = renumbered(nodes, before, old, start=FIRST_NUMBER[tree])
    _write_by_level(tree, seats, ranges, places, units)
    if moves := {old[code].lo: ranges[code].lo for code in old if old[code].lo != ranges[code].lo}:
        events.publish(TreeRenumbered(moves))


def _write_by_level(
    tree: Tree,
    seats: Mapping[str, Seat],
    ranges: Mapping[str, Range],
    places: Places,
    units: Mapping[str, Unit],
) -> None:
    """Level after level, since a place points to its parent's row; a parent's level is always the higher one."""
    numbers: dict[str, dict[str, int]] = {}
    for level in sorted({seat.level for seat in seats.values()}):
        new, changed = [], []
        for code in (code for code, seat in seats.items() if seat.level == level):
            seat, found = seats[code], ranges[code]
            numbers[code] = _ancestor_numbers(numbers.get(seat.parent or "", {}), level, found.lo)
            parent = places[seat.parent] if seat.parent else None
            facts = {"parent": parent, "level": level, "lo": found.lo, "hi": found.hi, **numbers[code]}
            if code not in places:
                places[code] = Place(unit=units[code], tree=tree, **facts)
                new.append(places[code])
            elif assign(places[code], facts):
                changed.append(places[code])
        update(Place, changed, NUMBERS)
        insert(Place, new)


def _ancestor_numbers(of_parent: Mapping[str, int], level: int, lo: int) -> dict[str, int]:
    """The numbers of province, city and county above a unit, its own at its own level; 0 where there is none."""
    return {name: lo if level == own else of_parent.get(name, 0) for name, own in NUMBERED_LEVELS.items()}
