"""P2R: relations derived among the customers that the engine itself made of made-up records, against the truth.

A pair of customers counts as right when it is of two people of one household, an edge when a part is given to its own
company. Wrong is also who is called a relative of herself: one person in two customers. Recall is of all pairs and
parts there are, also of those whose records have nothing in common. The seeds were never used for tuning.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from bench.identity import measure
from bench.identity.elsewhere.clerks import ledgers, town
from bench.identity.habits import COPIES
from bench.identity.made_up import ROUGH, USUAL
from bench.identity.organisations import organisations
from bench.identity.persons import city, persons
from bench.identity.records import World
from bench.rows import Row, at_least, figure
from hongyan.identity.evaluate import Rates
from hongyan.identity.normalise.batch import normalise_table
from hongyan.identity.record import Kind
from hongyan.identity.relations.derive import derive
from hongyan.identity.relations.grounds import Relation
from hongyan.identity.relations.members import Member, member

BAR = 95.0
"""Percent of what is derived that has to be right: people are shown it."""

Truth = tuple[str, str]
"""Whose a customer is: entity, and its household or company group."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Relations against the truth: how many, how many right, how many there are to find, how many of those found."""

    derived: int
    right: int
    true: int
    found: int

    @property
    def rates(self) -> Rates:
        """Precision and recall, 0–1."""
        return Rates(self.right / max(self.derived, 1), self.found / max(self.true, 1))


def run(size: int, folder: Path) -> list[Row]:
    """Households in four worlds, parts of companies in two."""
    people: dict[str, World] = {
        "usual": persons(4021, size, dirt=USUAL),
        "rough": persons(5077, size, dirt=ROUGH),
        "copies in one city": persons(6113, size, systems=COPIES, places=city("3205")),
        "a county town": town(7019, size),
        "ledgers": ledgers(7211, size),
    }
    firms = {"usual": organisations(4021, size, dirt=USUAL), "rough": organisations(5077, size, dirt=ROUGH)}
    return [
        *_measured(people, "person", judge_households, folder, what="household pairs"),
        *_measured(firms, "organisation", judge_parts, folder, what="parts of companies"),
    ]


def _measured(
    worlds: dict[str, World],
    kind: Kind,
    judge: Callable[[World, Sequence[str]], Judged],
    folder: Path,
    *,
    what: str,
) -> Iterable[Row]:
    for name, world in worlds.items():
        place = folder / f"{kind} {name}".replace(" ", "_")
        place.mkdir(parents=True, exist_ok=True)
        world.write(place / "records.csv", place / "truth.csv")
        clusters, _, _ = measure.ours(place / "records.csv", kind, place)
        judged = judge(world, clusters)
        case = f"{name}, {len(world.rows):,} records: {what}"
        yield figure("P2R", f"{case} derived", judged.derived, "pairs")
        yield at_least("P2R", f"{case}, right", 100 * judged.rates.precision, "%", BAR)
        yield figure("P2R", f"{case}, found of all there are", 100 * judged.rates.recall, "%")


def judge_households(world: World, clusters: Sequence[str]) -> Judged:
    """Relations among persons; ``clusters`` the customer of each record."""
    members, truths = customers_of(world, "person", clusters)
    found = [(truths[one.one], truths[one.other]) for one in derive(members) if one.type == "household"]
    right = [(one, other) for one, other in found if one[0] != other[0] and one[1] == other[1] != ""]
    homes: dict[str, set[str]] = defaultdict(set)
    for entity, group in truths:
        homes[group].add(entity)
    true = sum(len([*combinations(people, 2)]) for group, people in homes.items() if group)
    met = {frozenset((one[0], other[0])) for one, other in right}
    return Judged(len(found), len(right), true, len(met))


def judge_parts(world: World, clusters: Sequence[str]) -> Judged:
    """Edges from branches and departments to their companies; a group is numbered after the company at its head."""
    members, truths = customers_of(world, "organisation", clusters)
    parts = {row.entity for row in world.rows if "part" in row.errors}
    heads = {entity for entity, group in truths if entity not in parts and group[1:] == entity[1:]}
    edges = [_edge(one, truths) for one in derive(members) if one.type == "branch"]
    right = [
        part
        for part, whole in edges
        if part[0] in parts and whole[0] not in parts and part[1][1:] == whole[0][1:]
    ]
    with_heads = {entity for entity, group in truths if entity in parts and f"O{group[1:]}" in heads}
    return Judged(len(edges), len(right), len(with_heads), len({entity for entity, _ in right}))


def _edge(one: Relation, truths: Sequence[Truth]) -> tuple[Truth, Truth]:
    upper = one.upper or 0
    return truths[one.one + one.other - upper], truths[upper]


def customers_of(world: World, kind: Kind, clusters: Sequence[str]) -> tuple[list[Member], list[Truth]]:
    """(a member for each cluster, whose it is for the most part), members numbered by their place."""
    rows = normalise_table(pa.table(world.columns()), kind).to_pylist()
    at: dict[str, list[int]] = defaultdict(list)
    for place, cluster in enumerate(clusters):
        at[cluster].append(place)
    members, truths = [], []
    for number, places in enumerate(at.values()):
        said = ({key: value for key, value in rows[place].items() if value is not None} for place in places)
        members.append(member(number, kind, said))
        whose = Counter((world.rows[place].entity, world.rows[place].group) for place in places)
        truths.append(whose.most_common(1)[0][0])
    return members, truths
