"""Millions of made-up records in one Parquet file, made part by part so that they need never be held at once.

    python -m bench.identity.many FOLDER [--persons 9000000] [--organisations 1000000] [--seed 8009]

Writes records.parquet and truth.parquet; started again it goes on where it stopped. Every part is a world of its own:
what is one of a kind there (a phone, a citizen's number) may come again in another part, which befalls too few to
make a difference to a measurement.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.identity.made_up import USUAL
from bench.identity.organisations import organisations
from bench.identity.persons import persons
from bench.identity.records import FIELDS, TRUTH_FIELDS, World

PART = 250_000
RECORDS, TRUTH = (pa.schema([(name, pa.string()) for name in names]) for names in (FIELDS, TRUTH_FIELDS))
Part = tuple[int, Callable[..., World], int]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write millions of made-up records.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons", type=int, default=9_000_000)
    parser.add_argument("--organisations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=8009)
    options = parser.parse_args()
    count = write_many(options.folder, options.seed, options.persons, options.organisations)
    print(f"{count:,} records")


def write_many(folder: Path, seed: int, persons_: int, organisations_: int) -> int:
    """About so many records of each kind in the habits of the usual world; how many there are."""
    parts = folder / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        wanted = _parts(persons_, organisations_)
        names = list(pool.map(_write_part, *zip(*((parts, seed, *part) for part in wanted), strict=True)))
    _join((parts / f"records-{name}" for name in names), folder / "records.parquet", RECORDS)
    _join((parts / f"truth-{name}" for name in names), folder / "truth.parquet", TRUTH)
    parts.rmdir()
    return int(pq.read_metadata(folder / "records.parquet").num_rows)


def _parts(persons_: int, organisations_: int) -> list[Part]:
    found: list[Part] = []
    makers: tuple[tuple[Callable[..., World], int], ...] = (
        (persons, persons_),
        (organisations, organisations_),
    )
    for make, count in makers:
        found += [
            (len(found) + number, make, min(PART, count - begun))
            for number, begun in enumerate(range(0, count, PART))
        ]
    return found


def _write_part(parts: Path, seed: int, number: int, make: Callable[..., World], count: int) -> str:
    name = f"{number:04}.parquet"
    if (parts / f"truth-{name}").exists():
        return name
    world = make(seed * 1000 + number, count, dirt=USUAL)
    for row in world.rows:
        row.source_key = f"{number}-{row.source_key}"
        row.entity, row.group = f"{number}-{row.entity}", f"{number}-{row.group}"
    truth = {column: [_text(getattr(row, column)) for row in world.rows] for column in TRUTH_FIELDS}
    tables = {"records": pa.table(world.columns(), RECORDS), "truth": pa.table(truth, TRUTH)}
    for kind, table in tables.items():
        part = parts / f"{kind}-{name}.part"
        pq.write_table(table, part)
        part.replace(parts / f"{kind}-{name}")
    return name


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _join(parts: Iterable[Path], target: Path, schema: pa.Schema) -> None:
    """One file of several, which go."""
    with pq.ParquetWriter(target, schema) as writer:
        for part in parts:
            writer.write_table(pq.read_table(part))
            part.unlink()


if __name__ == "__main__":
    main()
