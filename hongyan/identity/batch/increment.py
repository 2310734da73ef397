"""New records beside those resolved before: only what they touch is clustered anew, and no cluster changes its name.

Known parties keep their numbers; new ones come behind them, in the order of their digests, and meet known ones and
each other. Where a run over everything would now unite known clusters, or take one apart, the links stay as they
are and the difference is proposed. The folder of the stages is a known one to the next increment.
"""

# ruff: noqa: S608 - the queries are made of our own names and the paths of our own files
from __future__ import annotations

import json
import os
import shutil
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from hongyan.identity.batch import answers, blocking, parties, scoring
from hongyan.identity.batch.answers import Proposal
from hongyan.identity.batch.chunks import normalised_chunks
from hongyan.identity.batch.clusters import Bridge, Forest, Grouping
from hongyan.identity.batch.engine import Engine, Options, Run, groupings
from hongyan.identity.batch.records import Records, RecordsError
from hongyan.identity.batch.work import MANIFEST, models_digest
from hongyan.identity.model.weights import Model

_STAGES = ("members", "plain", "own", "edges", "links")


def increment(known: Path, models: Iterable[Model]) -> Engine:
    """The engine that adds a file to what the folder ``known`` holds.

    Errors: RecordsError when the folder holds no finished run of these models.
    """
    manifest = known / MANIFEST
    models = tuple(models)
    stages = [known / model.kind / f"{stage}.parquet" for model in models for stage in _STAGES]
    if not manifest.exists() or not all(stage.exists() for stage in stages):
        raise RecordsError(f"{known} is no folder of a finished run (--work)")
    if json.loads(manifest.read_text("utf-8"))["models"] != models_digest(models):
        raise RecordsError(f"{known} was resolved with another model or without the same --kind")
    return partial(Increment, known)


