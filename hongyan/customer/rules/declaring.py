"""What people may declare two customers to be to each other (登记关系), and what speaks against it. Pure.

Source: L09; LOG-004 (roles per deal, the same party in several); V36-i02 (company tree).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from hongyan.customer.codes import PartyType, RelationType

Side = Literal["upper", "lower", ""]
"""Where the other one stands: above (parent, company, sender), below, or neither."""

_PERSON, _COMPANY = frozenset({PartyType.PERSON}), frozenset({PartyType.ORGANISATION})
_ANYBODY = _PERSON | _COMPANY


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of relation. `upper` and `lower` are the party types that may stand above and below.

    Fields: `is_level` neither stands above; `is_chain` nobody may come to stand above himself; `one_above` and
    `one_below` there is one such at a time.
    """

    type: RelationType
    upper: frozenset[PartyType]
    lower: frozenset[PartyType]
    is_level: bool = False
    is_chain: bool = False
    one_above: bool = False
    one_below: bool = False

    def fits(self, side: Side, own: PartyType) -> bool:
        """Whether a customer of the type `own` may have somebody at `side`."""
        return own in (self.lower if side == "upper" else self.upper)

    @property
    def sides(self) -> tuple[Side, ...]:
        """Where the other one may stand."""
        return ("",) if self.is_level else ("upper", "lower")


SORTS: Mapping[str, Sort] = {
    "household": Sort(RelationType.FAMILY, _PERSON, _PERSON, is_level=True),
    "spouse": Sort(RelationType.FAMILY, _PERSON, _PERSON, is_level=True, one_above=True, one_below=True),
    "parent": Sort(RelationType.FAMILY, _PERSON, _PERSON, is_chain=True),
    "sibling": Sort(RelationType.FAMILY, _PERSON, _PERSON, is_level=True),
    "employer": Sort(RelationType.EMPLOYMENT, _COMPANY, _PERSON),
    "representative": Sort(RelationType.LEGAL_PERSON, _COMPANY, _PERSON, one_below=True),
    "controller": Sort(RelationType.CONTROLLER, _ANYBODY, _COMPANY, is_chain=True),
    "group": Sort(RelationType.GROUP, _COMPANY, _COMPANY, is_chain=True),
    "branch": Sort(RelationType.GROUP, _COMPANY, _COMPANY, is_chain=True, one_above=True),
    "department": Sort(RelationType.GROUP, _COMPANY, _COMPANY, is_chain=True, one_above=True),
    "affiliate": Sort(RelationType.GROUP, _COMPANY, _COMPANY, is_level=True),
    "guarantor": Sort(RelationType.GUARANTEE, _ANYBODY, _ANYBODY),
    "referrer": Sort(RelationType.REFERRAL, _ANYBODY, _ANYBODY, is_chain=True, one_above=True),
    "sender": Sort(RelationType.CORRESPONDENCE, _ANYBODY, _ANYBODY),
    "payer": Sort(RelationType.CORRESPONDENCE, _ANYBODY, _ANYBODY),
    "supplier": Sort(RelationType.SUPPLIER, _ANYBODY, _ANYBODY),
    "direct": Sort(RelationType.INDIRECT, _ANYBODY, _ANYBODY),
}
"""Role → its sort. `direct`: above stands the direct customer, below its indirect one (LOG-002)."""

ONE_ROLE = frozenset({RelationType.FAMILY, RelationType.GROUP})
"""Types of which two customers have one role at most: who is a branch is no affiliate as well."""


class Objection(StrEnum):
    """What speaks against a relation that somebody declares."""

    SELF = "self"
    TYPES = "types"
    KNOWN = "known"
    OTHER_ROLE = "other_role"
    CIRCLE = "circle"
    ONLY_ONE = "only_one"


class Edge(NamedTuple):
    """A relation that stands: declared, or confirmed. Where neither stands above, the order says nothing."""

    role: str
    upper: int
    lower: int


def objection_to(
    role: str, side: Side, own: tuple[int, PartyType], other: tuple[int, PartyType], standing: Collection[Edge],
) -> Objection | None:  # fmt: skip
    """The first thing that speaks against `other` standing at `side` of `own`; each an id and its party type.

    `standing` are the relations of both, and of chains those of all who stand above them.

    >>> company, branch = (1, PartyType.ORGANISATION), (2, PartyType.ORGANISATION)
    >>> objection_to("branch", "upper", branch, company, [])
    >>> objection_to("branch", "lower", branch, company, [Edge("branch", 1, 2)])
    <Objection.OTHER_ROLE: 'other_role'>
    """
    sort = SORTS[role]
    if own[0] == other[0]:
        return Objection.SELF
    if (
        side not in sort.sides
        or own[1] not in _types(sort, side)
        or other[1] not in _types(sort, _turned(side))
    ):
        return Objection.TYPES
    upper, lower = (other[0], own[0]) if side == "upper" else (own[0], other[0])
    pair = [edge for edge in standing if {edge.upper, edge.lower} == {upper, lower}]
    if any(_is_same(edge, Edge(role, upper, lower)) for edge in pair):
        return Objection.KNOWN
    if sort.type in ONE_ROLE and any(_type(edge) == sort.type for edge in pair):
        return Objection.OTHER_ROLE
    alike = [edge for edge in standing if edge.role == role]
    if sort.one_above and any(
        edge.lower == lower or (sort.is_level and edge.upper == lower) for edge in alike
    ):
        return Objection.ONLY_ONE
    if sort.one_below and any(
        edge.upper == upper or (sort.is_level and edge.lower == upper) for edge in alike
    ):
        return Objection.ONLY_ONE
    if sort.is_chain and lower in above(upper, sort.type, standing):
        return Objection.CIRCLE
    return None


def above(customer: int, type_: RelationType, standing: Iterable[Edge]) -> set[int]:
    """Everybody who stands above a customer by relations of one type, however far; itself only in a circle.

    >>> sorted(above(3, RelationType.GROUP, [Edge("group", 1, 2), Edge("branch", 2, 3), Edge("affiliate", 9, 3)]))
    [1, 2]
    """
    edges = [edge for edge in standing if _type(edge) == type_ and not SORTS[edge.role].is_level]
    found: set[int] = set()
    fresh = {customer}
    while fresh:
        fresh = {edge.upper for edge in edges if edge.lower in fresh} - found
        found |= fresh
    return found


def _types(sort: Sort, side: Side) -> frozenset[PartyType]:
    """What may stand opposite `side`."""
    return sort.lower if side == "upper" else sort.upper


def _turned(side: Side) -> Side:
    return {"upper": "lower", "lower": "upper", "": ""}[side]  # type: ignore[return-value]


def _is_same(one: Edge, other: Edge) -> bool:
    is_level = one.role in SORTS and SORTS[one.role].is_level
    return one.role == other.role and (is_level or one == other)


def _type(edge: Edge) -> RelationType | None:
    return SORTS[edge.role].type if edge.role in SORTS else None
