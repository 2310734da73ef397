"""`hongyan identity`: who is who in a file of records, without a database."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hongyan.cli.conventions import Refused, Result, answers

if TYPE_CHECKING:
    from hongyan.identity.model.weights import Model
    from hongyan.identity.record import Kind

_FILE = click.Path(dir_okay=False, path_type=Path)
_MEGABYTE = 1 << 20


@click.group()
def identity() -> None:
    """Find out which records are one person or one organisation."""


@identity.command()
@click.argument("records", type=_FILE)
@click.option("--out", "links", required=True, type=_FILE, help="CSV of source, source_key, cluster.")
@click.option(
    "--kind",
    type=click.Choice(["person", "organisation"]),
    help="What the records are; without it each record is judged by its name and number.",
)
@click.option("--engine", type=click.Choice(["duckdb"]), default="duckdb", show_default=True)
@click.option("--model", "model_file", type=_FILE, help="Another model than the one shipped; needs --kind.")
@click.option("--reviews", type=_FILE, help="CSV of pairs of clusters that somebody should look at.")
@click.option("--threads", type=click.IntRange(1), help="Cores to use; all of them by default.")
@click.option(
    "--memory-gb",
    type=click.FloatRange(0.5),
    help="What comparing may hold; more spills to disk. Default: half.",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the stages, kept, so that an interrupted run goes on where it stopped.",
)
@answers
def resolve(
    records: Path,
    links: Path,
    kind: Kind | None,
    engine: str,  # noqa: ARG001  (there is one so far)
    model_file: Path | None,
    reviews: Path | None,
    threads: int | None,
    memory_gb: float | None,
    work: Path | None,
) -> Result:
    """Put the RECORDS of one person or organisation under one cluster each.

    RECORDS is CSV in UTF-8 or Parquet with the columns source, source_key and name, and of credential_type,
    credential_no, gender, birth_date, phone, email, address, legal_person those that there are. Exit code 1 when the
    file cannot be used; the message says where and why.
    """
    from hongyan.identity.batch.engine import Options, resolve_records
    from hongyan.identity.batch.records import RecordsError
    from hongyan.identity.model.weights import ModelError

    started = time.monotonic()
    options = Options(
        threads=threads or os.cpu_count() or 1,
        memory_gb=memory_gb or _half_of_memory(),
        work=work,
        progress=_progress(started),
    )
    try:
        result = resolve_records(
            records, links, models=_models(kind, model_file), reviews=reviews, options=options
        )
    except (RecordsError, ModelError) as error:
        raise Refused(str(error)) from error
    return {
        "records": result.records,
        "clusters": result.clusters,
        "review_pairs": result.review_pairs,
        "alarms": [{"code": a.code, "cluster": a.cluster, "sizes": list(a.sizes)} for a in result.alarms],
        "ignored_columns": list(result.ignored),
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(_cpu_seconds(), 1),
        "peak_memory_mb": _peak_memory_mb(),
    }


@identity.command()
@click.argument("records", type=_FILE)
@click.option(
    "--kind", type=click.Choice(["person", "organisation"]), required=True, help="What the records are."
)
@click.option("--out", "model_file", required=True, type=_FILE, help="Where the new model goes, as JSON.")
@click.option(
    "--labels",
    type=_FILE,
    help="CSV of source, source_key, entity: records somebody judged. Without it Splink learns from the records alone.",
)
@click.option("--start", type=_FILE, help="The model to start from; the one shipped by default.")
@answers
def train(
    records: Path,
    kind: Kind,
    model_file: Path,
    labels: Path | None,
    start: Path | None,
) -> Result:
    """Learn from RECORDS how often fields agree by error and by chance, for `identity resolve --model`.

    What cannot be believed is kept from the model it starts from, and listed under `kept`.
    """
    from hongyan.identity.batch.records import RecordsError
    from hongyan.identity.model.weights import ModelError, write_model
    from hongyan.identity.training.train import NoSplink, train_model

    begun = time.monotonic()
    try:
        model, doubts, count = train_model(records, _models(kind, start)[0], labels=labels)
    except (RecordsError, ModelError, NoSplink) as error:
        raise Refused(str(error)) from error
    model_file.write_text(write_model(model), "utf-8")
    return {"records": count, "kept": list(doubts), "seconds": round(time.monotonic() - begun, 1)}


def _models(kind: Kind | None, path: Path | None) -> tuple[Model, ...]:
    from hongyan.identity.model.weights import ModelError, default_model, load_model

    if path is None:
        kinds: tuple[Kind, ...] = (kind,) if kind else ("person", "organisation")
        return tuple(default_model(each) for each in kinds)
    model = load_model(path)
    if kind != model.kind:
        raise ModelError(f"{path.name} is a model of kind {model.kind}: say --kind {model.kind}")
    return (model,)


def _progress(started: float) -> Any:
    def tell(line: str) -> None:
        click.echo(f"{time.monotonic() - started:8.1f} s  {line}", err=True)

    return tell if sys.stderr.isatty() else lambda _line: None


def _half_of_memory() -> float:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return max(0.5, round(total / 2, 1))


def _cpu_seconds() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak_memory_mb() -> int:
    """The peak of this process, besides the largest helper's, which works while this one waits."""
    own, child = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return round(max(own, child) * (1 if sys.platform == "darwin" else 1024) / _MEGABYTE)
