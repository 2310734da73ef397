"""Which delivered units and posts can be taken in, and why others cannot (机构、岗位交付检查). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from hongyan.org.codes import PostRow, Refusal, Role, Tree, UnitRow
from hongyan.org.rules.posts import clashes

Row = TypeVar("Row", UnitRow, PostRow)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a unit stands in one tree: under whom (None at the root), at which level."""

    parent: str | None
    level: int


def sound_units(
    rows: Iterable[UnitRow], stored: Mapping[Tree, Mapping[str, Seat]]
) -> tuple[list[UnitRow], list[Refusal]]:
    """Which delivered units may stand in their trees, and why the others may not.

    `stored` holds the trees as they are. A refused row leaves its unit where it stood; rows beneath a refused new
    unit have an unknown parent. What is taken, with what is stored, makes trees without cycles, with one root each
    and with levels that fall from parent to child: so only a root can be of the group's level and see everything.
    """
    sound, refused = _one_by_one(rows, key=lambda row: (row.code, row.tree), field="code")
    taken: list[UnitRow] = []
    for tree in Tree:
        fitting, misfits = _fitting([row for row in sound if row.tree == tree], stored.get(tree, {}))
        taken += fitting
        refused += misfits
    return taken, _by_row(refused)


def sound_posts(
    rows: Iterable[PostRow], places: Collection[tuple[str, Tree]]
) -> tuple[list[PostRow], list[Refusal]]:
    """Which delivered posts can be taken in, and why the others cannot.

    `places` are the (unit code, tree) that exist. A post (person, place, role) stands in a delivery once, and a
    person has one primary post.
    """
    sound, refused = _one_by_one(
        rows, key=lambda row: (row.staff_no, row.unit_code, row.tree, row.role), field="staff_no"
    )
    taken: list[PostRow] = []
    with_primary: set[str] = set()
    for row in sound:
        if (row.unit_code, row.tree) not in places:
            refused.append(Refusal(row.row, "unit_code", "unknown_unit", {"unit": row.unit_code}))
        elif row.is_primary and row.staff_no in with_primary:
            refused.append(Refusal(row.row, "is_primary", "second_primary", {"staff_no": row.staff_no}))
        else:
            taken.append(row)
            with_primary.update([row.staff_no] if row.is_primary else [])
    return taken, _by_row(refused)


def without_exclusive(
    rows: Iterable[PostRow], held: Mapping[str, Collection[Role]], *, today: date
) -> tuple[list[PostRow], list[Refusal]]:
    """Posts that give nobody two roles which exclude each other, and why the others may not be.

    `held` are the roles of people's posts, current and to come, besides the delivered ones; posts that have ended give
    nothing. Of two such rows in one delivery the first counts. Source: BARS E 5.
    """
    taken: list[PostRow] = []
    refused: list[Refusal] = []
    given: dict[str, set[Role]] = {number: set(roles) for number, roles in held.items()}
    for row in rows:
        if (last := day_of(row.valid_to)) and last < today:
            taken.append(row)
            continue
        roles = given.setdefault(row.staff_no, set())
        if clashes(row.role, roles):
            refused.append(Refusal(row.row, "role", "exclusive_roles", {"staff_no": row.staff_no}))
            continue
        roles.add(row.role)
        taken.append(row)
    return taken, _by_row(refused)


def _by_row(refused: Iterable[Refusal]) -> list[Refusal]:
    return sorted(refused, key=attrgetter("row"))


# --- each row by itself


def _one_by_one(
    rows: Iterable[Row], *, key: Callable[[Row], Hashable], field: str
) -> tuple[list[Row], list[Refusal]]:
    """Rows with sound dates, each key once: the first one counts."""
    sound: list[Row] = []
    refused: list[Refusal] = []
    seen: set[Hashable] = set()
    for row in rows:
        refusal = _date_refusal(row)
        if refusal is None and key(row) in seen:
            refusal = Refusal(row.row, field, "duplicate", {"value": getattr(row, field)})
        if refusal:
            refused.append(refusal)
            continue
        seen.add(key(row))
        sound.append(row)
    return sound, refused


