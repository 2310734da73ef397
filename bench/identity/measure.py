"""One engine on one file of records: its clusters, CPU seconds and peak memory, in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hongyan.identity.normalise.batch import normalise_table
from hongyan.identity.record import Kind


@dataclass(frozen=True, slots=True)
class Run:
    """What a process cost: CPU seconds with its helpers, peak memory of the largest of them in MB."""

    cpu_seconds: float
    memory_mb: float


def run(command: Sequence[str], log: Path) -> Run:
    """Run a command to its end.

    Errors: RuntimeError with the end of its output when it fails.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def ours(records: Path, kind: Kind, folder: Path) -> tuple[list[str], Run, int]:
    """(cluster of each record in the order of the file, cost, pairs for review) of `hongyan identity resolve`."""
    links, log = folder / "links.csv", folder / "ours.log"
    hongyan = Path(sys.executable).with_name("hongyan")
    cost = run(
        [str(hongyan), "identity", "resolve", str(records), "--out", str(links), "--kind", kind, "--json"],
        log,
    )
    with links.open(encoding="utf-8", newline="") as file:
        clusters = {(row["source"], row["source_key"]): row["cluster"] for row in csv.DictReader(file)}
    with records.open(encoding="utf-8", newline="") as file:
        found = [clusters[row["source"], row["source_key"]] for row in csv.DictReader(file)]
    answer = next(line for line in reversed(log.read_text().splitlines()) if line.startswith("{"))
    return found, cost, json.loads(answer)["review_pairs"]


def splinks(table: Path, kind: str, folder: Path) -> tuple[dict[str, list[str]], Run]:
    """(per threshold the cluster of each record, cost) of Splink on columns that are ready to compare.

    Errors: ModuleNotFoundError where Splink is not installed (`make setup-dev`).
    """
    if find_spec("splink") is None:
        raise ModuleNotFoundError("splink is not installed: make setup-dev", name="splink")
    answer = folder / "splink.json"
    command = [sys.executable, "-m", "bench.identity.splink_side", kind, str(table), str(answer)]
    cost = run(command, folder / "splink.log")
    return json.loads(answer.read_text()), cost


def normalised(records: Path, kind: Kind, target: Path) -> tuple[pa.Table, float]:
    """(normalised table, also written to ``target``; CPU seconds of one core that it took)."""
    texts = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(_header(records), pa.string()), strings_can_be_null=True
    )
    table = pa_csv.read_csv(records, convert_options=texts)
    began = time.process_time()
    found = normalise_table(table, kind)
    took = time.process_time() - began
    pq.write_table(found, target)
    return found, took


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
