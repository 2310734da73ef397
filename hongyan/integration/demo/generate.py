"""The generator: one seed, one size, one day → the drops of three source systems and their truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path

from hongyan.integration.demo.clerk import SECOND_KEY_RATE, Clerk
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.erp import STAFF_SHEET, UNITS_SHEET, write_erp
from hongyan.integration.demo.facts.books import Books, FileSums, MonthSums
from hongyan.integration.demo.facts.lives import SYSTEMS, shown
from hongyan.integration.demo.facts.source import Season
from hongyan.integration.demo.jiyou import Jiyou
from hongyan.integration.demo.kgc import Kgc
from hongyan.integration.demo.network import DemoStaff, Network, build_network
from hongyan.integration.demo.numbers import Numbers
from hongyan.integration.demo.truth import TruthFile
from hongyan.integration.demo.world import JIYOU, KGC, Customer, Person, World

TRUTH_CSV, TRUTH_JSON = "truth.csv", "truth.json"
# Customers of so many are shuffled together, lest relatives stand side by side in the files.
CHUNK = 2_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A customer worth showing: why, the true name, the keys in the source systems, what her business shows."""

    trait: str
    entity: str
    name: str
    outlet: str
    keys: tuple[tuple[str, str], ...]
    shows: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What was generated. records: "source/record kind" → rows; errors: name → rows that have it.

    facts: file of facts → its sums as delivered; months: "target/system/nature/yyyy-mm" → what these files change in
    the ledger's sums, each fact counted as its highest version states it.
    """

    customers: int
    persons: int
    organisations: int
    multi_system_persons: int
    records: dict[str, int]
    errors: dict[str, int]
    files: tuple[Path, ...]
    staff: tuple[DemoStaff, ...]
    examples: tuple[Example, ...]
    facts: dict[str, FileSums]
    months: dict[str, MonthSums]

    @property
    def multi_system_share(self) -> float:
        """Share of the persons who occur in more than one system, 0 to 1."""
        return self.multi_system_persons / max(1, self.persons)

    def write(self, path: Path, *, seed: int, as_of: date, months: int = 0) -> None:
        """The counts as JSON, without anything that differs between machines."""
        counts = asdict(self) | {
            "seed": seed,
            "as_of": as_of.isoformat(),
            "months_of_facts": months,
            "multi_system_share": round(self.multi_system_share, 4),
            "files": [file.name for file in self.files],
        }
        path.write_text(json.dumps(counts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def generate(
    customers: int, seed: int, out: Path, *, as_of: date, months: int = 0, progress: Progress | None = None
) -> Summary:
    """Write the first load of a world with so many customers (true ones, not records) into `out`.

    months: how many whole months before the current one have facts; with 0 there are no facts at all, and the files
    of the customers are the same as with them. The same arguments give the same bytes. Memory does not grow with the
    number of customers, but does with that of the facts. `progress` is called with (customers done, customers).
    Errors: ValueError when customers is not positive; OSError when `out` cannot be written.
    """
    if customers < 1:
        raise ValueError("customers must be 1 or more")
    out.mkdir(parents=True, exist_ok=True)
    draw, numbers = Draw(f"world {seed}"), Numbers()
    network = build_network(customers, draw=Draw(f"network {seed}"), numbers=numbers, as_of=as_of)
    erp, sheets = write_erp(out, network=network, as_of=as_of)
    world = World(network.outlets, draw=draw, numbers=numbers, as_of=as_of)
    with TruthFile(out / TRUTH_CSV) as truth_file:
        clerk = Clerk(draw=draw, numbers=numbers)
        kgc = Kgc(out, as_of=as_of, draw=draw, clerk=clerk, truth_file=truth_file)
        jiyou = Jiyou(out, as_of=as_of, draw=draw, truth_file=truth_file)
        season = Season(seed, first_load=as_of, months=months, today=as_of)
        books = Books(out, season=season, truth_file=truth_file) if months else None
        tally = deliver(
            world, customers, draw=draw, clerk=clerk, kgc=kgc, jiyou=jiyou, books=books, progress=progress
        )
        kgc.close()
        jiyou.close()
        facts = close_books(books, network)
    summary = summarise(
        tally,
        truth_file,
        books=books,
        files=(erp, *(file.path for file in kgc.files.values()), jiyou.path, *facts),
        units=sheets,
        staff=tuple(network.demo_staff),
    )
    summary.write(out / TRUTH_JSON, seed=seed, as_of=as_of, months=months)
    return summary


def close_books(books: Books | None, network: Network) -> tuple[Path, ...]:
    """Add the business of people nobody knows, and write the files."""
    if not books:
        return ()
    books.walk_ins(network.outlets)
    return books.close()


class Tally:
    """Counts, and the keys of the first customers with each trait that is worth showing."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._shown: dict[str, tuple[Person, list[tuple[str, str]]]] = {}

    def customer(self, customer: Customer) -> None:
        if not isinstance(customer, Person):
            self.counts["organisations"] += 1
            return
        self.counts["persons"] += 1
        self.counts["multi_system_persons"] += len(customer.systems) > 1
        if customer.tidy:
            self._shown[customer.entity] = (customer, [])

    def record(self, customer: Customer, source: str, key: str) -> None:
        if customer.entity in self._shown:
            self._shown[customer.entity][1].append((source, key))

    def examples(self) -> Iterator[Example]:
        for entity, (person, keys) in self._shown.items():
            outlet = person.place.outlet.unit.code
            yield Example(
                trait=person.traits[0],
                entity=entity,
                name=person.name.full,
                outlet=outlet,
                keys=tuple(sorted(keys, key=_oldest_first)),
                shows=shown(person) if len(keys) > 2 else "",
            )