def _date_refusal(row: UnitRow | PostRow) -> Refusal | None:
    days: dict[str, date | None] = {}
    for field in ("valid_from", "valid_to"):
        try:
            days[field] = day_of(getattr(row, field))
        except ValueError:
            return Refusal(row.row, field, "date", {"value": getattr(row, field)})
    begun, ended = days["valid_from"], days["valid_to"]
    if begun and ended and ended < begun:
        return Refusal(row.row, "valid_to", "ended_before_begun", {"begun": str(begun), "ended": str(ended)})
    return None


def day_of(text: str | None) -> date | None:
    """A delivered day in ISO form; None is open. Errors: ValueError.

    >>> day_of("2026-11-22"), day_of(None), day_of("")
    (datetime.date(2026, 11, 22), None, None)
    """
    return date.fromisoformat(text) if text else None


# --- the rows of one tree together


def _fitting(rows: Sequence[UnitRow], stored: Mapping[str, Seat]) -> tuple[list[UnitRow], list[Refusal]]:
    """Take misfits out until none is left: each that goes may make misfits of rows beneath it."""
    taken = {row.code: row for row in rows}
    refused: list[Refusal] = []
    while misfits := _misfits(taken, stored):
        refused += misfits.values()
        for code in misfits:
            del taken[code]
    return list(taken.values()), refused


def _misfits(taken: Mapping[str, UnitRow], stored: Mapping[str, Seat]) -> dict[str, Refusal]:
    """Refusals of the first kind found, by unit code; every one is a delivered row, for the stored tree is sound."""
    seats = {**stored, **{code: Seat(row.parent_code or None, row.level) for code, row in taken.items()}}
    for find in (_with_unknown_parent, _second_roots, _on_cycles, _above_their_parent):
        found = find(seats, stored)
        misfits = {code: _refusal(taken[code], *reason) for code, reason in found.items() if code in taken}
        if misfits:
            return misfits
    return {}


Reason = tuple[str, str, dict[str, str]]  # field, code, parameters


def _refusal(row: UnitRow, field: str, code: str, params: dict[str, str]) -> Refusal:
    return Refusal(row.row, field, code, params)


def _with_unknown_parent(seats: Mapping[str, Seat], _stored: Mapping[str, Seat]) -> dict[str, Reason]:
    return {
        code: ("parent_code", "unknown_parent", {"parent": seat.parent})
        for code, seat in seats.items()
        if seat.parent is not None and seat.parent not in seats
    }


def _second_roots(seats: Mapping[str, Seat], stored: Mapping[str, Seat]) -> dict[str, Reason]:
    """All roots but one: the stored root stays unless it moved beneath another, else the first delivered."""
    roots = [code for code, seat in seats.items() if seat.parent is None]
    before = [code for code in roots if code in stored and stored[code].parent is None]
    kept, *others = sorted(roots, key=lambda code: code not in before) or [""]
    return {code: ("parent_code", "second_root", {"root": kept}) for code in others}


def _on_cycles(seats: Mapping[str, Seat], _stored: Mapping[str, Seat]) -> dict[str, Reason]:
    cyclic: set[str] = set()
    followed: set[str] = set()
    for start in seats:
        path: dict[str, None] = {}  # an ordered set
        here: str | None = start
        while here is not None and here not in followed and here not in path:
            path[here] = None
            here = seats[here].parent
        if here in path:
            steps = list(path)
            cyclic.update(steps[steps.index(here) :])
        followed.update(path)
    return {code: ("parent_code", "cycle", {"parent": str(seats[code].parent)}) for code in cyclic}


def _above_their_parent(seats: Mapping[str, Seat], stored: Mapping[str, Seat]) -> dict[str, Reason]:
    """Units whose level does not lie below their parent's.

    Where the unit stands as it stood, its delivered parent is at fault; such parents go first, for without them
    their other children may fit.
    """
    wrong = [code for code, seat in seats.items() if seat.parent and seats[seat.parent].level >= seat.level]
    parents = [seats[code].parent or "" for code in wrong if stored.get(code) == seats[code]]
    return {code: ("level", "level", {"parent": seats[code].parent or ""}) for code in parents or wrong}
