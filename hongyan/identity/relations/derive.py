"""Relations among many customers (关系推导): the same however they are ordered, and however often it is asked.

1. crowds      what many share says nothing: dormitories, offices, switchboards, agents
2. persons     pairs that share a door or a phone
3. parts       each branch, among the companies that its name or code may mean
4. owners      companies that share a door or a phone; persons with companies that name them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hongyan.identity.relations.companies import affiliates, is_part, part_of
from hongyan.identity.relations.grounds import Relation
from hongyan.identity.relations.households import household
from hongyan.identity.relations.keys import own_names, whole_names
from hongyan.identity.relations.members import Member
from hongyan.identity.relations.representatives import represents


@dataclass(frozen=True, slots=True)
class Limits:
    """``most``: so many customers behind one door or on one phone still may be a household; ``least``: percent of
    confidence below which nothing is said."""

    most: int = 8
    least: int = 75


LIMITS = Limits()
Pair = tuple[int, int]


def derive(
    members: Sequence[Member], *, limits: Limits = LIMITS, crowded: Collection[str] = ()
) -> list[Relation]:
    """All relations among customers, in the order of their ids.

    ``crowded`` are phones and doors of which the caller knows that many share them, though not all are here.
    """
    by_id = {member.id: member for member in members}
    found = (
        *_of_ties(by_id, limits, frozenset(crowded)),
        *_of_parts(by_id, limits),
    )
    return sorted({one for one in found if one is not None and one.confidence >= limits.least})


def _of_ties(
    members: dict[int, Member], limits: Limits, crowded: frozenset[str]
) -> Iterator[Relation | None]:
    phones = _shared(members.values(), lambda member: member.numbers, limits.most, crowded)
    doors = _shared(members.values(), lambda member: member.doors, limits.most, crowded)
    cards = _shared(members.values(), lambda member: member.cards, limits.most, frozenset())
    for pair in phones.keys() | doors.keys() | cards.keys():
        one, other = (members[id_] for id_ in pair)
        shared, homes = frozenset(phones.get(pair, ())), frozenset(doors.get(pair, ()))
        match one.kind, other.kind:
            case "person", "person":
                yield household(one, other, shared, homes)
            case "organisation", "organisation":
                yield affiliates(one, other)
            case "person", "organisation":
                yield represents(one, other, shared, homes)
            case _:
                yield represents(other, one, shared, homes)


def _shared(
    members: Iterable[Member], values: Callable[[Member], Iterable[str]], most: int, crowded: frozenset[str]
) -> dict[Pair, set[str]]:
    """Pair of ids → the values that both have and not too many others."""
    holders: dict[str, set[int]] = defaultdict(set)
    for member in members:
        for value in values(member):
            holders[value].add(member.id)
    found: dict[Pair, set[str]] = defaultdict(set)
    for value, ids in holders.items():
        if 1 < len(ids) <= most and value not in crowded:
            for pair in combinations(sorted(ids), 2):
                found[pair].add(value)
    return found


def _of_parts(members: dict[int, Member], limits: Limits) -> Iterator[Relation | None]:
    """Each part with the companies that stand under its code, its whole name or its trade name."""
    organisations = [member for member in members.values() if member.kind == "organisation"]
    under: dict[str, set[int]] = defaultdict(set)
    for member in organisations:
        if not is_part(member):
            for key in (*own_names(member), *member.said("organisation_code")):
                under[key].add(member.id)
    for member in organisations:
        if is_part(member):
            keys = (*whole_names(member), *member.said("organisation_code"))
            ids = set().union(*(under.get(key, ()) for key in keys))
            yield part_of(member, [members[id_] for id_ in sorted(ids)], least=limits.least)
