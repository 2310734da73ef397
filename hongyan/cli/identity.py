"""`hongyan identity`: who is who in a file of records, without a database; whether one record is a known customer."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from hongyan.cli.acting import acting, as_staff
from hongyan.cli.conventions import Refused, Result, answers

if TYPE_CHECKING:
    from hongyan.customer.api import RecordBody
    from hongyan.identity.batch.engine import Engine, Options
    from hongyan.identity.explain import Language
    from hongyan.identity.model.weights import Model
    from hongyan.identity.record import Kind

_FILE = click.Path(dir_okay=False, path_type=Path)
_MEGABYTE = 1 << 20
_SHORT_SECONDS = 20.0


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
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option(
    "--master", help="Where Spark is: spark://HOST:7077, or local[2], which is this machine's cores."
)
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
@click.option(
    "--decisions",
    type=_FILE,
    help="CSV of source_a, source_key_a, source_b, source_key_b, decision: same, different or override.",
)
@click.option(
    "--known",
    type=click.Path(file_okay=False, path_type=Path),
    help="The --work folder of a finished run: RECORDS come in addition, and no known cluster changes.",
)
@click.option(
    "--proposals", type=_FILE, help="With --known: CSV of what a run over everything would merge or split."
)
@answers
def resolve(
    records: Path,
    links: Path,
    kind: Kind | None,
    engine: str,
    master: str | None,
    model_file: Path | None,
    reviews: Path | None,
    threads: int | None,
    memory_gb: float | None,
    work: Path | None,
    decisions: Path | None,
    known: Path | None,
    proposals: Path | None,
) -> Result:
    """Put the RECORDS of one person or organisation under one cluster each.

    RECORDS is CSV in UTF-8 or Parquet with the columns source, source_key and name, and of credential_type,
    credential_no, gender, birth_date, phone, email, address, legal_person those that there are. Exit code 1 when the
    file cannot be used; the message says where and why.
    """
    from hongyan.identity.batch.engine import Options, resolve_records
    from hongyan.identity.batch.records import RecordsError
    from hongyan.identity.model.weights import ModelError
    from hongyan.identity.spark.session import NoSpark

    if proposals and not known:
        raise click.UsageError("--proposals needs --known")
    if known and engine != "duckdb":
        raise click.UsageError("--known goes with --engine duckdb")
    started = time.monotonic()
    options = Options(
        threads=threads or os.cpu_count() or 1,
        memory_gb=memory_gb or _half_of_memory(),
        work=work,
        decisions=decisions,
        known=known,
        progress=_progress(started),
    )
    try:
        with _engine(engine, master, options) as run:
            result = resolve_records(
                *(records, links),
                models=_models(kind, model_file),
                reviews=reviews,
                proposals=proposals,
                options=options,
                engine=run,
            )
    except (RecordsError, ModelError, NoSpark) as error:
        raise Refused(str(error)) from error
    return {
        "records": result.records,
        "clusters": result.clusters,
        "review_pairs": result.review_pairs,
        "proposals": result.proposals,
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


@identity.command()
@click.argument("record", type=click.File(encoding="utf-8"), default="-")
@as_staff
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of the reasons."
)
@answers
def check(record: TextIO, staff_no: str, lang: Language) -> Result:
    """Who of the known customers a RECORD may be: one JSON object in a file or on standard input.

    It has the field name, and of kind (person or organisation), credential_type, credential_no, gender, birth_date,
    phone, email, address, legal_person those that are known, all texts. Customers out of the person's scope are told
    by band and masked name alone; the check is audited. Exit code 1 when the record cannot be used.
    """
    with acting(staff_no) as viewer:
        from hongyan.customer import api
        from hongyan.customer.actions.check import check as check_record

        return api.candidates_as_data(check_record(viewer, api.record_of(_record(record.read()))), lang)


def _record(text: str) -> RecordBody:
    """Errors: Refused, without what the record says, which is personal data."""
    from pydantic import ValidationError

    from hongyan.customer.api import RecordBody

    try:
        return RecordBody.model_validate_json(text)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'record'}: {one['msg']}" for one in error.errors())
        raise Refused("; ".join(problems)) from None


@contextmanager
def _engine(name: str, master: str | None, options: Options) -> Iterator[Engine | None]:
    """What resolves: None for the usual one. Errors: Refused."""
    if name == "duckdb":
        if master:
            raise Refused("--master is Spark's: say --engine spark")
        yield None
        return
    from hongyan.identity.spark.run import spark_engine

    with spark_engine(master or f"local[{options.threads}]", options) as engine:
        yield engine


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
    """Lines for somebody who watches; a log hears of runs that take their time."""

    def tell(line: str) -> None:
        took = time.monotonic() - started
        if took > _SHORT_SECONDS or sys.stderr.isatty():
            click.echo(f"{took:8.1f} s  {line}", err=True)

    return tell


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
