"""Spark answers what one machine answers, to the byte.

The parity runs are part of `make prove`, whose set-up installs Spark; they need Java too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from hongyan.identity.batch.engine import Engine, Options, Result, resolve_records
from hongyan.identity.model.weights import default_model
from hongyan.identity.record import Kind
from hongyan.identity.spark import run as spark_run
from hongyan.identity.spark.run import spark_engine
from hongyan.identity.tests.drawn import drawn, written

parity = pytest.mark.slow
BOTH: tuple[Kind, ...] = ("person", "organisation")
HEADER = {"source": "DK", "source_key": "1", "name": "张小丽"}


@pytest.fixture
def spark() -> Iterator[Engine]:
    """Spark on two cores of this machine."""
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: python3 dev/setup.py --dev --spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    with spark_engine("local[2]", Options(memory_gb=2)) as engine:
        yield engine


def resolved(
    folder: Path,
    records: Sequence[Mapping[str, str]],
    kinds: Sequence[Kind],
    engine: Engine | None,
    **options: object,
) -> tuple[Result, str, str]:
    """(counts and alarms, links, pairs for review)."""
    path, links, reviews = (folder / f"{name}.csv" for name in ("records", "links", "reviews"))
    result = resolve_records(
        path if path.exists() else written(path, records),
        links,
        models=[default_model(kind) for kind in kinds],
        reviews=reviews,
        options=Options(threads=1, memory_gb=1, **options),
        engine=engine,
    )
    return result, links.read_text("utf-8"), reviews.read_text("utf-8")


@parity
def test_answers_what_one_machine_answers(
    tmp_path: Path, spark: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CUS-003: the same code for more; links, names of clusters, cases, alarms and what was decided are the same."""
    records = [*drawn("person", 300), *(record | {"source": "ORG"} for record in drawn("organisation", 200))]
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(
        "source_a,source_key_a,source_b,source_key_b,decision\n"
        + "".join(
            f"{one['source']},{one['source_key']},{other['source']},{other['source_key']},{verdict}\n"
            for one, other, verdict in zip(records, records[1:], ["same", "different"] * 20, strict=False)
        )
    )
    expected = resolved(tmp_path, records, BOTH, None, decisions=decisions)
    monkeypatch.setattr(spark_run, "BLOCK", 60)
    work = tmp_path / "work"
    assert resolved(tmp_path, records, BOTH, spark, work=work, decisions=decisions) == expected
    assert expected[0].review_pairs > 0
    for kind in BOTH:  # otherwise the components were not divided by Spark, and nothing was proved of that
        stage = work / f"{kind}-spark" / "divided"
        assert duckdb.sql(f"SELECT count(*) > 0 FROM read_parquet('{stage}/*.parquet')").fetchone() == (True,)


@parity
@pytest.mark.parametrize(
    "records",
    [[], [HEADER], [HEADER, HEADER | {"source_key": "2", "name": "李娜"}], drawn("person", 3)],
    ids=["no record", "one", "two strangers", "three"],
)
def test_answers_the_same_of_hardly_any_records(
    tmp_path: Path, spark: Engine, records: list[dict[str, str]]
) -> None:
    assert resolved(tmp_path, records, ["person"], spark) == resolved(tmp_path, records, ["person"], None)


@parity
def test_goes_on_where_it_stopped(tmp_path: Path, spark: Engine) -> None:
    records, work = drawn("person", 60), tmp_path / "work"
    expected = resolved(tmp_path, records, ["person"], spark, work=work)
    for stage in ("edges", "divided"):
        shutil.rmtree(work / "person-spark" / stage)
    (work / "person-spark" / "edges.part").mkdir()
    for stage in ("links", "cases"):
        (work / "person-spark" / f"{stage}.parquet").unlink()
    told: list[str] = []
    assert resolved(tmp_path, records, ["person"], spark, work=work, progress=told.append) == expected
    assert [line.removeprefix("person: ") for line in told] == [
        *("edges", "divided", "clustered", "links", "cases")
    ]
