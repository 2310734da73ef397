"""From edges to clusters: strongest first, refusing a union that would bring together what a safeguard keeps apart.

Other engines take every connected component; one phone then chains a family into one customer.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from hongyan.identity.model.comparisons import COMPARISONS
from hongyan.identity.model.conditions import Row
from hongyan.identity.model.safeguards import APART
from hongyan.identity.record import Kind

MARGIN = 4.0
"""Bits by which one of two rivals must be the better owner of an incomplete name."""
_WEAK = 6.0
_LARGE = 3


class Edge(NamedTuple):
    """Two parties that may be one, a below b, and the evidence in bits."""

    a: int
    b: int
    bits: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two groups of several parties each that hang together by one weak edge."""

    edge: Edge
    sizes: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people have decided about pairs of parties (a below b), above all evidence.

    ``cannot`` wins over everything; ``must`` overrules what different names say; two different IDs for life
    only where the pair stands in ``override`` too, for which two persons vouch.
    """

    must: frozenset[tuple[int, int]] = frozenset()
    override: frozenset[tuple[int, int]] = frozenset()
    cannot: frozenset[tuple[int, int]] = frozenset()


UNDECIDED = Decided()
NOBODY: Mapping[int, int] = MappingProxyType({})


@dataclass(slots=True)
class Grouping:
    """The result within one component: party → leader, parties that fit several people, refused edges, bridges."""

    leaders: dict[int, int]
    torn: set[int] = field(default_factory=set)
    refused: list[Edge] = field(default_factory=list)
    bridges: list[Bridge] = field(default_factory=list)


class Forest:
    """Disjoint sets of the numbers below ``size``; the smallest number of a set leads it.

    >>> forest = Forest(10)
    >>> forest.unite(3, 5), forest.unite(5, 9), forest.unite(3, 9), forest.find(9)
    (True, True, False, 3)
    """

    def __init__(self, size: int) -> None:
        self.parents = array("q", range(size))

    def find(self, number: int) -> int:
        """The leader of the set that holds the number."""
        parents = self.parents
        while (above := parents[number]) != number:
            parents[number] = number = parents[above]
        return number

    def unite(self, one: int, other: int) -> bool:
        """Whether one set was made of two."""
        one, other = self.find(one), self.find(other)
        if one == other:
            return False
        self.parents[max(one, other)] = min(one, other)
        return True

    def leaders(self) -> array[int]:
        """The leader of each number."""
        parents = self.parents
        for number, above in enumerate(parents):  # ascending: what is above is settled already
            parents[number] = parents[above]
        return parents


def agglomerate(
    kind: Kind,
    edges: Sequence[Edge],
    rows: Mapping[int, Row],
    *,
    known: Mapping[int, int] = NOBODY,
    decided: Decided = UNDECIDED,
) -> Grouping:
    """The clusters of one component; ``rows`` holds every party in it.

    ``known`` party → customer: the parties of one customer are one from the start, whatever they say, and two
    customers never unite here. Edges are taken by evidence, then by party numbers, which follow the digests of
    what the parties say: the order of the input never matters. What is decided comes first.
    """
    apart = _Apart(kind, rows, decided)
    torn = _torn(edges, rows, apart)
    clusters = {party: _Cluster.of(party, row, known.get(party)) for party, row in rows.items()}
    leader = {party: party for party in rows}
    result = Grouping(leader, torn)

    def unite(one: int, other: int) -> None:
        leader.update(dict.fromkeys(clusters[other].parties, one))
        clusters[one].absorb(clusters.pop(other))

    first: dict[int, int] = {}
    for party in sorted(known.keys() & rows.keys()):
        one = first.setdefault(known[party], party)
        if one != party:
            unite(one, party)
    for edge in sorted(edges, key=lambda e: ((e.a, e.b) not in decided.must, -e.bits, e.a, e.b)):
        one, other = sorted((leader[edge.a], leader[edge.b]))
        if one == other:
            continue
        is_torn = (edge.a in torn or edge.b in torn) and (edge.a, edge.b) not in decided.must
        if is_torn or apart.between(clusters[one], clusters[other], edge):
            result.refused.append(edge)
            continue
        sizes = len(clusters[one].parties), len(clusters[other].parties)
        if edge.bits < _WEAK and min(sizes) >= _LARGE:
            result.bridges.append(Bridge(edge, sizes))
        unite(one, other)
    return result


@dataclass(slots=True)
class _Cluster:
    """What the parties of a cluster say, as far as safeguards ask.

    ``ids`` type → numbers for life; ``names`` name → one party that bears it; ``attested`` number → names under it;
    ``customer`` whose parties they are, where that is settled.
    """

    parties: list[int]
    ids: dict[str, set[str]]
    names: dict[str, int]
    attested: dict[str, set[str]]
    customer: int | None

    @classmethod
    def of(cls, party: int, row: Row, customer: int | None = None) -> _Cluster:
        name = row.get("name_key") or ""
        ids = {row["id_type"]: {row["id_key"]}} if row.get("id_key") and row.get("id_lifelong") else {}
        if code := row.get("organisation_code"):
            ids = {"organisation_code": {code}}
        number = row.get("id_number") if row.get("id_status") != "masked" else None
        return cls([party], ids, {name: party} if name else {}, {number: {name}} if number else {}, customer)

    def absorb(self, other: _Cluster) -> None:
        self.parties += other.parties
        self.customer = other.customer if self.customer is None else self.customer
        for type_, numbers in other.ids.items():
            self.ids.setdefault(type_, set()).update(numbers)
        for name, party in other.names.items():
            self.names.setdefault(name, party)
        for id_key, names in other.attested.items():
            self.attested.setdefault(id_key, set()).update(names)


class _Apart:
    """Whether two clusters hold something that must not meet."""

    def __init__(self, kind: Kind, rows: Mapping[int, Row], decided: Decided) -> None:
        self._rows = rows
        self._decided = decided
        self._foes: dict[int, set[int]] = defaultdict(set)
        for a, b in decided.cannot:
            self._foes[a].add(b)
            self._foes[b].add(a)
        comparisons = {comparison.name: comparison for comparison in COMPARISONS[kind]}
        self._rules = [(rule, comparisons[rule.comparison]) for rule in APART[kind]]
        self._known: dict[tuple[int, int], bool | None] = {}

    def between(self, one: _Cluster, other: _Cluster, edge: Edge) -> bool:
        """Two customers, two different IDs for life, or two different names that no number attests to be of one.

        An edge that joins two spellings by its other evidence (a slip of the keyboard, the birth date agrees)
        vouches for a cluster that knows only the one spelling.
        """
        pair = (edge.a, edge.b)
        foes = (self._foes[party] for party in one.parties if party in self._foes)
        if any(not found.isdisjoint(other.parties) for found in foes):
            return True
        if one.customer is not None and other.customer is not None:
            return True
        if pair not in self._decided.override and _two_ids(one, other):
            return True
        if pair in self._decided.must:
            return False
        vouched = min(len(one.names), len(other.names)) == 1 and self.names(edge.a, edge.b)
        for ours, first in one.names.items():
            for theirs, second in other.names.items():
                if ours == theirs or ours in other.names or theirs in one.names:
                    continue
                barred = self._barred(first, second)
                explained = (
                    vouched or self._alias(ours, second, one, other) or self._alias(theirs, first, other, one)
                )
                if barred is False or (barred and not explained):
                    return True
        return False

    def _alias(self, name: str, stranger: int, cluster: _Cluster, other: _Cluster) -> bool:
        """Whether a number is known under the name and under one that the stranger's name agrees with."""
        known = (
            alias
            for number, names in cluster.attested.items()
            if name in names
            for alias in names | other.attested.get(number, set())
        )
        for alias in known:
            party = cluster.names.get(alias, other.names.get(alias, stranger))
            if party == stranger or (
                self._rows[party].get("name_complete") and not self.names(party, stranger)
            ):
                return True
        return False

    def names(self, first: int, second: int) -> bool:
        """Whether the names of two parties are of two, if nothing else is known of them."""
        return self._barred(first, second) is not None

    def _barred(self, first: int, second: int) -> bool | None:
        """None: nothing against it; True: unless attested; False: whatever attests it."""
        pair = (first, second) if first < second else (second, first)
        if pair not in self._known:
            left, right = (self._rows[party] for party in pair)
            broken = (
                rule.attested
                for rule, comparison in self._rules
                if comparison.outcome(left, right) in rule.outcomes
            )
            self._known[pair] = next(broken, None)
        return self._known[pair]


def _two_ids(one: _Cluster, other: _Cluster) -> bool:
    """Whether each holds a number for life of one type that the other lacks; who holds two takes either back."""
    return any(
        not (numbers <= theirs or theirs <= numbers)
        for type_, numbers in one.ids.items()
        if (theirs := other.ids.get(type_))
    )


def _torn(edges: Sequence[Edge], rows: Mapping[int, Row], apart: _Apart) -> set[int]:
    """Parties known by an incomplete name without ID that fit two different people about equally well."""
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for edge in edges:
        for party, other in ((edge.a, edge.b), (edge.b, edge.a)):
            if _is_brief(rows[party]):
                near[party].append((edge.bits, other))
    return {party for party, found in near.items() if _rivals(found, apart)}


def _is_brief(row: Row) -> bool:
    """Whether a name may be that of several (王女士, 王*明; 苏州鼎盛 without industry), and no number tells."""
    if row.get("id_number") and row.get("id_status") != "masked":
        return False
    if row.get("stem"):
        return row.get("name_form") == "short" and not row.get("industry")
    return not row.get("name_complete")


def _rivals(found: list[tuple[float, int]], apart: _Apart) -> bool:
    best = max(bits for bits, _ in found)
    close = sorted(other for bits, other in found if bits > best - MARGIN)
    return any(apart.names(first, second) for first, second in combinations(close[:20], 2))
