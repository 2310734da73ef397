"""From verdicts to decisions: a batch among itself, new parties among known customers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from hongyan.identity.profile import Profile, merge_profiles
from hongyan.identity.rules import DEFAULT, NO_COUNTS, Settings, Verdict, compare, conflicts


@dataclass(frozen=True, slots=True)
class Edge:
    """Two profiles of one batch, by index, left smaller than right, and what was found between them."""

    left: int
    right: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Linkage:
    """The clusters of one batch.

    Fields: ``labels`` per profile the smallest index in its cluster; ``joins`` the edges that made them,
    enough to connect each; ``reviews`` the edges between clusters that a steward has to judge, among them
    joins that would have broken a rule.
    """

    labels: list[int]
    joins: tuple[Edge, ...]
    reviews: tuple[Edge, ...]


def cluster(
    profiles: Sequence[Profile], *, settings: Settings = DEFAULT, phone_names: Mapping[bytes, int] = NO_COUNTS
) -> list[int]:
    """Per profile the smallest index in its cluster; see ``link`` for the evidence."""
    return link(profiles, settings=settings, phone_names=phone_names).labels


def link(
    profiles: Sequence[Profile],
    *,
    known: int = 0,
    settings: Settings = DEFAULT,
    phone_names: Mapping[bytes, int] = NO_COUNTS,
) -> Linkage:
    """Resolve a batch by constrained agglomeration: strongest edge first, no union that holds a conflict.

    The first ``known`` profiles are customers that exist: they are never united with one another here, for
    that is a merge and a steward's. The result does not depend on the order of the others. ``phone_names``
    adds what is known of phones outside the batch; inside, the names are counted here.
    """
    near = _nearby(profiles)
    ranks = {index: _rank(profiles[index]) for index in near}
    kept, duplicates = _collapse(profiles, [index for index in near if index >= known], ranks, settings)
    counts = _phone_counts(profiles, phone_names)
    in_order = sorted([*(index for index in near if index < known), *kept], key=ranks.__getitem__)
    edges = [
        Edge(left, right, verdict)
        for left, right in _candidate_pairs(profiles, in_order, settings)
        if right >= known
        and (verdict := compare(profiles[left], profiles[right], settings=settings, phone_names=counts)).band
        != "new"
    ]
    edges.sort(key=lambda edge: (-edge.verdict.score, *sorted((ranks[edge.left], ranks[edge.right]))))
    torn = _torn(edges, known)
    clusters = _Clusters(profiles, known)
    joins = [edge for edge in duplicates if clusters.unite(edge)]
    joins += [
        edge
        for edge in edges
        if edge.verdict.band == "join"
        and not (edge.left < known and edge.right in torn and not _rests_on_id(edge.verdict))
        and clusters.unite(edge)
    ]
    labels = [clusters.find(index) for index in range(len(profiles))]
    reviews = tuple(edge for edge in edges if labels[edge.left] != labels[edge.right])
    return Linkage(labels, tuple(joins), reviews)


@dataclass(frozen=True, slots=True)
class Review:
    """A counterpart a steward should look at: a known customer, else the new party at ``position``."""

    customer: int | None
    position: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one new party belongs.

    Fields: ``customer`` a known customer, or None; new parties without one that share ``group`` are one new
    customer; ``verdict`` the strongest reason to be there, None when nothing was near; ``reviews`` what a
    steward should look at.
    """

    group: int
    customer: int | None
    verdict: Verdict | None
    reviews: tuple[Review, ...] = ()


def place(
    fresh: Sequence[Profile],
    customers: Mapping[int, Profile],
    *,
    settings: Settings = DEFAULT,
    phone_names: Mapping[bytes, int] = NO_COUNTS,
) -> list[Placement]:
    """Where new parties belong: among known customers, among each other, or nowhere yet.

    The same decision serves a chunk of a file and one record typed by hand.

    >>> one, two = (Profile("person", keys=frozenset({("C:01", b"i")}), names=frozenset({name}),
    ...             credentials=frozenset({("01", b"i")})) for name in ("张三", "张三"))
    >>> [placement.customer for placement in place([one], {7: two})]
    [7]
    """
    ids = sorted(customers)
    known = len(ids)
    linkage = link(
        [*(customers[id_] for id_ in ids), *fresh], known=known, settings=settings, phone_names=phone_names
    )
    reasons: dict[int, Verdict] = {}
    for edge in linkage.joins:
        for index in (edge.left, edge.right):
            reasons.setdefault(index, edge.verdict)
    reviews: dict[int, list[Review]] = defaultdict(list)
    for edge in linkage.reviews:
        customer = ids[edge.left] if edge.left < known else None
        reviews[edge.right].append(Review(customer, edge.left - known, edge.verdict))
    return [
        Placement(
            group=label - known if label >= known else index - known,
            customer=ids[label] if label < known else None,
            verdict=reasons.get(index),
            reviews=tuple(reviews.get(index, ())),
        )
        for index, label in enumerate(linkage.labels)
        if index >= known
    ]