def deliver(
    world: World,
    customers: int,
    *,
    draw: Draw,
    clerk: Clerk,
    kgc: Kgc,
    jiyou: Jiyou,
    books: Books | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Let the systems write the customers chunk by chunk."""
    tally = Tally()
    stream = chain.from_iterable(world.groups())
    for start in range(0, customers, CHUNK):
        chunk = list(islice(stream, min(CHUNK, customers - start)))
        for customer in chunk:
            tally.customer(customer)
        for source, system in ((KGC, kgc), (JIYOU, jiyou)):
            for customer, again in _entries(chunk, source, draw=draw):
                form, notes = clerk.fill(customer, source)
                key = system.write(customer, form, [*notes, "second_key"] if again else notes)
                tally.record(customer, source, key)
        if books:
            for customer, source, key in books.enter(chunk):
                tally.record(customer, source, key)
        if progress:
            progress(start + len(chunk), customers)
    return tally


def _entries(chunk: list[Customer], source: str, *, draw: Draw) -> list[tuple[Customer, bool]]:
    """Who is entered in the system, in mixed order; True marks a second entry of the same customer."""
    known = [customer for customer in chunk if source in customer.systems]
    entries = [(customer, False) for customer in known]
    entries += [
        (customer, True) for customer in known if draw.chance(SECOND_KEY_RATE) and not _tidy(customer)
    ]
    draw.shuffle(entries)
    return entries


def _oldest_first(key: tuple[str, str]) -> int:
    return (KGC, JIYOU, *SYSTEMS).index(key[0])


def _tidy(customer: Customer) -> bool:
    return isinstance(customer, Person) and customer.tidy


def summarise(
    tally: Tally,
    truth_file: TruthFile,
    *,
    books: Books | None = None,
    files: tuple[Path, ...],
    units: dict[str, int] | None = None,
    staff: tuple[DemoStaff, ...] = (),
) -> Summary:
    """The summary of one delivery; units are the rows of the ERP's sheets, where it delivered."""
    records = {f"{source}/{kind}": rows for (source, kind), rows in sorted(truth_file.records.items())}
    if units:
        records |= {"erp/unit": units[UNITS_SHEET], "erp/post": units[STAFF_SHEET]}
    counts = tally.counts
    return Summary(
        customers=counts["persons"] + counts["organisations"],
        persons=counts["persons"],
        organisations=counts["organisations"],
        multi_system_persons=counts["multi_system_persons"],
        records=records,
        errors=dict(sorted(truth_file.errors.items())),
        files=files,
        staff=staff,
        examples=tuple(tally.examples()),
        facts=books.sums_of_files() if books else {},
        months=books.months() if books else {},
    )
