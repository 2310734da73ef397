"""A run whose stages are spread over Spark's executors where they cost time with every record or every pair.

Normalising, describing parties, blocking, scoring and dividing components are spread. What passes once over a few
narrow columns (numbering, counting values, uniting, naming clusters, choosing cases) stays with DuckDB on the
driver, which spills. The folder of the stages is one that the driver and every executor see.
"""

# ruff: noqa: S608 - the queries are made of our own columns and the paths of our own files
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from hongyan.identity.batch import blocking, parties, scoring
from hongyan.identity.batch.chunks import normalised
from hongyan.identity.batch.clusters import Bridge, Edge, Grouping
from hongyan.identity.batch.engine import Engine, Options, Run, groupings
from hongyan.identity.batch.records import Records, refused_csv
from hongyan.identity.model.weights import Model
from hongyan.identity.normalise.batch import SCHEMA
from hongyan.identity.record import Kind
from hongyan.identity.spark.partitions import each, spark_schema, together
from hongyan.identity.spark.session import NoSpark, is_one_machine, spark_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BLOCK = 20_000
"""Parties to a block: with those they meet, some hundred megabytes of them in a task."""
_DIVIDED = pa.schema(
    [
        *(("party", pa.int64()), ("leader", pa.int64())),
        *(("other", pa.int64()), ("bits", pa.float64()), ("sizes", pa.list_(pa.int64()))),
    ]
)
"""What dividing answers: the leader of a party, or a bridge from it to an ``other``."""


@contextmanager
def spark_engine(master: str, options: Options) -> Iterator[Engine]:
    """The engine for ``resolve_records`` at a master.

    Half of the memory that DuckDB may hold, Java may hold besides, where all runs on one machine.
    Errors: NoSpark, also where several machines have no folder in common.
    """
    if not is_one_machine(master) and options.work is None:
        raise NoSpark("several machines need --work, a folder that all of them see under the same path")
    with spark_session(master, options.memory_gb / 2) as spark:
        yield partial(SparkRun, spark)


