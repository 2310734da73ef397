"""A database full of customers: the demo's first load, through the real intake; kept, and migrated as houses are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
from rich.console import Console

from bench.place import empty_database
from hongyan.cli.db import bring_up_to_date
from hongyan.config.home import Home
from hongyan.core import clock
from hongyan.core.postgres import Server
from hongyan.integration.actions import apply, check, receive_file, sign_as
from hongyan.integration.actions.check import SYSTEM
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.demo import generate

SEED = 20_261_122
SYSTEM_OF = {"erp": "erp", "KG": "kgc", "JY": "jiyou"}
"""Which system a file comes from, by the beginning of its name; in the order in which they are loaded."""

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One delivered file: rows received and applied, seconds for each step, what the ledger counts."""

    file: str
    received: int
    applied: int
    check_seconds: float
    apply_seconds: float
    new: int
    joined: int
    review: int
    quarantined: int

    @property
    def is_of_customers(self) -> bool:
        """Whether its rows become golden records, not parts of them or units."""
        return "CUST" in self.file


def filled(size: int, place: Home) -> list[Loaded]:
    """The loads of a database that holds `size` customers: the kept one, brought up to date, or a new one."""
    note = place.root / "filled.json"
    if not note.exists():
        return fill(size, place)
    bring_up_to_date(Server(place).dsn)
    return [Loaded(**load) for load in json.loads(note.read_text())]


def fill(size: int, place: Home) -> list[Loaded]:
    """Empty the database and load `size` customers; everything a page reads is there and analysed afterwards."""
    note = place.root / "filled.json"
    note.unlink(missing_ok=True)
    files = drop(size, place)
    empty_database(place)
    loads = [load(file, _system_of(file)) for file in files]
    with psycopg.connect(Server(place).dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")  # what autovacuum does within minutes
    note.write_text(json.dumps([asdict(load) for load in loads]))
    return loads


def drop(size: int, place: Home) -> list[Path]:
    """The generated files of `size` customers in the order of loading, made once."""
    folder = place.root / "drop"
    if not (folder / "truth.json").exists():
        console.print(f"generating {size:,} customers")
        generate(size, SEED, folder, as_of=_day_of(folder))
    return list(_in_order(folder))


def _day_of(folder: Path) -> date:
    """Yesterday, as files that came in last night say."""
    folder.mkdir(parents=True, exist_ok=True)
    return clock.business_date() - timedelta(days=1)


def _in_order(folder: Path) -> Iterator[Path]:
    for start in SYSTEM_OF:
        files = (path for path in folder.iterdir() if path.name.startswith(start))
        yield from sorted(files, key=lambda path: ("CUST" not in path.name, path.name))


def _system_of(file: Path) -> str:
    return next(system for start, system in SYSTEM_OF.items() if file.name.startswith(start))


def load(file: Path, system: str) -> Loaded:
    """Take one file in as the command does, from the seal to the last row. Errors: RuntimeError when it is refused."""
    delivery = receive_file(
        file, system=system, channel=Channel.COMMAND, actor=SYSTEM, in_background=False
    ).delivery
    began = time.perf_counter()
    delivery = check(delivery.id, in_background=False)
    checked = time.perf_counter()
    if delivery.state == DeliveryState.CHECKED:
        sign_as(SYSTEM, delivery.id, in_background=False)
    with console.status(f"{file.name}: {delivery.staged_rows:,} rows"):
        delivery = apply(delivery.id)
    if delivery.state != DeliveryState.APPLIED:
        raise RuntimeError(f"{file.name} ended as {delivery.state}: {delivery.refusal}")
    done = time.perf_counter()
    loaded = Loaded(
        file.name, delivery.received, delivery.staged_rows, checked - began, done - checked,
        delivery.new, delivery.joined, delivery.review, delivery.quarantined,
    )  # fmt: skip
    console.print(
        f"{file.name}: {loaded.received:,} rows checked in {checked - began:.0f} s, applied in {done - checked:.0f} s"
    )
    return loaded
