"""What may be merged, what it takes, and what stands where two customers meet (归并规则). Pure.

A customer that was merged keeps what is its own: its parties, its owners. What the survivor has follows from the tree
of merges by these rules, so a merge is undone by taking one branch off the tree, at any later time and in any order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from hongyan.customer.codes import Kind
from hongyan.customer.rules.ownership import takes_over
from hongyan.identity.normalise.credentials import LIFELONG

AGREEMENTS = frozenset({Kind.AGREEMENT_UNIT, Kind.AGREEMENT_PERSON})
"""Kinds whose merge takes two persons (REQUIREMENTS 5.5, screen 5)."""

Side = Literal["survivor", "absorbed"]
Keys = frozenset[tuple[str, bytes]]
"""Valid credentials as (type of L03, keyed hash)."""


class Objection(StrEnum):
    """What speaks against a merge."""

    OTHER_KIND = "other_kind"
    """A person and an organisation: never."""
    OTHER_ID = "other_id"
    """Two different valid credentials for life: only by two persons, with evidence."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What people chose where two customers meet; what is left open follows the rules.

    `owners`: line → whose owner stands. `fields`: head of a golden group → the source party whose value is kept.
    """

    owners: Mapping[str, Side] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)


NO_CHOICES = Choices()


def objections(party_types: Collection[str], left: Keys, right: Keys) -> tuple[Objection, ...]:
    """What speaks against one customer for two. Source: DESIGN 3, Identity 4.

    >>> objections({"P"}, frozenset({("01", b"1")}), frozenset({("01", b"2")}))
    (<Objection.OTHER_ID: 'other_id'>,)
    >>> objections({"P"}, frozenset({("01", b"1")}), frozenset({("01", b"1"), ("01", b"2")}))
    ()
    >>> objections({"P", "O"}, frozenset(), frozenset())
    (<Objection.OTHER_KIND: 'other_kind'>,)
    """
    found = [Objection.OTHER_KIND] if len(party_types) > 1 else []
    if differing_types(left, right):
        found.append(Objection.OTHER_ID)
    return tuple(found)


def differing_types(left: Keys, right: Keys) -> list[str]:
    """Types for life of which either side has a valid credential and none is shared.

    A credential for life in common speaks for one customer, with whatever it disagrees elsewhere; renewed documents
    (passports, permits) say nothing when they differ.
    """
    return sorted(
        kind
        for kind in LIFELONG & {one for one, _ in left} & {one for one, _ in right}
        if not {key for key in left if key[0] == kind} & {key for key in right if key[0] == kind}
    )


def takes_two(kinds: Iterable[str], *, is_override: bool) -> bool:
    """Whether a merge waits for a second person: agreement customers, and whoever goes against a safeguard.

    >>> takes_two(["R", "A"], is_override=False), takes_two(["R"], is_override=False), takes_two([], is_override=True)
    (True, False, True)
    """
    return is_override or not AGREEMENTS.isdisjoint(kinds)


class Standing(NamedTuple):
    """What speaks for a customer to survive, the weightier first: an agreement, more sources, the older code."""

    kinds: frozenset[str]
    sources: int
    customer: int


def survivor_first(one: Standing, other: Standing) -> tuple[int, int]:
    """(survivor, absorbed) as they are proposed; people may turn them round.

    >>> survivor_first(Standing(frozenset("R"), 9, 1), Standing(frozenset("A"), 1, 2))
    (2, 1)
    >>> survivor_first(Standing(frozenset("R"), 1, 8), Standing(frozenset("R"), 1, 7))
    (7, 8)
    """

    def weight(side: Standing) -> tuple[bool, int, int]:
        return (not AGREEMENTS.isdisjoint(side.kinds), side.sources, -side.customer)

    first, second = sorted((one, other), key=weight, reverse=True)
    return first.customer, second.customer


# --- owners


class Owner(NamedTuple):
    """Who looks after a customer in a line, under the customer's own code; `kind` of the relationship it rests on."""

    id: int
    customer: int
    line: str
    kind: str
    since: datetime


class Branch(NamedTuple):
    """A customer that was merged into another, and whose owner was chosen in which line."""

    absorbed: int
    owners: Mapping[str, Side]


Tree = Mapping[int, Sequence[Branch]]
"""Customer → what was merged into it, in the order of the merges."""


def standing_owner(
    customer: int, line: str, *, owners: Mapping[tuple[int, str], Owner], tree: Tree
) -> Owner | None:
    """Whose owner stands for a customer in a line, with everything that was merged into it.

    Where two meet: the one chosen with the merge, else the one with the higher kind (X-02), else who has looked after
    their customer for longer.
    """
    stands = owners.get((customer, line))
    for branch in tree.get(customer, ()):
        other = standing_owner(branch.absorbed, line, owners=owners, tree=tree)
        stands = of_two(stands, other, branch.owners.get(line))
    return stands


def of_two(stands: Owner | None, other: Owner | None, chosen: Side | None) -> Owner | None:
    if stands is None or other is None:
        return stands or other
    if chosen is not None:
        return stands if chosen == "survivor" else other
    if stands.kind != other.kind:
        return other if takes_over(other.kind, stands.kind) else stands
    return min(stands, other, key=lambda owner: (owner.since, owner.id))


def above(customer: int, merged_into: Mapping[int, int]) -> list[int]:
    """The aliases from a customer up to the survivor, which is none; `merged_into` maps aliases of one survivor.

    >>> above(4, {2: 1, 3: 2, 4: 3, 5: 1}), above(1, {2: 1})
    ([4, 3, 2], [])
    """
    found = []
    while customer in merged_into:
        found.append(customer)
        customer = merged_into[customer]
    return found


def beneath(customer: int, merged_into: Mapping[int, int]) -> set[int]:
    """A customer and everything merged into it, at any depth; `merged_into` maps aliases of one survivor.

    >>> sorted(beneath(2, {2: 1, 3: 2, 4: 3, 5: 1}))
    [2, 3, 4]
    """
    found = {customer}
    while more := {alias for alias, into in merged_into.items() if into in found} - found:
        found |= more
    return found
