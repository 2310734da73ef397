"""DuckDB's SQL on the parts of Spark's tables.

Two engines read one SQL a little differently (hashes, regular expressions, lists). So Spark only brings together
what belongs together, and DuckDB answers where the rows are: the same text, the same program, the same answer as
on one machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

TASK_GB = 1.0
"""What DuckDB may hold in one task; more spills to the executor's local disk."""
_ROWS = 10_000


def each(frame: DataFrame, select: str) -> DataFrame:
    """What ``select`` answers of every partition, which it knows as the relation ``part``."""

    def answer(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = iter(batches)
        first = next(rows, None)
        if first is None:
            return
        with _duckdb() as con:
            con.register("arriving", pa.RecordBatchReader.from_batches(first.schema, _chained(first, rows)))
            con.execute("CREATE TABLE part AS SELECT * FROM arriving")
            yield from con.execute(select).to_arrow_reader(_ROWS)

    return frame.mapInArrow(answer, _schema_of(select, part=frame))


def together(select: str, **relations: DataFrame) -> DataFrame:
    """What ``select`` answers of two relations, block by block: each has a column ``block`` that ``select`` does
    not see, and what is to meet must be in one."""
    (left, one), (right, other) = relations.items()

    def answer(ours: pa.Table, theirs: pa.Table) -> pa.Table:
        with _duckdb() as con:
            return _answer(con, select, {left: ours, right: theirs})

    blocks = one.groupBy("block").cogroup(other.groupBy("block"))
    return blocks.applyInArrow(answer, _schema_of(select, **relations))


def spark_schema(spark: SparkSession, schema: pa.Schema) -> StructType:
    """Spark's words for a schema."""
    return spark.createDataFrame(schema.empty_table()).schema


@contextmanager
def _duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB for one task."""
    places = os.environ.get("SPARK_LOCAL_DIRS", "")
    with (
        tempfile.TemporaryDirectory(prefix="hongyan-", dir=places.split(",")[0] or None) as spill,
        duckdb.connect() as con,
    ):
        con.execute("SET threads = 1")
        con.execute(f"SET memory_limit = '{TASK_GB}GB'")
        con.execute(f"SET temp_directory = '{spill}'")
        con.execute("SET preserve_insertion_order = false")
        yield con


def _answer(con: duckdb.DuckDBPyConnection, select: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    for name, table in tables.items():
        con.register(name, table.drop_columns("block") if "block" in table.column_names else table)
    return con.execute(select).to_arrow_table()


def _schema_of(select: str, **relations: DataFrame) -> StructType:
    """The columns of an answer, asked of the relations without their rows."""
    with duckdb.connect() as con:
        answer = _answer(con, select, {name: frame.limit(0).toArrow() for name, frame in relations.items()})
    return spark_schema(next(iter(relations.values())).sparkSession, answer.schema)


def _chained(first: pa.RecordBatch, rest: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest
