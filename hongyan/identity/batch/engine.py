"""A file of records → clusters, review pairs and alarms: normalise, block, score, cluster; without a database.

Every stage leaves one Parquet file (or one for each chunk) in the work directory, written under another name and
renamed when whole: a run that was interrupted goes on where it stopped. DuckDB spills to the same directory.
"""

# ruff: noqa: S608 - the queries are made of our own names and the paths of our own files
from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from hongyan.identity.batch import parties, scoring
from hongyan.identity.batch.blocking import pairs
from hongyan.identity.batch.chunks import CHUNK, normalised_chunks
from hongyan.identity.batch.clusters import Bridge, Edge, Forest, Grouping, agglomerate
from hongyan.identity.batch.records import Records, RecordsError, check_keys, open_records
from hongyan.identity.model.weights import Model, write_model
from hongyan.identity.record import Kind

AT_A_TIME = 400_000
"""How many parties are divided at a time: about half a gigabyte of them as Python objects."""
CROWDED = 200
"""A cluster of so many different parties is worth a look: rarely one person has that many faces."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: ``memory_gb`` DuckDB's share, what is above spills to disk; ``work`` kept for resuming."""

    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory_gb: float = 4.0
    work: Path | None = None
    progress: Progress = lambda _line: None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about a cluster that a steward should see: ``crowded`` or ``bridge``.

    Fields: ``cluster`` its name in the links; ``sizes`` how many parties, of a bridge on either side.
    """

    code: str
    cluster: str
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: counts and alarms; ``ignored`` columns of the input that nobody reads."""

    records: int
    parties: int
    clusters: int
    pairs: int
    review_pairs: int
    alarms: tuple[Alarm, ...]
    ignored: tuple[str, ...]


def resolve_records(
    path: Path,
    links: Path,
    *,
    models: Sequence[Model],
    reviews: Path | None = None,
    options: Options | None = None,
) -> Result:
    """Resolve a file of records; writes ``links`` and, where wanted, ``reviews``.

    With one model all records are of its kind; with one for each kind every record is judged by its name and
    number, and persons and organisations never meet. ``links``: source, source_key, cluster; one row for each
    record in the order of the input. A cluster's name comes from the smallest (source, source_key) in it, so it
    stays as long as that record does. ``reviews``: one row for each pair of clusters that a steward should look
    at, the most likely first.
    Errors: RecordsError when the file cannot be used; nothing is written then.
    """
    options = options or Options()
    records = open_records(path)
    with work_directory(records, models, options) as work:
        runs = [Run(records, model, options, work / model.kind, alone=len(models) == 1) for model in models]
        for run in runs:
            run.normalise()
        with duckdb.connect() as con:
            folders = ", ".join(f"'{work / model.kind}/normalised/*.parquet'" for model in models)
            check_keys(con, f"read_parquet([{folders}])", path)
        parts = [run.resolve() for run in runs]
        with duckdb.connect() as con:
            write_csv(con, links, _stages(runs, "links"), "source, source_key, cluster", "row")
            if reviews is not None:
                write_csv(con, reviews, _stages(runs, "cases"), "*", "bits DESC, cluster_a, cluster_b")
    return Result(
        records=sum(part.records for part in parts),
        parties=sum(part.parties for part in parts),
        clusters=sum(part.clusters for part in parts),
        pairs=sum(part.pairs for part in parts),
        review_pairs=sum(part.review_pairs for part in parts),
        alarms=tuple(alarm for part in parts for alarm in part[5]),
        ignored=records.ignored,
    )


@contextmanager
def work_directory(records: Records, models: Sequence[Model], options: Options) -> Iterator[Path]:
    """A folder for the stages: the one given, or one that is removed in the end.

    Errors: RecordsError when the one given holds the stages of another file or model.
    """
    if options.work is None:
        work = Path(tempfile.mkdtemp(prefix="hongyan-identity-"))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    manifest = options.work / "run.json"
    stat = records.path.stat()
    digest = hashlib.sha256("".join(map(write_model, models)).encode()).hexdigest()
    wanted = {
        "file": records.path.name,
        "bytes": stat.st_size,
        "changed_ns": stat.st_mtime_ns,
        "models": digest,
    }
    if manifest.exists() and json.loads(manifest.read_text("utf-8")) != wanted:
        raise RecordsError(f"{options.work} holds the stages of another file or model; take another folder")
    manifest.write_text(json.dumps(wanted), "utf-8")
    yield options.work


def write_csv(con: duckdb.DuckDBPyConnection, path: Path, source: str, columns: str, order: str) -> None:
    """A file for people, appearing only when it is whole."""
    part = path.with_name(path.name + ".part")
    quoted = str(part).replace("'", "''")
    con.execute(
        f"COPY (SELECT {columns} FROM ({source}) ORDER BY {order}) TO '{quoted}' (FORMAT csv, HEADER)"
    )
    part.replace(path)