class SparkRun(Run):
    """A run of the batch on Spark."""

    def __init__(
        self,
        spark: SparkSession,
        records: Records,
        model: Model,
        options: Options,
        work: Path,
        alone: bool = True,
    ) -> None:
        # Beside the stages of a run on one machine, whose files are others.
        super().__init__(records, model, options, work.resolve().with_name(f"{work.name}-spark"), alone)
        self.spark = spark

    def normalise(self) -> None:
        raw = self.work / "raw.parquet"
        if not raw.exists():
            self._copy_records(raw)
        kind = self.kind

        def answer(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            if found := list(batches):
                yield from normalised(pa.Table.from_batches(found), kind).to_batches()

        schema = spark_schema(self.spark, SCHEMA)
        self._spread("normalised", lambda: self._read("raw.parquet").mapInArrow(answer, schema))

    def _copy_records(self, raw: Path) -> None:
        """The records with their places in the file, which one reader has to count."""
        part = raw.with_suffix(".part")
        try:
            with duckdb.connect() as con:
                con.execute(f"COPY ({self.wanted}) TO '{part}' (FORMAT parquet, ROW_GROUP_SIZE 100_000)")
        except duckdb.Error as error:
            raise refused_csv(self.records.path, error) from error
        part.replace(raw)

    def _describe(self) -> None:
        self._stage("numbered", parties.numbered("members"))
        self._spread(
            "plain",
            lambda: together(
                parties.described(self.kind, "numbered", "normalised"),
                numbered=self._blocked(self._read("numbered.parquet"), "first_row"),
                normalised=self._blocked(self._read("normalised").drop("source", "source_key"), "row"),
            ),
        )

    def _weigh(self, tables: dict[str, str]) -> None:
        self._stage("worth", parties.weighed(self.model, "plain", tables, shown="party"))
        self._spread(
            "parties",
            lambda: together(
                "SELECT * FROM plain JOIN worth USING (party)",
                plain=self._blocked(self._read("plain"), "party"),
                worth=self._blocked(self._read("worth.parquet"), "party"),
            ),
        )

    def _compare_with_themselves(self, count: int) -> None:
        own = scoring.with_themselves(self.model, "part", count)
        self._spread("own", lambda: each(self._parties_for(own), own))

    def _block(self, count: int) -> None:
        strong = scoring.strong(self.model, "part", f"({scoring.with_themselves(self.model, 'part', count)})")
        keys = f"WITH strong AS MATERIALIZED {strong} {blocking.keys(self.kind, 'strong')}"

        def pairs() -> DataFrame:
            found = each(self._read("parties"), keys).repartition(self._blocks, "key")
            return each(found, blocking.met(self.kind, "part")).distinct()

        self._spread("pairs", pairs)

    def _score(self, count: int) -> None:
        possible = scoring.possible_pairs(self.model, "pairs", "parties", count)

        def edges() -> DataFrame:
            ends = (
                self._blocked(self._read("pairs"), "a").selectExpr("block", f"{end} AS party") for end in "ab"
            )
            wanted = next(ends).union(next(ends)).distinct()
            return together(
                possible,
                pairs=self._blocked(self._read("pairs"), "a"),
                parties=wanted.join(self._parties_for(possible), "party"),
            )

        self._spread("edges", edges)

    def _groupings(self) -> Iterator[Grouping]:
        self._stage("divisible", "SELECT party, leader FROM components JOIN delicate USING (leader)")
        edges, members = (self._blocked(self._read("divisible.parquet"), "leader") for _ in range(2))
        edges = (
            edges.withColumnRenamed("party", "a")
            .join(self._read("edges").where("band = 2"), "a")
            .select("block", "leader", "a", "b", "bits")
        )
        members = members.join(self._read("parties"), "party").select(
            "block", "leader", "party", *parties.FACTS[self.kind]
        )
        divided = edges.groupBy("block").cogroup(members.groupBy("block"))
        schema = spark_schema(self.spark, _DIVIDED)
        self._spread("divided", lambda: divided.applyInArrow(_divider(self.kind), schema))
        result = Grouping({})
        for party, leader, other, bits, sizes in self._rows("SELECT * FROM divided"):
            if other is None:
                result.leaders[party] = leader
            else:
                result.bridges.append(Bridge(Edge(party, other, bits), tuple(sizes)))
        yield result

    @property
    def _blocks(self) -> int:
        cores = int(self.spark.sparkContext.defaultParallelism)
        return max(cores, self._count("numbered") // BLOCK + 1)

    def _blocked(self, frame: DataFrame, column: str) -> DataFrame:
        """With the ``block`` of each row: rows that agree in the column are in one."""
        return frame.withColumn("block", frame[column] % self._blocks)

    def _parties_for(self, select: str) -> DataFrame:
        """The parties, only with the columns that a comparison of two reads: each travels several times."""
        frame = self._read("parties")
        return frame.select(
            "party", *(name for name in frame.columns if f".{name}" in select and name != "party")
        )

    def _read(self, name: str) -> DataFrame:
        return self.spark.read.parquet(f"file://{self.work / name}")

    def _spread(self, name: str, frame: Callable[[], DataFrame]) -> None:
        """A stage written by the executors: a folder of Parquet files, made unless it is there, and its view."""
        folder = self.work / name
        if not folder.exists():
            part = folder.with_suffix(".part")
            frame().write.mode("overwrite").parquet(f"file://{part}")
            part.replace(folder)
            self.options.progress(f"{self.kind}: {name}")
        self.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/*.parquet')")


def _divider(kind: Kind) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """Divides the components of a block."""

    def divide(edges: pa.Table, members: pa.Table) -> pa.Table:
        rows: list[dict[str, Any]] = []
        for grouping in groupings(kind, _tuples(edges), _tuples(members)):
            rows += [{"party": party, "leader": leader} for party, leader in grouping.leaders.items()]
            rows += [
                {
                    "party": bridge.edge.a,
                    "other": bridge.edge.b,
                    "bits": bridge.edge.bits,
                    "sizes": list(bridge.sizes),
                }
                for bridge in grouping.bridges
            ]
        return pa.Table.from_pylist(rows, schema=_DIVIDED)

    return divide


def _tuples(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows without their block."""
    return zip(*(column.to_pylist() for column in table.drop_columns("block").columns), strict=True)
