"""A file of records, judged or not → a new model."""

# ruff: noqa: S608 - the query is made of our own names; the file's path is quoted
from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from hongyan.identity.batch.engine import Options, Run
from hongyan.identity.batch.records import RecordsError, check_keys, open_records
from hongyan.identity.batch.work import work_directory
from hongyan.identity.model.weights import Model
from hongyan.identity.training import labelled, unlabelled
from hongyan.identity.training.clamp import believed
from hongyan.identity.training.unlabelled import NoSplink

__all__ = ["NoSplink", "train_model"]


def train_model(
    path: Path, start: Model, *, labels: Path | None = None, options: Options | None = None
) -> tuple[Model, tuple[str, ...], int]:
    """(the new model, what was kept from ``start`` and why, how many records taught it).

    ``labels``: CSV of source, source_key, entity. Errors: RecordsError for unusable files, NoSplink.
    """
    options = options or Options()
    records = open_records(path)
    with work_directory(records, [start], options.work) as work:
        run = Run(records, start, options, work / start.kind)
        run.normalise()
        check_keys(run.con, "normalised", path)
        count = run.prepare()
        if labels is None:
            parties = pq.read_table(work / start.kind / "parties.parquet")
            estimates, how = unlabelled.learn(parties, start), "unlabelled"
        else:
            _judge(run, labels)
            estimates, how = labelled.learn(run.con, start.kind, "entities"), "labelled"
    model, doubts = believed(start, estimates, {"learned": how, "file": path.name, "records": count})
    return model, tuple(map(str, doubts)), count


def _judge(run: Run, labels: Path) -> None:
    """``entities`` (party, entity) from a file of judged records."""
    quoted = str(labels).replace("'", "''")
    try:
        run.con.execute(
            "CREATE TABLE entities AS SELECT DISTINCT party, entity FROM"
            f" read_csv('{quoted}', header = true, all_varchar = true) JOIN normalised USING (source, source_key)"
            " JOIN members USING (row) JOIN plain USING (h1, h2)"
        )
    except duckdb.Error as error:
        raise RecordsError(f"{labels.name}: not a CSV of source, source_key, entity") from error
    found = run.con.sql("SELECT count(*) - count(DISTINCT entity) FROM entities").fetchone()
    if not found or not found[0]:
        raise RecordsError(f"{labels.name}: no two of these records are said to be one")