class Increment(Run):
    """A run that starts from the stages of another one."""

    def __init__(
        self, known: Path, records: Records, model: Model, options: Options, work: Path, alone: bool = True
    ) -> None:
        super().__init__(records, model, options, work, alone)
        self.known = known / model.kind
        for stage in _STAGES:
            self.con.execute(f"CREATE VIEW known_{stage} AS {self._read(self.known / f'{stage}.parquet')}")
        self.offset = self._one("SELECT coalesce(max(row), -1) + 1 FROM known_members")
        self.first = self._one("SELECT coalesce(max(party), -1) + 1 FROM known_plain")

    @property
    def brought(self) -> str:
        """The new chunks."""
        return f"{self.work}/fresh/*.parquet"

    @property
    def wanted(self) -> str:
        """The new records, numbered behind the known ones."""
        return f"SELECT row + {self.offset} AS row, * EXCLUDE (row) FROM ({super().wanted})"

    def normalise(self) -> None:
        """``normalised``: the known chunks and the new ones, without records that came again."""
        fresh, whole = self.work / "fresh", self.work / "normalised"
        for folder in (fresh, whole):
            folder.mkdir(exist_ok=True)
        for path in normalised_chunks(self.records.path, self.wanted, self.kind, fresh, self.options.threads):
            self.options.progress(f"{self.kind}: normalised {path.stem}")
        for path in (self.known / "normalised").glob("*.parquet"):
            _link(path, whole / path.name)
        for path in fresh.glob("*.parquet"):
            _link(path, whole / f"{self.offset:012}-{path.name}")
        self.con.execute(f"CREATE VIEW fresh AS {self._read(fresh / '*.parquet')}")
        self._stage("stale", self._stale(whole))
        self.con.execute(
            f"CREATE VIEW normalised AS {self._read(whole / '*.parquet')} ANTI JOIN stale USING (row)"
        )

    def _stale(self, whole: Path) -> str:
        """SELECT of (row) of the records that came again since."""
        again = (
            f"SELECT row FROM read_parquet('{whole}/*.parquet') SEMI JOIN fresh USING (source, source_key)"
            f" WHERE row < {self.offset}"
        )
        before = self.known / "stale.parquet"
        return f"{again} UNION {self._read(before)}" if before.exists() else again

    def prepare(self) -> int:
        """Parties with their numbers: known ones that somebody still says, then new ones."""
        columns = ", ".join(("h1", "h2", "first_row", "records"))
        self._stage("members", parties.members(self.kind, "normalised"))
        fresh = (
            f"(SELECT party + {self.first} AS party, {columns} FROM"
            f" ({parties.numbered('(SELECT * FROM members ANTI JOIN known_plain USING (h1, h2))')}))"
        )
        self._stage(
            "plain",
            f"""
            SELECT k.* REPLACE (n.records AS records) FROM known_plain k
            JOIN (SELECT h1, h2, count(*)::BIGINT AS records FROM members GROUP BY h1, h2) n USING (h1, h2)
            UNION ALL BY NAME ({parties.described(self.kind, fresh, "normalised")})
            """,
        )
        count = self._count("normalised")
        self._weigh(self._frequencies(self.model.size(count)))
        new = f"(SELECT * FROM parties WHERE party >= {self.first})"
        self._stage(
            "own",
            f"SELECT k.* FROM known_own k SEMI JOIN plain ON plain.party = k.a"
            f" UNION ALL BY NAME ({scoring.with_themselves(self.model, new, count)})",
        )
        return count

    def _block(self, _count: int) -> None:
        """``pairs`` of which one at least is new."""
        strong = scoring.strong(self.model, "parties", "own")
        self._table("keys", blocking.keys(self.kind, strong))
        touched = f"(SELECT * FROM keys WHERE key IN (SELECT key FROM keys WHERE party >= {self.first}))"
        self._stage("pairs", f"SELECT * FROM ({blocking.met(self.kind, touched)}) WHERE b >= {self.first}")

    def _score(self, count: int) -> None:
        """``edges``: those known between parties that are still there, and the new ones."""
        alive = "SEMI JOIN plain p ON p.party = e.a SEMI JOIN plain q ON q.party = e.b"
        self._stage(
            "edges",
            f"SELECT e.* FROM known_edges e {alive}"
            f" UNION ALL BY NAME ({scoring.possible_pairs(self.model, 'pairs', 'parties', count)})",
        )

    def _unite(self) -> array[int]:
        """The components: known clusters as they are, and what new parties connect."""
        forest = Forest(self._one("SELECT coalesce(max(party), -1) + 1 FROM plain"))
        self._table("settled", self._settled())
        for party, leader in self._rows("SELECT party, leader FROM settled"):
            forest.unite(party, leader)
        for a, b in self._rows(f"SELECT a, b FROM edges WHERE band = 2 AND b >= {self.first}"):
            forest.unite(a, b)
        for a, b in self.decided.must:
            forest.unite(a, b)
        return forest.leaders()

    def _settled(self) -> str:
        """SELECT of (party, leader): the known cluster of each party; that of its own record, if that came again."""
        return f"""
            WITH clusters AS (
                SELECT l.row, l.source, l.source_key, min(p.party) OVER (PARTITION BY l.cluster) AS leader
                FROM known_links l JOIN known_members m USING (row) JOIN known_plain p USING (h1, h2)
            ), said AS (
                SELECT p.party, c.leader FROM clusters c JOIN members m USING (row) JOIN plain p USING (h1, h2)
                UNION ALL
                SELECT p.party, c.leader FROM clusters c JOIN fresh f USING (source, source_key)
                JOIN members m ON m.row = f.row JOIN plain p USING (h1, h2) WHERE p.party >= {self.first}
            )
            SELECT party, min(leader) AS leader FROM said GROUP BY party
        """

    def _divide(self, leaders: array[int]) -> list[Bridge]:
        """The touched components: known clusters stay, new parties join them or each other."""
        for party, leader in self._rows("SELECT party, leader FROM settled"):
            leaders[party] = leader
        self._register_pairs("decided", self.decided.must | self.decided.cannot)
        self._table(
            "touched",
            f"SELECT DISTINCT leader FROM components WHERE party >= {self.first}"
            " OR party IN (SELECT a FROM decided UNION ALL SELECT b FROM decided)",
        )
        known = dict(
            self._rows(
                "SELECT party, s.leader FROM settled s JOIN components c USING (party)"
                " SEMI JOIN touched t ON t.leader = c.leader"
            )
        )
        kept = list(self._touched(known, f"b >= {self.first}"))
        free = list(self._touched({}, "TRUE"))
        for grouping in kept:
            codes = {leader: known[party] for party, leader in grouping.leaders.items() if party in known}
            for party, leader in grouping.leaders.items():
                leaders[party] = codes.get(leader, leader)
        self.proposals = [one for found in free for one in _differences(found, leaders)]
        return [bridge for grouping in kept for bridge in grouping.bridges]

    def _heed(self, leaders: array[int]) -> None:
        """What was decided is heeded in ``_divide`` already."""

    def _touched(self, known: dict[int, int], chosen: str) -> Iterator[Grouping]:
        self._register_pairs("must", self.decided.must)
        edges = (
            "SELECT x.leader, a, b, bits FROM edges JOIN components x ON x.party = a JOIN components y"
            " ON y.party = b AND y.leader = x.leader SEMI JOIN touched ON touched.leader = x.leader"
            f" WHERE band = 2 AND {chosen}"
            " UNION ALL SELECT leader, a, b, 0 FROM must JOIN components ON party = a"
        )
        members = (
            f"SELECT leader, party, {', '.join(parties.FACTS[self.kind])} FROM parties"
            " JOIN components USING (party) SEMI JOIN touched USING (leader)"
        )
        return groupings(self.kind, self._rows(edges), self._rows(members), known=known, decided=self.decided)

    def _name(self) -> None:
        """``links``: known records keep the names of their clusters, new ones take them or get new ones."""
        self._stage(
            "links",
            f"""
            WITH {answers.NAMED}, codes AS (
                SELECT leader, min(cluster) AS cluster FROM (
                    SELECT p.party, k.cluster FROM known_links k JOIN known_members m USING (row)
                    JOIN known_plain p USING (h1, h2)
                ) JOIN (SELECT party, leader FROM settled) USING (party) GROUP BY leader
            )
            SELECT n.row, n.source, n.source_key, n.leader,
                coalesce(k.cluster, CASE WHEN n.lonely IS NULL THEN c.cluster END, n.cluster) AS cluster
            FROM named n LEFT JOIN known_links k USING (source, source_key) LEFT JOIN codes c ON c.leader = n.leader
            """,
        )
        self._register_pairs("proposed", ((one, other) for _, one, other in self.proposals))
        self._stage("proposals", self._proposed())

    def _proposed(self) -> str:
        """SELECT of the proposals in the names of clusters, each with a record of either side and the best evidence."""
        return f"""
            WITH shown AS (
                SELECT party, arg_min(struct_pack(s := l.source, k := l.source_key, c := l.cluster), l.row) AS record
                FROM links l JOIN members USING (row) JOIN plain USING (h1, h2) GROUP BY party
            ), named AS (
                SELECT DISTINCT x.record AS x, y.record AS y
                FROM proposed JOIN shown x ON x.party = a JOIN shown y ON y.party = b
            ), best AS (
                SELECT least(x.record.c, y.record.c) AS one, greatest(x.record.c, y.record.c) AS other,
                    max(bits) AS bits
                FROM edges JOIN shown x ON x.party = a JOIN shown y ON y.party = b WHERE band = 2 GROUP BY ALL
            )
            SELECT '{self.kind}' AS kind, CASE WHEN x.c = y.c THEN 'split' ELSE 'merge' END AS proposal,
                x.c AS cluster_a, x.s AS source_a, x.k AS source_key_a,
                y.c AS cluster_b, y.s AS source_b, y.k AS source_key_b,
                CASE WHEN x.c <> y.c THEN round(bits, 1) END AS bits
            FROM named LEFT JOIN best ON one = least(x.c, y.c) AND other = greatest(x.c, y.c)
        """

    def _read(self, path: Path) -> str:
        return f"SELECT * FROM read_parquet('{path}')"


def _differences(found: Grouping, leaders: array[int]) -> Iterator[Proposal]:
    """What a free run made of a component, beside the clusters that stand."""
    free: dict[int, dict[int, int]] = defaultdict(dict)
    standing: dict[int, dict[int, int]] = defaultdict(dict)
    for party, leader in sorted(found.leaders.items()):
        free[leader].setdefault(leaders[party], party)
        standing[leaders[party]].setdefault(leader, party)
    for code, groups in (("merge", free), ("split", standing)):
        for parts in groups.values():
            first, *others = sorted(parts.values())
            yield from (Proposal(code, first, other) for other in others)


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)