def _nearby(profiles: Sequence[Profile]) -> list[int]:
    """The profiles that share a key with another one; all others are alone and cost nothing further."""
    first: dict[tuple[str, bytes], int] = {}
    near: set[int] = set()
    for index, profile in enumerate(profiles):
        for key in profile.keys:
            other = first.setdefault(key, index)
            if other != index:
                near.update((other, index))
    return sorted(near)


def _torn(edges: Sequence[Edge], known: int) -> set[int]:
    """New parties that would join several known customers: only an ID may decide, else a steward does."""
    customers: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        if edge.left < known and edge.verdict.band == "join":
            customers[edge.right].add(edge.left)
    return {index for index, found in customers.items() if len(found) > 1}


class _Clusters:
    """Disjoint sets whose members' merged profile is kept, so that a union can be refused."""

    def __init__(self, profiles: Sequence[Profile], known: int = 0) -> None:
        self._known = known
        self._parent = list(range(len(profiles)))
        self._profile = list(profiles)

    def find(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = index = self._parent[self._parent[index]]
        return index

    def unite(self, edge: Edge) -> bool:
        """Whether the edge made one cluster of two; the smallest index leads."""
        low, high = sorted((self.find(edge.left), self.find(edge.right)))
        if low == high or high < self._known or conflicts(self._profile[low], self._profile[high]):
            return False
        self._parent[high] = low
        if self._profile[low] != self._profile[high]:
            self._profile[low] = merge_profiles((self._profile[low], self._profile[high]))
        return True


def _collapse(
    profiles: Sequence[Profile], indexes: Sequence[int], ranks: Mapping[int, bytes], settings: Settings
) -> tuple[list[int], list[Edge]]:
    """(indexes to compare further, edges between equal profiles): files repeat a party many times.

    Equal profiles are one party only if the rules say so: two people can share all that is known of them, a
    name.
    """
    groups: dict[bytes, list[int]] = defaultdict(list)
    for index in indexes:
        groups[ranks[index]].append(index)
    kept: list[int] = []
    edges: list[Edge] = []
    for first, *others in groups.values():
        kept.append(first)
        if (
            others
            and (verdict := compare(profiles[first], profiles[first], settings=settings)).band == "join"
        ):
            edges.extend(Edge(first, other, verdict) for other in others)
        else:
            kept.extend(others)
    return kept, edges


def _candidate_pairs(
    profiles: Sequence[Profile], in_order: Sequence[int], settings: Settings
) -> Iterator[tuple[int, int]]:
    """Pairs that share a key; in a crowded key each profile meets its neighbours in canonical order."""
    blocks: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for index in in_order:
        for key in profiles[index].keys:
            blocks[key].append(index)
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) <= settings.block_window:
            pairs.update(combinations(block, 2))
            continue
        for position, index in enumerate(block):
            pairs.update(
                (index, other) for other in block[position + 1 : position + 1 + settings.block_window]
            )
    yield from ((left, right) if left < right else (right, left) for left, right in pairs)


def _phone_counts(profiles: Sequence[Profile], known: Mapping[bytes, int]) -> dict[bytes, int]:
    names: dict[bytes, set[str]] = defaultdict(set)
    for profile in profiles:
        for phone in profile.phones:
            names[phone] |= profile.names
    return dict(known) | {phone: max(known.get(phone, 0), len(found)) for phone, found in names.items()}


def _rank(profile: Profile) -> bytes:
    """A digest of what the profile says: an order that does not depend on that of the input."""
    text = "\x1e".join(
        "\x1f".join(sorted(map(repr, value))) if isinstance(value, frozenset) else str(value)
        for value in (getattr(profile, field.name) for field in fields(profile))
    )
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _rests_on_id(verdict: Verdict) -> bool:
    return any(item.code == "credential" and item.outcome == "same" for item in verdict.evidence)
