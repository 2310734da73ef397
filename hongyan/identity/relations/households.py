"""Persons under one roof or on one phone (家庭): relatives, as far as names and ages tell, else one household.

A door is only a household's while few live behind it, a phone while few answer it: the caller leaves out what many
share (dormitories, offices, shops). Who might be the same person under another spelling is no relative of herself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from hongyan.identity.model.comparisons import COMPARISONS
from hongyan.identity.model.conditions import Row
from hongyan.identity.normalise.surnames import surname_of
from hongyan.identity.online.compiled import outcome_of
from hongyan.identity.relations.grounds import Ground, Relation, Role, related
from hongyan.identity.relations.members import Member, door_of

COUPLE_YEARS, SIBLING_YEARS = 12, 15
PARENT_YEARS = range(17, 46)
TOLD_YEARS = 2
"""Births so far apart are no slip of the pen."""

_name_outcome = outcome_of(next(one for one in COMPARISONS["person"] if one.name == "name"))
_APART, _PERHAPS_APART, _ONE = (
    frozenset({"surname", "different"}),
    frozenset({"surname", "different", "close"}),
    frozenset({"same", "homophone", "reordered"}),
)
_WHOLE = ("han", "latin")


def household(one: Member, other: Member, shared: frozenset[str], doors: frozenset[str]) -> Relation | None:
    """What two persons are to each other who share phones or doors; None when that is nothing.

    ``shared`` are the phones, ``doors`` the doors that they have in common and few others use.
    """
    homes = {
        door for door in (_door(left, right, doors) for left, right in product(one.rows, other.rows)) if door
    }
    ties = {Ground(_line(number)) for number in shared} | {
        Ground("room" if "room" in homes else home) for home in homes
    }
    if not ties or not _are_two(one, other):
        return None
    surname = _common_surname(one, other)
    role, upper, years = _role(one, other, surname, under_one_roof=bool(homes))
    grounds = ties | set(_support(one, other, surname, role, years, homes=bool(homes)))
    return related((one.id, other.id), "household", role, grounds, upper=upper)


def _are_two(one: Member, other: Member) -> bool:
    """Whether the two can be told apart: by cards and names, else by whole names that nobody could take for one."""
    outcomes = {_name_outcome(left, right) for left, right in product(one.rows, other.rows)}
    if one.lives and other.lives:
        # Two of one name with two cards under one roof are mostly one, and one card mistyped.
        return one.lives.isdisjoint(other.lives) and outcomes.isdisjoint(_ONE)
    rows = (*one.rows, *other.rows)
    if not all(row.get("name_complete") and row.get("name_form") in _WHOLE for row in rows):
        return False
    if (one.birth and one.birth == other.birth) or _holds_the_other(one, other):
        return False  # twins, or one who changed her name; 刘素芬 and 刘素芬批发
    # 张建国 and 张建军: brothers, or one of them mistyped, unless sex or age tell.
    differs = bool(one.gender and other.gender and one.gender != other.gender)
    years = _years_between(one.birth, other.birth)
    return outcomes <= (_PERHAPS_APART if differs or (years or 0) >= TOLD_YEARS else _APART)


def _holds_the_other(one: Member, other: Member) -> bool:
    names = product(one.said("name_key"), list(other.said("name_key")))
    return any(left in right or right in left for left, right in names)


def _door(left: Row, right: Row, doors: frozenset[str]) -> str:
    """Whether two rows name one door, and how exactly: ``room``, ``house`` or ""."""
    door = door_of(left)
    if door not in doors or door != door_of(right):
        return ""
    ours, theirs = left.get("room"), right.get("room")
    if ours is None or theirs is None or ("-" not in ours and (left.get("estate") or not left.get("house"))):
        return "house"  # 幸福里 501: in which building?
    # 3-2-501 and 3-1-501 are two flats, 3-501 may be either.
    return "room" if ours == theirs or ours.count("-") != theirs.count("-") else ""


def _line(number: str) -> str:
    return (
        "mobile" if number.startswith("+861") and len(number) == 14 and number[4] in "3456789" else "landline"
    )


def _common_surname(one: Member, other: Member) -> str:
    """The surname that all Chinese names of both say, else ""."""
    names = {
        row["name_key"] for person in (one, other) for row in person.rows if row.get("name_form") == "han"
    }
    found = {surname_of(name) for name in names}
    return found.pop() if len(found) == 1 else ""


def _years_between(one: str, other: str) -> float | None:
    """Years from one birth to the other, as far as both are days."""
    try:
        days = [date(int(day[:4]), int(day[4:6]), int(day[6:8])) for day in (one, other)]
    except ValueError:
        return None
    return abs((days[0] - days[1]).days) / 365.25


def _role(
    one: Member, other: Member, surname: str, *, under_one_roof: bool
) -> tuple[Role, int | None, float | None]:
    """(what they are to each other, who is the parent, years between them); ``household`` where nothing tells."""
    years = _years_between(one.birth, other.birth)
    if years is None:
        return "household", None, None
    elder = one if one.birth < other.birth else other
    if surname and int(years) in PARENT_YEARS:
        return "parent", elder.id, years
    if (
        surname
        and years <= SIBLING_YEARS
        and (one.gender == other.gender != "" or _share_a_character(one, other))
    ):
        return "sibling", None, years
    if under_one_roof and not surname and years <= COUPLE_YEARS and {one.gender, other.gender} == {"1", "2"}:
        return "spouse", None, years
    return "household", None, years


def _share_a_character(one: Member, other: Member) -> bool:
    """Whether given names have a character in common, as those of brothers and sisters often do (字辈)."""
    left, right = (
        {
            character
            for row in person.rows
            if row.get("name_form") == "han"
            for character in row["name_key"][1:]
        }
        for person in (one, other)
    )
    return not left.isdisjoint(right)


def _support(
    one: Member, other: Member, surname: str, role: Role, years: float | None, *, homes: bool
) -> Iterator[Ground]:
    if surname:
        yield Ground("surname", surname)
    if role != "household" and years is not None:
        yield Ground("ages", str(int(years))) if years >= 1 else Ground("same_age")
    if not homes and not one.counties.isdisjoint(other.counties):
        yield Ground("county")
