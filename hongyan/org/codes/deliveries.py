"""Rows of units, posts and places as lists bring them, and what taking them in did (人事接口、区划、邮编)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hongyan.core.scope import Scope
from hongyan.org.codes.posts import Role
from hongyan.org.codes.units import Level, Management, Tree


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in one tree as a source system (ERP) states it; dates are days, None is open."""

    row: int
    code: str
    name: str
    short_name: str
    level: Level
    parent_code: str
    tree: Tree
    management: Management
    is_operating: bool
    division: str
    postcode: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of one staff member as ERP states it."""

    row: int
    staff_no: str
    name: str
    gender: str
    mobile: str
    email: str
    unit_code: str
    tree: Tree
    role: Role
    line_codes: tuple[str, ...]
    is_primary: bool
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as a list states it; the code has as many digits as its level asks for (2, 4, 6 or 9)."""

    row: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """One postcode with the names of where it delivers."""

    row: int
    postcode: str
    province: str
    city: str
    county: str


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brought rows of the organisation by hand: their staff number, and the scope they did it in."""

    staff_no: str
    scope: Scope


class Refusal(NamedTuple):
    """A row that was not taken in: its physical row, the field at fault, a stable reason code, what its sentence needs.

    Codes: `date`, `ended_before_begun`, `duplicate`, `unknown_parent`, `second_root`, `cycle`, `level`,
    `unknown_unit`, `second_primary`, `exclusive_roles`, `guarded_role`, `own_post`, `beyond_scope`, `moved_by_hand`.
    """

    row: int
    field: str
    code: str
    params: dict[str, str]


@dataclass(slots=True)
class Counts:
    """What taking in units, posts or places did, counted in rows; refused rows are data, the others went in."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.new + self.updated
