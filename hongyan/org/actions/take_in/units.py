"""Units and their places in the two trees (机构接入)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from hongyan.core import audit
from hongyan.core.audit import Actor
from hongyan.org.actions.trees import Places, places_of, seat_of, seats_of, write_places
from hongyan.org.actions.writing import assign, hold_organisation, insert, update
from hongyan.org.codes import Bringer, Counts, Refusal, Tree, UnitRow
from hongyan.org.models import Place, Unit
from hongyan.org.rules.by_hand import bar_of_unit
from hongyan.org.rules.deliveries import Seat, day_of, sound_units
from hongyan.org.rules.spelling import spelling_of_unit

FACTS = (
    "name", "short_name", "pinyin", "management", "is_operating", "division", "postcode", "valid_from", "valid_to",
)  # fmt: skip


def take_in_units(rows: Sequence[UnitRow], *, actor: Actor, by_hand: Bringer | None = None) -> Counts:
    """Take in units and where they stand, one row a unit and tree.

    A unit that stands in both trees takes its facts from the postal row. A new lowest unit gets spare numbers of
    its parent, a unit that moved takes its own along into those of the new one; without room the tree is numbered anew.
    Everything that carries a number follows in the same transaction. A unit that was moved here stays there while its
    rows still name the parent before. Sets of rows are written with a few statements each, whatever their number.

    `by_hand` is the person who brought the rows, None for the personnel system: what they may not change is refused,
    and left as it is where it would change nothing (`rules.by_hand`).
    """
    with transaction.atomic():
        hold_organisation()
        trees = {tree: places_of(tree) for tree in Tree}
        counts, standing = Counts(), _where_moved(rows, trees)
        if by_hand:
            standing = _theirs(standing, trees, by_hand, counts)
        taken, refused = sound_units(standing, {tree: seats_of(places) for tree, places in trees.items()})
        counts.refused += refused
        units, changed = _write_units(taken)
        for tree, places in trees.items():
            own = [row for row in taken if row.tree == tree]
            _count(own, places, changed, counts)
            seats = {row.code: Seat(row.parent_code or None, row.level) for row in own}
            write_places(tree, seats_of(places) | seats, places, units)
        _forget_moves(rows, {(row.code, row.tree): row for row in taken}, trees)
        if counts.changed:
            audit.record(
                actor, "org.take_in_units", "unit", "", count=counts.changed,
                after={"new": counts.new, "updated": counts.updated, "refused": len(counts.refused)},
            )  # fmt: skip
    return counts


def _theirs(
    rows: Sequence[UnitRow], trees: Mapping[Tree, Places], by: Bringer, counts: Counts
) -> list[UnitRow]:
    """The rows that a person may bring; the others are counted: refused, or unchanged where they change nothing."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={row.code for row in rows})}
    theirs = []
    for row in rows:
        place = trees[row.tree].get(row.code)
        seat = seat_of(place) if place else None
        bar = bar_of_unit(row, seat=seat, org_no=_number_of(place, row, trees[row.tree]), by=by)
        if bar is None:
            theirs.append(row)
        elif seat != Seat(row.parent_code or None, row.level) or _differs(row, units[row.code]):
            counts.refused.append(Refusal(row.row, *bar, {"unit": row.code}))
        else:
            counts.unchanged += 1
    return theirs


def _number_of(place: Place | None, row: UnitRow, places: Places) -> int | None:
    """The number of a unit or, of a new one, that of its parent; 0 for a root, None where the parent is new too."""
    found = place or places.get(row.parent_code)
    return found.lo if found else None if row.parent_code else 0


def _differs(row: UnitRow, unit: Unit) -> bool:
    return any(getattr(unit, name) != value for name, value in _facts(row).items())


def _count(rows: Iterable[UnitRow], places: Places, changed: set[str], counts: Counts) -> None:
    for row in rows:
        place = places.get(row.code)
        if place is None:
            counts.new += 1
        elif row.code in changed or seat_of(place) != Seat(row.parent_code or None, row.level):
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


def _where_moved(rows: Sequence[UnitRow], trees: Mapping[Tree, Places]) -> list[UnitRow]:
    """The rows, but units that were moved here stay while theirs still names the parent before: it knows no better."""
    return [_where_it_stands(row, trees[row.tree].get(row.code)) for row in rows]


def _where_it_stands(row: UnitRow, place: Place | None) -> UnitRow:
    if place is None or place.parent is None or place.moved_from != row.parent_code:
        return row
    return replace(row, parent_code=place.parent.unit.code)


def _forget_moves(
    rows: Iterable[UnitRow], taken: Mapping[tuple[str, Tree], UnitRow], trees: Mapping[Tree, Places]
) -> None:
    """A unit follows its source again once that names another parent than the one it was moved away from."""
    known = []
    for row in rows:
        place = trees[row.tree].get(row.code)
        if place and (row.code, row.tree) in taken and place.moved_from not in {"", row.parent_code}:
            place.moved_from = ""
            known.append(place)
    update(Place, known, ("moved_from",))
