"""From pairs to decisions: where new parties belong among known customers, among each other, or nowhere yet.

1. blocks      parties that share a look-up key meet
2. edges       the model weighs each pair; what people decided stands above it
3. torn        who fits two known customers about equally well joins neither
4. clusters    the agglomeration of the batch, known customers joined beforehand and never with each other
5. reviews     what remains between clusters is for a steward
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hongyan.identity.batch.clusters import MARGIN, Decided, Edge, agglomerate
from hongyan.identity.batch.parties import COMPARED
from hongyan.identity.model.conditions import Row
from hongyan.identity.model.weights import Model
from hongyan.identity.online.keys import candidate_keys
from hongyan.identity.online.party import Among, Party, Worth
from hongyan.identity.online.scoring import Scorer, Weighed, scorer
from hongyan.identity.record import Kind
from hongyan.identity.verdict import BAND_SCORES, Band, Verdict

WINDOW = 64
"""With how many neighbours a party is compared under one key, on either side, in the order of their digests."""

Pair = tuple[int, int]
Life = tuple[str, str]
"""Type and number of a credential that stays for life."""

WITNESSES = ("phone", "email", "address")
"""What has to be the same so that two with different numbers for life are shown to a steward. Measured on a demo of
8,000 made-up customers: of 15 such pairs that shared a name and at most a county none was one, nor anything wrong; in
all 3 that shared an address besides, a record without a number stood with the wrong one."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people have decided about pairs of party ids, in either order; see ``Decided``."""

    must: Collection[Pair] = ()
    override: Collection[Pair] = ()
    cannot: Collection[Pair] = ()


NONE = Decisions()


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
    steward should look at, the most likely first.
    """

    group: int
    customer: int | None
    verdict: Verdict | None
    reviews: tuple[Review, ...] = ()


def place(
    fresh: Sequence[Party],
    known: Mapping[int, Sequence[Party]],
    *,
    models: Mapping[Kind, Model],
    worth: Mapping[Kind, Worth],
    decisions: Decisions = NONE,
) -> list[Placement]:
    """Where new parties belong; ``known`` customer → its parties, as far as they may be met.

    The same decision serves a chunk of a file and one record typed by hand. Persons and organisations never meet.
    The order of the new parties means nothing.
    """
    found: dict[int, Placement] = {}
    for kind, model in models.items():
        nodes = [_Node(p, None, position) for position, p in enumerate(fresh) if p.kind == kind]
        if nodes:
            nodes += [_Node(p, id_, -1) for id_, parties in known.items() for p in parties if p.kind == kind]
            found |= _Placing(model, nodes, worth[kind], decisions).placements()
    return [found[position] for position in range(len(fresh))]


@dataclass(frozen=True, slots=True)
class _Node:
    """A party on either side: its customer when known, else None and its position among the new ones."""

    party: Party
    customer: int | None
    position: int = -1


class _Placing:
    """The parties of one kind on their way through the steps, numbered: known ones first, new ones by what they say."""

    def __init__(self, model: Model, nodes: Sequence[_Node], worth: Worth, decisions: Decisions) -> None:
        self.scorer: Scorer = scorer(model)
        self.kind: Kind = model.kind
        known = [node for node in nodes if node.customer is not None]
        new = [node for node in nodes if node.customer is None]
        known.sort(key=lambda node: (node.customer or 0, node.party.id or 0))
        new.sort(key=lambda node: (_digest(node.party), node.position))
        self.nodes = [*known, *new]
        self.news = range(len(known), len(nodes))
        self.rows: dict[int, Row] = {number: node.party.row for number, node in enumerate(self.nodes)}
        self.worth = Among(worth, model.kind, self.rows.values())
        self.decided = self._decided(decisions)
        self.weighed: dict[Pair, Weighed] = {}
        self.edges: list[Edge] = []

    def placements(self) -> dict[int, Placement]:
        """Position of each new party → where it belongs."""
        self._weigh()
        return self._placed(*self._clustered())

    def _decided(self, decisions: Decisions) -> Decided:
        numbers = {node.party.id: n for n, node in enumerate(self.nodes) if node.party.id is not None}

        def pairs(found: Collection[Pair]) -> frozenset[Pair]:
            met = (
                sorted((numbers[one], numbers[other]))
                for one, other in found
                if one in numbers and other in numbers
            )
            return frozenset((a, b) for a, b in met)

        return Decided(pairs(decisions.must), pairs(decisions.override), pairs(decisions.cannot))

    def _weigh(self) -> None:
        """``edges``, the strongest first; what was decided needs no evidence."""
        must = {pair for pair in self.decided.must if pair[1] in self.news}
        for pair in sorted((self._without_two_ids(self._pairs()) | must) - self.decided.cannot):
            weighed = self.scorer.weigh(self.rows[pair[0]], self.rows[pair[1]], self.worth)
            if weighed and (weighed.band != "new" or pair in must):
                self.weighed[pair] = weighed
                self.edges.append(Edge(*pair, math.inf if pair in must else weighed.bits))
            elif pair in must:
                self.edges.append(Edge(*pair, math.inf))
        self.edges.sort(key=lambda edge: (-edge.bits, edge.a, edge.b))

    def _without_two_ids(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Without the pairs of two different numbers for life, which most are: a safeguard would rule them out."""
        numbers = [_number_for_life(self.rows[node]) for node in range(len(self.nodes))]

        def may_be_one(ours: Life | None, theirs: Life | None) -> bool:
            return ours is None or theirs is None or ours[0] != theirs[0] or ours == theirs

        return {(a, b) for a, b in pairs if may_be_one(numbers[a], numbers[b])}

    def _is_join(self, edge: Edge) -> bool:
        return edge.bits == math.inf or self.weighed[edge.a, edge.b].band == "join"

    def _pairs(self) -> set[Pair]:
        """Pairs under a common key, at least one of them new."""
        new: dict[tuple[str, str], list[int]] = defaultdict(list)
        old: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number in self.news:
            for key in candidate_keys(self.kind, self.rows[number]):
                new[key].append(number)
        for number in range(self.news.start):
            for key in candidate_keys(self.kind, self.rows[number]):
                if key in new and len(old[key]) < WINDOW:
                    old[key].append(number)
        pairs = {pair for key, block in old.items() for pair in product(block, new[key])}
        for block in new.values():
            for place_, one in enumerate(block[:-1], 1):
                pairs.update((one, other) for other in block[place_ : place_ + WINDOW])
        return pairs

    def _clustered(self) -> tuple[list[int], set[int]]:
        """(the leader of each number, who is torn): the agglomeration of those that some edge could join."""
        torn = self._torn()
        joins = [
            edge
            for edge in self.edges
            if self._is_join(edge) and not (edge.b in torn and edge.a not in self.news)
        ]
        touched = {number for edge in joins for number in (edge.a, edge.b)}
        customers = {self.nodes[number].customer for number in touched} - {None}
        touched |= {n for n in range(self.news.start) if self.nodes[n].customer in customers}
        rows = {number: self.rows[number] for number in sorted(touched)}
        known = {number: id_ for number in touched if (id_ := self.nodes[number].customer) is not None}
        grouping = agglomerate(self.kind, joins, rows, known=known, decided=self.decided)
        return [grouping.leaders.get(number, number) for number in self.rows], torn | grouping.torn

    def _torn(self) -> set[int]:
        """New parties that fit two known customers about equally well who are not plainly one themselves."""
        best: dict[int, dict[int, Edge]] = defaultdict(dict)
        for edge in self.edges:
            customer = self.nodes[edge.a].customer
            if customer is not None and self._is_join(edge):
                best[edge.b].setdefault(customer, edge)
        return {number for number, found in best.items() if self._is_torn([*found.values()])}

    def _is_torn(self, found: list[Edge]) -> bool:
        first, *others = found
        rivals = [edge for edge in others if edge.bits >= first.bits - MARGIN]
        return any(not self._are_one(first.a, rival.a) for rival in rivals)

    def _are_one(self, one: int, other: int) -> bool:
        """Whether two known customers are such that a steward would only have to merge them."""
        customers = {self.nodes[one].customer, self.nodes[other].customer}
        if any({self.nodes[a].customer, self.nodes[b].customer} == customers for a, b in self.decided.cannot):
            return False
        weighed = self.scorer.weigh(self.rows[one], self.rows[other], self.worth)
        return weighed is not None and weighed.band == "join"

    def _placed(self, leaders: Sequence[int], torn: Collection[int]) -> dict[int, Placement]:
        customers = {leaders[n]: self.nodes[n].customer for n in range(self.news.start)}
        groups: dict[int, int] = {}
        for number in sorted(self.news, key=lambda n: self.nodes[n].position):
            groups.setdefault(leaders[number], self.nodes[number].position)
        reasons: dict[int, Edge] = {}
        reviews: dict[int, dict[Pair, Review]] = defaultdict(dict)
        numbers = self._numbers_for_life([customers.get(leader) or -1 - leader for leader in leaders])
        for edge in self.edges:
            if leaders[edge.a] != leaders[edge.b]:
                if _differ(numbers[edge.a], numbers[edge.b]) and not self._is_doubtful(edge):
                    continue
                # Of two new parties the later one asks.
                other, asking = sorted((edge.a, edge.b), key=lambda n: self.nodes[n].position)
                node = self.nodes[other]
                if (met := (node.customer or 0, node.position)) not in reviews[asking]:
                    two = None not in (customers.get(leaders[other]), customers.get(leaders[asking]))
                    verdict = self._kept_apart(edge, asking, two_customers=two, torn=torn)
                    reviews[asking][met] = Review(node.customer, node.position, verdict)
            elif self._is_join(edge):
                reasons.setdefault(edge.a, edge)
                reasons.setdefault(edge.b, edge)
        return {
            self.nodes[number].position: Placement(
                group=groups[leaders[number]],
                customer=customers.get(leaders[number]),
                verdict=self._verdict(reasons[number], number) if number in reasons else None,
                reviews=tuple(reviews[number].values()),
            )
            for number in self.news
        }

    def _numbers_for_life(self, customers: Sequence[int]) -> list[Mapping[str, set[str]]]:
        """For each party, type → the numbers for life that are known of its customer, new ones included."""
        found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for node, customer in enumerate(customers):
            if life := _number_for_life(self.rows[node]):
                found[customer][life[0]].add(life[1])
        return [found[customer] for customer in customers]

    def _is_doubtful(self, edge: Edge) -> bool:
        """Whether a pair is so alike that one of the two may be with the wrong number."""
        if edge.bits == math.inf:
            return True
        weighed = self.weighed[edge.a, edge.b]
        return weighed.band == "join" and any(weighed.outcomes[name] == "same" for name in WITNESSES)

    def _verdict(self, edge: Edge, number: int) -> Verdict:
        """The reasons of an edge, what the party ``number`` says put first."""
        other = edge.a if number == edge.b else edge.b
        weighed = self.weighed.get((edge.a, edge.b))
        outcomes = weighed.outcomes if weighed else None
        verdict = self.scorer.verdict(self.rows[number], self.rows[other], self.worth, outcomes)
        return _held(verdict, "join", "decided_same") if edge.bits == math.inf else verdict

    def _kept_apart(self, edge: Edge, number: int, *, two_customers: bool, torn: Collection[int]) -> Verdict:
        """The reasons of parties that stay two, with what kept them apart."""
        verdict = self._verdict(edge, number)
        if verdict.band != "join":
            return verdict
        if edge.a in torn or edge.b in torn:
            return _held(verdict, "review", "torn")
        # Two customers that exist are a steward's to merge: nothing speaks against it.
        return verdict if two_customers else _held(verdict, "review", "contradiction")


def _held(verdict: Verdict, band: Band, rule: str) -> Verdict:
    low, high = BAND_SCORES[band]
    return replace(verdict, band=band, score=min(max(verdict.score, low), high), rule=rule)


def _differ(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> bool:
    """Whether two have numbers for life of one type and none in common."""
    return any(one[type_].isdisjoint(other[type_]) for type_ in one.keys() & other.keys())


def _number_for_life(row: Row) -> Life | None:
    """The number of a row that the safeguard ``two_ids`` asks for."""
    if code := row.get("organisation_code"):
        return "organisation_code", code
    return (row["id_type"], row["id_key"]) if row.get("id_lifelong") else None


def _digest(party: Party) -> bytes:
    """What a party says, as a number that tells nothing of the order of the input."""
    said = [party.row.get(column) for column in COMPARED[party.kind]]
    return hashlib.blake2b(repr(said).encode(), digest_size=16).digest()