def _stages(runs: Sequence[Run], name: str) -> str:
    return " UNION ALL BY NAME ".join(
        f"SELECT * FROM read_parquet('{run.work / name}.parquet')" for run in runs
    )


class Part(NamedTuple):
    """What came out for the records of one kind."""

    records: int
    parties: int
    clusters: int
    pairs: int
    review_pairs: int
    alarms: tuple[Alarm, ...]


class Run:
    """One file on its way through the stages."""

    def __init__(
        self, records: Records, model: Model, options: Options, work: Path, *, alone: bool = True
    ) -> None:
        self.records, self.model, self.options, self.work, self.alone = records, model, options, work, alone
        self.kind: Kind = model.kind
        work.mkdir(parents=True, exist_ok=True)
        self.con = duckdb.connect()
        self.con.execute(f"SET threads = {options.threads}")
        self.con.execute(f"SET memory_limit = '{options.memory_gb}GB'")
        self.con.execute(f"SET temp_directory = '{work / 'spill'}'")
        self.con.execute("SET preserve_insertion_order = false")

    def normalise(self) -> None:
        """Chunks of the input → ``normalised``, on several cores where it is worth it."""
        folder = self.work / "normalised"
        folder.mkdir(exist_ok=True)
        wanted = self.records.select if self.alone else self.records.select_of(self.kind)
        for path in normalised_chunks(self.records.path, wanted, self.kind, folder, self.options.threads):
            self.options.progress(f"{self.kind}: normalised {path.stem}")
        self.con.execute(f"CREATE VIEW normalised AS SELECT * FROM read_parquet('{folder}/*.parquet')")

    def resolve(self) -> Part:
        """``normalised`` → ``links`` and ``cases``."""
        count = self.prepare()
        self._block()
        self._score(count)
        bridges = self._cluster()
        self._name()
        self._cases()
        return Part(
            count,
            self._count("parties"),
            self._one("SELECT count(DISTINCT cluster) FROM links"),
            self._count("pairs"),
            self._count("cases"),
            self._alarms(bridges),
        )

    def prepare(self) -> int:
        """The stages before any comparison, up to ``parties``; how many records there are."""
        count = self._count("normalised")
        self._prepare_parties(count)
        return count

    def _prepare_parties(self, count: int) -> None:
        size = self.model.size(count)
        self._stage("members", parties.members(self.kind, "normalised"))
        self._stage("plain", parties.parties(self.kind, "normalised", "members"))
        tables = {}
        for column in scoring.frequency_columns(self.kind):
            tables[column] = f"frequency_{column}"
            self._table(tables[column], parties.frequencies(column, "plain", size))
        for column in scoring.holders_columns(self.kind):
            tables[column] = f"holders_{column}"
            self._table(tables[column], parties.holders(column, "plain"))
        self._stage("parties", parties.weighed(self.model, "plain", tables))
        # A party that would not even join itself (a name and nothing else) joins nobody.
        alone = "(SELECT party AS a, party AS b FROM parties)"
        self._stage("own", scoring.scored_pairs(self.model, alone, "parties", count))

    def _block(self) -> None:
        strong = (
            f"(SELECT p.* FROM parties p JOIN own ON own.a = p.party WHERE own.bits >= {self.model.review})"
        )
        self._stage("pairs", pairs(self.kind, strong))

    def _score(self, count: int) -> None:
        scored = scoring.scored_pairs(self.model, "pairs", "parties", count)
        self._stage("edges", f"SELECT * FROM ({scored}) WHERE band > 0")

    def _cluster(self) -> list[Bridge]:
        """Joins → ``leaders`` (party, leader); the delicate components by agglomeration."""
        forest = Forest(self._count("parties"))
        for a, b in self._rows("SELECT a, b FROM edges WHERE band = 2"):
            forest.unite(a, b)
        leaders = forest.leaders()
        self._register("components", leaders)
        bridges = self._divide(leaders)
        self._register("leaders", leaders)
        self.options.progress(f"{self.kind}: clustered")
        return bridges

    def _divide(self, leaders: array[int]) -> list[Bridge]:
        """Take apart the components in which something might not belong together, some at a time."""
        self._table(
            "delicate",
            "SELECT leader, count(*) AS parties FROM components JOIN parties USING (party) GROUP BY leader"
            f" HAVING {' OR '.join(f'count(DISTINCT {column}) > 1' for column in parties.TELLING[self.kind])}",
        )
        slices = self._one("SELECT coalesce(sum(parties), 0) FROM delicate") // AT_A_TIME + 1
        bridges: list[Bridge] = []
        for number in range(slices):
            for grouping in self._groupings(leaders, f"hash(leader) % {slices} = {number}"):
                bridges += grouping.bridges
                for party, leader in grouping.leaders.items():
                    leaders[party] = leader
        return bridges

    def _groupings(self, leaders: array[int], chosen: str) -> Iterator[Grouping]:
        """The delicate components among those chosen, each divided."""
        edges: dict[int, list[Edge]] = defaultdict(list)
        for a, b, bits in self._rows(
            "SELECT a, b, bits FROM edges JOIN components ON party = a JOIN delicate USING (leader)"
            f" WHERE band = 2 AND {chosen}"
        ):
            edges[leaders[a]].append(Edge(a, b, bits))
        columns = parties.FACTS[self.kind]
        rows: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        for leader, party, *values in self._rows(
            f"SELECT leader, party, {', '.join(columns)} FROM parties JOIN components USING (party)"
            f" JOIN delicate USING (leader) WHERE {chosen}"
        ):
            rows[leader][party] = dict(zip(columns, values, strict=True))
        return (agglomerate(self.kind, edges[leader], found) for leader, found in rows.items())

    def _name(self) -> None:
        """``links``: records of a party that would not join itself stay alone."""
        self._stage(
            "links",
            """
            WITH placed AS (
                SELECT m.row, l.leader, CASE WHEN p.records > 1 AND own.band < 2 THEN m.row END AS lonely
                FROM members m JOIN plain p USING (h1, h2) JOIN own ON own.a = p.party JOIN leaders l USING (party)
            ), named AS (
                SELECT row, leader, source, source_key,
                    min(concat(source, chr(31), source_key)) OVER (PARTITION BY leader, lonely) AS first
                FROM placed JOIN normalised USING (row)
            )
            SELECT row, source, source_key, leader, left(md5(first), 16) AS cluster FROM named
            """,
        )

    def _cases(self) -> None:
        """``cases``: pairs of clusters between which somebody has to decide, each with its best pair of records."""
        names = ", ".join(f"best.{name} AS {name}" for name in scoring.outcome_names(self.kind))
        self._stage(
            "cases",
            f"""
            WITH shown AS (SELECT party, min(row) AS row FROM members JOIN plain USING (h1, h2) GROUP BY party),
            best AS (
                SELECT least(x.cluster, y.cluster) AS cluster_a, greatest(x.cluster, y.cluster) AS cluster_b,
                    arg_max(
                        struct_pack(x := x.row, y := y.row, bits := e.bits, {scoring.packed_outcomes(self.kind, "e")}),
                        (e.bits, -e.a, -e.b)
                    ) AS best
                FROM edges e JOIN shown s ON s.party = e.a JOIN shown t ON t.party = e.b
                JOIN links x ON x.row = s.row JOIN links y ON y.row = t.row
                WHERE x.cluster <> y.cluster GROUP BY ALL
            )
            SELECT '{self.kind}' AS kind, x.source AS source_a, x.source_key AS source_key_a, cluster_a,
                y.source AS source_b, y.source_key AS source_key_b, cluster_b,
                round(best.bits, 1) AS bits, {names}
            FROM best JOIN links x ON x.row = best.x JOIN links y ON y.row = best.y
            """,
        )

    def _alarms(self, bridges: list[Bridge]) -> tuple[Alarm, ...]:
        crowded = self._rows(
            "SELECT min(cluster), count(DISTINCT (h1, h2)) AS n FROM links JOIN members USING (row)"
            f" GROUP BY leader HAVING n >= {CROWDED} ORDER BY n DESC, 1"
        )
        names: dict[int, str] = {}
        if bridges:
            wanted = ", ".join(str(bridge.edge.a) for bridge in bridges)
            names = dict(
                self._rows(
                    "SELECT party, min(cluster) FROM plain JOIN members USING (h1, h2) JOIN links USING (row)"
                    f" WHERE party IN ({wanted}) GROUP BY party"
                )
            )
        return (
            *(Alarm("crowded", cluster, (size,)) for cluster, size in crowded),
            *sorted(
                (Alarm("bridge", names[bridge.edge.a], bridge.sizes) for bridge in bridges),
                key=lambda a: a.cluster,
            ),
        )

    def _stage(self, name: str, select: str) -> None:
        """A stage's Parquet file, made unless it is there, and a view of the stage's name on it."""
        path = self.work / f"{name}.parquet"
        if not path.exists():
            part = path.with_suffix(".part")
            self.con.execute(f"COPY ({select}) TO '{part}' (FORMAT parquet, COMPRESSION lz4)")
            part.replace(path)
            self.options.progress(f"{self.kind}: {name}")
        self.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    def _table(self, name: str, select: str) -> None:
        self.con.execute(f"CREATE TABLE {name} AS {select}")

    def _register(self, name: str, leaders: array[int]) -> None:
        table = pa.table(
            {"party": pa.array(range(len(leaders)), pa.int64()), "leader": pa.array(leaders, pa.int64())}
        )
        self.con.register(name, table)

    def _rows(self, select: str) -> Iterator[tuple[Any, ...]]:
        cursor = self.con.execute(select)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows

    def _count(self, relation: str) -> int:
        return self._one(f"SELECT count(*) FROM {relation}")

    def _one(self, select: str) -> int:
        found = self.con.sql(select).fetchone()
        assert found is not None, "an aggregate has one row"
        return int(found[0])
