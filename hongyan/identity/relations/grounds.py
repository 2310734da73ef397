"""Why two customers are held to belong together (依据), and how sure that makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Literal

Type = Literal["household", "branch", "group", "representative"]
Role = Literal[
    "household", "spouse", "parent", "sibling", "branch", "department", "group", "affiliate", "representative"
]

STRENGTH = {
    # under one roof, on one phone
    "room": 0.8,
    "house": 0.5,
    "landline": 0.65,
    "mobile": 0.6,
    "surname": 0.45,
    "ages": 0.25,
    "same_age": 0.25,
    "county": 0.25,
    # a company and its parts
    "code": 0.95,
    "full_name": 0.9,
    "name": 0.55,
    "former_name": 0.7,
    "core_name": 0.4,
    "stem": 0.3,
    "phone": 0.65,
    "legal_person": 0.5,
    "email": 0.5,
    "city": 0.3,
    # a person and a company
    "id": 0.96,
    "legal_name": 0.5,
}
"""Ground → how often two with this alone in common do belong together. Set by hand, held against made-up worlds."""

_PARTS = frozenset({"branch", "department"})
SUREST = 99


@dataclass(frozen=True, slots=True, order=True)
class Ground:
    """One reason. ``said`` is what its words show, a surname or a branch: never a number."""

    code: str
    said: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """Two customers that belong together.

    Fields: ``one`` < ``other`` their ids; ``role`` what they are to each other; ``upper`` which of the two stands
    above (parent, company, represented company), None where neither does; ``confidence`` percent; ``grounds`` the
    strongest first.
    """

    one: int
    other: int
    type: Type
    role: Role
    upper: int | None
    confidence: int
    grounds: tuple[Ground, ...]

    @property
    def deciders(self) -> tuple[int, ...]:
        """Whose neighbours have to be known to tell this relation; see ``deciders``."""
        return deciders(self.one, self.other, self.role, self.upper)


def deciders(one: int, other: int, role: str, upper: int | None) -> tuple[int, ...]:
    """Of two related, those whose neighbours have to be known to tell: of a part and its company the part alone, which
    may belong to another company as well; else either.

    >>> deciders(1, 2, "branch", 1), deciders(1, 2, "spouse", None)
    ((2,), (1, 2))
    """
    if role in _PARTS and upper is not None:
        return (one + other - upper,)
    return one, other


def confidence(grounds: Iterable[Ground]) -> int:
    """How sure several grounds make together, in percent: each takes its share of the doubt that the others leave.

    >>> confidence([Ground("mobile")]), confidence([Ground("mobile"), Ground("surname")])
    (60, 78)
    """
    doubt = prod(1 - STRENGTH[ground.code] for ground in grounds)
    return min(SUREST, round(100 * (1 - doubt)))


def related(
    pair: tuple[int, int], type_: Type, role: Role, grounds: Iterable[Ground], *, upper: int | None = None
) -> Relation:
    """A relation of two ids in any order."""
    told = tuple(sorted(set(grounds), key=lambda ground: (-STRENGTH[ground.code], ground)))
    return Relation(min(pair), max(pair), type_, role, upper, confidence(told), told)
