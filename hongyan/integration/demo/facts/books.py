"""The books (账簿) of a delivery: everybody's business, spread over the systems she deals with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hongyan.integration.demo import truth
from hongyan.integration.demo.clerk import Clerk, Form
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts.ecif import Ecif
from hongyan.integration.demo.facts.ems85 import Ems85
from hongyan.integration.demo.facts.files import FactFile, Truth, money
from hongyan.integration.demo.facts.kgs import Kgs
from hongyan.integration.demo.facts.lives import Life, LivesFile, live, read_traits, traits_of
from hongyan.integration.demo.facts.psb import Psb
from hongyan.integration.demo.facts.sdc import Sdc
from hongyan.integration.demo.facts.source import Season, Source
from hongyan.integration.demo.facts.xbd import Xbd
from hongyan.integration.demo.facts.yy import Yy
from hongyan.integration.demo.network import Outlet
from hongyan.integration.demo.numbers import Numbers
from hongyan.integration.demo.world import Customer

LIVES_CSV, WITHHELD_JSON = "lives.csv", "withheld.json"
LATE = "late_customer"
FACTS_NUMBERS = 500
"""Part of each identifier range from which these systems take theirs: this for the first load, the next ones later."""


@dataclass(frozen=True, slots=True)
class FileSums:
    """Rows of a file of facts as delivered; amount in yuan, volume in pieces or grams."""

    rows: int
    amount: str
    volume: int


@dataclass(frozen=True, slots=True)
class MonthSums:
    """Facts of one kind and nature in one month; amount in yuan, volume in pieces or grams."""

    facts: int
    amount: str
    volume: int


class Books:
    """Enters customers and their business; `close` writes the files."""

    def __init__(self, out: Path, *, season: Season, truth_file: truth.TruthFile) -> None:
        self.season = season
        self.truth = Truth()
        self._lives_path = out / LIVES_CSV
        self._withheld_path = out / WITHHELD_JSON
        self._withheld: list[dict[str, Any]] = []
        self._truth_file = truth_file
        self._clerk = Clerk(
            draw=Draw(f"forms {season.seed} {season.delivery}"),
            numbers=Numbers(delivery=FACTS_NUMBERS + season.delivery),
        )
        express = Ems85(out, season=season, truth=self.truth)
        self._yy = Yy(out, season=season, truth=self.truth, express=express)
        others = (kind(out, season=season, truth=self.truth) for kind in (Kgs, Xbd, Psb, Ecif, Sdc))
        self.sources: dict[str, Source] = {source.code: source for source in (self._yy, express, *others)}
        self._lives = None if season.delivery else LivesFile(self._lives_path)

    def enter(self, customers: Sequence[Customer]) -> Iterator[tuple[Customer, str, str]]:
        """Enter new customers with their business; yields (customer, system, key) of each who has any."""
        for customer in customers:
            life = live(self.season.seed, traits_of(customer), as_of=self.season.first_load)
            for system in life.systems:
                self._register(life, customer, self.sources[system])
                yield customer, system, life.key(system)
            if life.systems and self._lives:
                self._lives.add(life)
            self._business(life)

    def catch_up(self) -> None:
        """Enter the customers whose business came a delivery before they did."""
        for late in json.loads(self._withheld_path.read_text(encoding="utf-8")):
            for kind, line, sums in late["rows"]:
                self.sources[late["system"]].files[kind].add(line, *sums)
            self._truth_file.add(late["system"], truth.CUSTOMER, late["key"], late["entity"], late["notes"])

    def go_on(self) -> None:
        """The business of the customers of the first load."""
        for traits in read_traits(self._lives_path):
            self._business(live(self.season.seed, traits, as_of=self.season.first_load))

    def walk_ins(self, outlets: Sequence[Outlet]) -> None:
        """The business of people nobody knows."""
        self._yy.walk_ins(outlets)

    def close(self) -> tuple[Path, ...]:
        """Write the files; answers their paths."""
        if self._lives:
            self._lives.close()
            self._withheld_path.write_text(json.dumps(self._withheld, ensure_ascii=False), encoding="utf-8")
        return tuple(path for source in self.sources.values() for path in source.close())

    def sums_of_files(self) -> dict[str, FileSums]:
        """File name → its sums, for all files of facts."""
        return {
            file.path.name: FileSums(file.rows, money(file.sums[0]), file.sums[1])
            for source in self.sources.values()
            for file in source.files.values()
            if isinstance(file, FactFile) and file.rows
        }

    def months(self) -> dict[str, MonthSums]:
        """What the delivery changes: "target/system/nature/yyyy-mm" → sums."""
        return {
            "/".join(place): MonthSums(measure.facts, money(measure.amount), measure.volume)
            for place, measure in sorted(self.truth.months.items())
        }

    def _register(self, life: Life, customer: Customer, source: Source) -> None:
        form, notes = self._clerk.fill(customer, source.code)
        key = life.key(source.code)
        if life.late and not self.season.delivery:
            rows = _withheld(source, life, form)
            late = {
                "system": source.code,
                "key": key,
                "entity": customer.entity,
                "notes": [*notes, LATE],
                "rows": rows,
            }
            self._withheld.append(late)
            return
        source.register(life, form)
        self._truth_file.add(source.code, truth.CUSTOMER, key, customer.entity, notes)

    def _business(self, life: Life) -> None:
        for system in life.systems:
            self.sources[system].business(life)


def _withheld(source: Source, life: Life, form: Form) -> list[tuple[str, str, tuple[int, ...]]]:
    """(kind, line, sums) of the rows of a customer, kept out of this delivery for the next."""
    for file in source.files.values():
        file.withheld = []
    source.register(life, form)
    rows = [(kind, *row) for kind, file in source.files.items() for row in file.withheld or ()]
    for file in source.files.values():
        file.withheld = None
    return rows
