"""Run the cases, print a table, write `var/bench.json`."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.place import run_case, run_without_home
from bench.rows import Row
from hongyan.config import home

CASES = {
    "P1": ("bench.p1", 1_000_000, "{size}"),
    "P2": ("bench.identity.made_up:run_persons", 100_000, "persons-{size}"),
    "P2R": ("bench.identity.relations:run", 20_000, "relations-{size}"),
    "P3": ("bench.identity.made_up:run_organisations", 100_000, "organisations-{size}"),
    "P4": ("bench.identity.febrl:run", 10_000, "febrl"),
    "P5": ("bench.p5", 1_000_000, "{size}"),
    "P5F": ("bench.facts", 1_000_000, "facts-{size}"),
    "P5M": ("bench.media", 500_000, "media-{size}"),
    "P6": ("bench.p6", 1_000_000, "{size}"),
    "P6C": ("bench.classes", 1_000_000, "classes-{size}"),
    "A38": ("bench.rotation", 1_000_000, "{size}"),
    "SEC": ("bench.walls", 1_000_000, "{size}"),
}
"""Module, or module:function where no database is needed; default size: customers, for P2, P2R and P3 records, for P5F
facts, for P5M rows of each medium; home: P1, P6, A38, SEC measure on P5's."""

MARKS = {True: "ok", False: "[red]missed[/red]", None: ""}

console = Console(highlight=False)


def main() -> int:
    """Answer the exit code: 1 when a bar was missed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=CASES, help="one case")
    parser.add_argument("--size", type=int, help="customers, facts or rows, instead of each case's default")
    options = parser.parse_args()
    cases = [options.only] if options.only else list(CASES)
    results = home.current().root / "bench.json"
    console.print(f"{os.cpu_count()} cores, load average {_load()}")
    rows = [row for case in cases for row in _measured(case, options.size)]
    console.print(_table(rows))
    console.print(f"load average afterwards {_load()}; written to {results}")
    _write(results, rows, measured=cases)
    return 1 if any(row.ok is False for row in rows) else 0


def _measured(case: str, size: int | None) -> list[Row]:
    """Run a case in a fresh process: settings and connections are read once in a process's life."""
    module_name, default_size, folder = CASES[case]
    size = size or default_size
    run = run_without_home if ":" in module_name else run_case
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(run, module_name, size, folder.format(size=size)).result()


def _table(rows: Iterable[Row]) -> Table:
    table = Table("id", "case", "value", "unit", "bar", "", box=None)
    table.columns[2].justify = "right"
    for row in rows:
        table.add_row(row.id, row.case, f"{row.value:,g}", row.unit, row.bar or "", MARKS[row.ok])
    return table


def _write(path: Path, rows: Iterable[Row], *, measured: Iterable[str]) -> None:
    """Replace the figures of the cases that ran; the others stay as last measured."""
    known = json.loads(path.read_text()) if path.exists() else []
    kept = [row for row in known if row["id"] not in set(measured)]
    everything = sorted([*kept, *(row.as_json() for row in rows)], key=lambda row: str(row["id"]))
    path.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n")


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


if __name__ == "__main__":
    raise SystemExit(main())
