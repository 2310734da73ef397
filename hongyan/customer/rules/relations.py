"""What becomes of known relations when they are derived anew (关系更新). Pure.

A derivation never overrules a person: what was confirmed stays, what was refused stays away unless there are new
grounds. What nobody has spoken of follows the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hongyan.customer.codes import RelationSource, RelationState, RelationType
from hongyan.identity.relations.grounds import Ground, Relation, Type, deciders

TYPES: Mapping[Type, RelationType] = {
    "household": RelationType.FAMILY,
    "branch": RelationType.GROUP,
    "group": RelationType.GROUP,
    "representative": RelationType.LEGAL_PERSON,
}
"""What the rules find, as L09 calls it."""


class Pair(NamedTuple):
    """Two homes, the smaller first, and what is said of them."""

    one: int
    other: int
    type: str


class Stored(NamedTuple):
    """A relation in force, `upper` the home that stands above."""

    id: int
    pair: Pair
    role: str
    upper: int | None
    source: str
    state: str
    confidence: int
    grounds: tuple[Ground, ...]

    @property
    def deciders(self) -> tuple[int, ...]:
        """Whose neighbours have to be known to say whether it still holds."""
        return deciders(self.pair.one, self.pair.other, self.role, self.upper)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written: ids that end, ids whose grounds changed, what is new. Empty when nothing happened."""

    ended: list[int] = field(default_factory=list)
    altered: dict[int, Relation] = field(default_factory=dict)
    opened: list[Relation] = field(default_factory=list)


def pair_of(found: Relation) -> Pair:
    """Which relation a finding speaks of."""
    return Pair(found.one, found.other, TYPES[found.type].value)


def reconcile(stored: Iterable[Stored], found: Iterable[Relation]) -> Changes:
    """How stored relations follow what is found now, of the same customers."""
    wanted = {pair_of(one): one for one in found}
    changes, standing = Changes(), set[Pair]()
    for one in sorted(stored, key=lambda one: (one.state == RelationState.PROPOSED, one.id)):
        finding = wanted.get(one.pair)
        if one.pair in standing and one.state == RelationState.PROPOSED:
            changes.ended.append(one.id)  # said twice, since a party went to another home
        elif _ends(one, finding):
            changes.ended.append(one.id)
        else:
            standing.add(one.pair)
            if finding and _is_altered(one, finding):
                changes.altered[one.id] = finding
    changes.opened.extend(wanted[pair] for pair in sorted(wanted.keys() - standing))
    return changes


def _ends(one: Stored, finding: Relation | None) -> bool:
    if one.source == RelationSource.DECLARED or one.state == RelationState.CONFIRMED:
        return False
    if one.state == RelationState.REFUSED:
        return finding is not None and bool(_codes(finding.grounds) - _codes(one.grounds))
    return finding is None or (finding.role, finding.upper) != (one.role, one.upper)


def _is_altered(one: Stored, finding: Relation) -> bool:
    is_open = one.source == RelationSource.DERIVED and one.state == RelationState.PROPOSED
    return is_open and (finding.confidence, finding.grounds) != (one.confidence, one.grounds)


def _codes(grounds: Iterable[Ground]) -> set[str]:
    return {ground.code for ground in grounds}
