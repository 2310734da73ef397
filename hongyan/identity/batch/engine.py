"""A file of records → clusters, review pairs and alarms: normalise, block, score, cluster; without a database.

Every stage leaves one Parquet file (or one for each chunk) in the work directory, written under another name and
renamed when whole: a run that was interrupted goes on where it stopped. DuckDB spills to the same directory.
"""

# ruff: noqa: S608 - the queries are made of our own names and the paths of our own files
from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from hongyan.identity.batch import answers, parties, scoring
from hongyan.identity.batch.alarms import Alarm, alarms
from hongyan.identity.batch.answers import Proposal
from hongyan.identity.batch.blocking import pairs
from hongyan.identity.batch.chunks import CHUNK, normalised_chunks
from hongyan.identity.batch.clusters import (
    NOBODY,
    UNDECIDED,
    Bridge,
    Decided,
    Edge,
    Forest,
    Grouping,
    agglomerate,
)
from hongyan.identity.batch.decisions import check_decisions, decided
from hongyan.identity.batch.records import Records, check_keys, open_records
from hongyan.identity.batch.work import MANIFEST, check_targets, enough, work_directory, write_csv
from hongyan.identity.model.weights import Model
from hongyan.identity.record import Kind

AT_A_TIME = 400_000
"""How many parties are divided at a time: about half a gigabyte of them as Python objects."""
Progress = Callable[[str], None]
Engine = Callable[[Records, Model, "Options", Path, bool], "Run"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: ``memory_gb`` DuckDB's share, what is above spills to disk; ``work`` kept for resuming;
    ``decisions`` a file of what stewards decided (``batch.decisions``); ``known`` the folder of a finished run that
    the records come in addition to (``batch.increment``)."""

    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory_gb: float = 4.0
    work: Path | None = None
    decisions: Path | None = None
    known: Path | None = None
    progress: Progress = lambda _line: None


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: counts and alarms; ``proposals`` of an increment; ``ignored`` columns that nobody reads."""

    records: int
    parties: int
    clusters: int
    pairs: int
    review_pairs: int
    proposals: int
    alarms: tuple[Alarm, ...]
    ignored: tuple[str, ...]


def resolve_records(
    path: Path,
    links: Path,
    *,
    models: Sequence[Model],
    reviews: Path | None = None,
    proposals: Path | None = None,
    options: Options | None = None,
    engine: Engine | None = None,
) -> Result:
    """Resolve a file of records; writes ``links`` and, where wanted, ``reviews``.

    With one model all records are of its kind; with one for each kind every record is judged by its name and
    number, and persons and organisations never meet. ``links``: source, source_key, cluster; one row for each
    record in the order of the input. A cluster's name comes from the smallest (source, source_key) in it, so it
    stays as long as that record does. ``reviews``: one row for each pair of clusters that a steward should look
    at, the most likely first. ``engine``: another kind of run than ``Run``, which answers the same. With
    known records (``Options.known``) no link of theirs changes, and ``links`` holds theirs too; what a run over
    everything would change goes to ``proposals``.
    Errors: RecordsError when the file cannot be used; nothing is written then.
    """
    options = options or Options()
    engine = engine or _engine(options, models)
    records = open_records(path)
    check_decisions(options.decisions)
    besides = [path for path in (options.decisions, options.known and options.known / MANIFEST) if path]
    check_targets([path for path in (links, reviews, proposals) if path], [path, *besides])
    with work_directory(records, models, options.work, besides) as work, enough():
        runs = [engine(records, model, options, work / model.kind, len(models) == 1) for model in models]
        for run in runs:
            run.normalise()
        with duckdb.connect() as con:
            folders = ", ".join(f"'{run.brought}'" for run in runs)
            check_keys(con, f"read_parquet([{folders}])", path)
        parts = [run.resolve() for run in runs]
        with duckdb.connect() as con:
            write_csv(con, links, _stages(runs, "links"), "source, source_key, cluster", "row")
            if reviews is not None:
                write_csv(con, reviews, _stages(runs, "cases"), "*", "bits DESC, cluster_a, cluster_b")
            if proposals is not None:
                order = "proposal, cluster_a, cluster_b, source_b, source_key_b"
                write_csv(con, proposals, _stages(runs, "proposals"), "*", order)
    return Result(
        records=sum(part.records for part in parts),
        parties=sum(part.parties for part in parts),
        clusters=sum(part.clusters for part in parts),
        pairs=sum(part.pairs for part in parts),
        review_pairs=sum(part.review_pairs for part in parts),
        proposals=sum(part.proposals for part in parts),
        alarms=tuple(alarm for part in parts for alarm in part.alarms),
        ignored=records.ignored,
    )


def _engine(options: Options, models: Sequence[Model]) -> Engine:
    if options.known is None:
        return Run
    from hongyan.identity.batch.increment import increment

    return increment(options.known, models)


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
    proposals: int
    alarms: tuple[Alarm, ...]


def groupings(
    kind: Kind,
    edges: Iterable[tuple[Any, ...]],
    members: Iterable[tuple[Any, ...]],
    *,
    known: Mapping[int, int] = NOBODY,
    decided: Decided = UNDECIDED,
) -> Iterator[Grouping]:
    """Components divided: ``edges`` of (component, a, b, bits), ``members`` of (component, party, *facts).

    ``known``, ``decided``: see ``agglomerate``.
    """
    among: dict[int, list[Edge]] = defaultdict(list)
    for component, *edge in edges:
        among[component].append(Edge(*edge))
    rows: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for component, party, *facts in members:
        rows[component][party] = dict(zip(parties.FACTS[kind], facts, strict=True))
    for component, found in rows.items():
        yield agglomerate(kind, among[component], found, known=known, decided=decided)


class Run:
    """One file on its way through the stages."""

    def __init__(
        self, records: Records, model: Model, options: Options, work: Path, alone: bool = True
    ) -> None:
        self.records, self.model, self.options, self.work, self.alone = records, model, options, work, alone
        self.kind: Kind = model.kind
        work.mkdir(parents=True, exist_ok=True)
        self.con = duckdb.connect()
        self.con.execute(f"SET threads = {options.threads}")
        self.con.execute(f"SET memory_limit = '{options.memory_gb}GB'")
        self.con.execute(f"SET temp_directory = '{work / 'spill'}'")
        self.con.execute("SET preserve_insertion_order = false")
        self.con.execute("SET enable_progress_bar = false")
        self.decided = UNDECIDED
        self.proposals: Sequence[Proposal] = ()

    @property
    def brought(self) -> str:
        """The normalised chunks of the file."""
        return f"{self.work}/normalised/*.parquet"

    @property
    def wanted(self) -> str:
        """SELECT of the records of this kind."""
        return self.records.select if self.alone else self.records.select_of(self.kind)

    def normalise(self) -> None:
        """Chunks of the input → ``normalised``, on several cores where it is worth it."""
        folder = self.work / "normalised"
        folder.mkdir(exist_ok=True)
        for path in normalised_chunks(
            self.records.path, self.wanted, self.kind, folder, self.options.threads
        ):
            self.options.progress(f"{self.kind}: normalised {path.stem}")
        self.con.execute(f"CREATE VIEW normalised AS SELECT * FROM read_parquet('{folder}/*.parquet')")

    def resolve(self) -> Part:
        """``normalised`` → ``links`` and ``cases``."""
        count = self.prepare()
        self._block(count)
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
            len(self.proposals),
            alarms(self.con, bridges),
        )

    def prepare(self) -> int:
        """The stages before any comparison, up to ``parties``; how many records there are."""
        count = self._count("normalised")
        self._prepare_parties(count)
        return count

    def _prepare_parties(self, count: int) -> None:
        self._stage("members", parties.members(self.kind, "normalised"))
        self._describe()
        self._weigh(self._frequencies(self.model.size(count)))
        self._compare_with_themselves(count)

    def _frequencies(self, size: int) -> dict[str, str]:
        """Column → table of what its values are worth among ``plain``."""
        tables = {}
        for column in scoring.frequency_columns(self.kind):
            tables[column] = f"frequency_{column}"
            self._table(tables[column], parties.frequencies(column, "plain", size))
        for column in scoring.holders_columns(self.kind):
            tables[column] = f"holders_{column}"
            self._table(tables[column], parties.holders(column, "plain"))
        return tables

    def _describe(self) -> None:
        """``members`` and ``normalised`` → ``plain``."""
        self._stage("plain", parties.parties(self.kind, "normalised", "members"))

    def _weigh(self, tables: dict[str, str]) -> None:
        """``plain`` → ``parties``."""
        self._stage("parties", parties.weighed(self.model, "plain", tables))

    def _compare_with_themselves(self, count: int) -> None:
        """``parties`` → ``own``: a party that would not even join itself (a name and nothing else) joins nobody."""
        self._stage("own", scoring.with_themselves(self.model, "parties", count))

    def _block(self, _count: int) -> None:
        """``parties`` → ``pairs``."""
        self._stage("pairs", pairs(self.kind, scoring.strong(self.model, "parties", "own")))

    def _score(self, count: int) -> None:
        """``pairs`` → ``edges``."""
        self._stage("edges", scoring.possible_pairs(self.model, "pairs", "parties", count))

    def _cluster(self) -> list[Bridge]:
        """Joins → ``leaders`` (party, leader); the delicate components by agglomeration."""
        self.decided = decided(self.con, self.options.decisions)
        leaders = self._unite()
        self._register("components", leaders)
        bridges = self._divide(leaders)
        self._heed(leaders)
        self._register("leaders", leaders)
        self.options.progress(f"{self.kind}: clustered")
        return bridges

    def _unite(self) -> array[int]:
        """The components: the leader of each party."""
        forest = Forest(self._count("parties"))
        for a, b in self._rows("SELECT a, b FROM edges WHERE band = 2"):
            forest.unite(a, b)
        for a, b in self.decided.must:
            forest.unite(a, b)
        return forest.leaders()

    def _divide(self, leaders: array[int]) -> list[Bridge]:
        """Take apart the components in which something might not belong together, some at a time."""
        self._table(
            "delicate",
            "SELECT leader, count(*) AS parties FROM components JOIN parties USING (party) GROUP BY leader"
            f" HAVING {' OR '.join(f'count(DISTINCT {column}) > 1' for column in parties.TELLING[self.kind])}",
        )
        bridges: list[Bridge] = []
        for grouping in self._groupings():
            bridges += grouping.bridges
            for party, leader in grouping.leaders.items():
                leaders[party] = leader
        return bridges

    def _heed(self, leaders: array[int]) -> None:
        """Divide the components in which something was decided anew, by what was decided."""
        if not (self.decided.must or self.decided.cannot):
            return
        self._register_pairs("must", self.decided.must)
        self._register_pairs("decided", self.decided.must | self.decided.cannot)
        self._table(
            "heeded",
            "SELECT DISTINCT leader FROM components"
            " WHERE party IN (SELECT a FROM decided UNION ALL SELECT b FROM decided)",
        )
        edges = (
            "SELECT leader, a, b, bits FROM edges JOIN components ON party = a SEMI JOIN heeded USING (leader)"
            " WHERE band = 2 UNION ALL SELECT leader, a, b, 0 FROM must JOIN components ON party = a"
        )
        facts = ", ".join(parties.FACTS[self.kind])
        members = (
            f"SELECT leader, party, {facts} FROM parties JOIN components USING (party)"
            " SEMI JOIN heeded USING (leader)"
        )
        for grouping in groupings(self.kind, self._rows(edges), self._rows(members), decided=self.decided):
            for party, leader in grouping.leaders.items():
                leaders[party] = leader

    def _groupings(self) -> Iterator[Grouping]:
        """The delicate components, each divided."""
        slices = self._one("SELECT coalesce(sum(parties), 0) FROM delicate") // AT_A_TIME + 1
        for number in range(slices):
            chosen = f"hash(leader) % {slices} = {number}"
            yield from groupings(
                self.kind,
                self._rows(
                    "SELECT leader, a, b, bits FROM edges JOIN components ON party = a JOIN delicate USING (leader)"
                    f" WHERE band = 2 AND {chosen}"
                ),
                self._rows(
                    f"SELECT leader, party, {', '.join(parties.FACTS[self.kind])} FROM parties"
                    f" JOIN components USING (party) JOIN delicate USING (leader) WHERE {chosen}"
                ),
            )

    def _name(self) -> None:
        """``links``: the cluster of each record."""
        self._stage("links", f"WITH {answers.NAMED} SELECT * EXCLUDE (lonely) FROM named")

    def _cases(self) -> None:
        """``cases``: what is left to a steward."""
        self._register_pairs("cannot", self.decided.cannot)
        self._stage("cases", answers.cases(self.kind))

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

    def _register_pairs(self, name: str, pairs: Iterable[tuple[int, int]]) -> None:
        found = sorted(pairs)
        columns = {side: pa.array([pair[i] for pair in found], pa.int64()) for i, side in enumerate("ab")}
        self.con.register(name, pa.table(columns))

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
