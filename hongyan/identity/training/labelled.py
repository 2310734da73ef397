"""Chances from judged records: ``m`` from pairs of one party, ``u`` from pairs taken by chance."""

# ruff: noqa: S608 - the queries are made of our own names
from __future__ import annotations

from collections.abc import Mapping

import duckdb

from hongyan.identity.batch.scoring import compared_pairs
from hongyan.identity.model.comparisons import COMPARISONS, UNKNOWN
from hongyan.identity.record import Kind
from hongyan.identity.training.clamp import Estimates

RANDOM_PAIRS = 2_000_000
MOST = 2_000_000

Counts = Mapping[str, Mapping[str, int]]
"""Comparison → outcome → how many pairs."""


def learn(con: duckdb.DuckDBPyConnection, kind: Kind, entities: str) -> Estimates:
    """Estimates from ``parties`` in ``con``, of which (party, entity) says who is who."""
    same = counts(con, kind, judged_pairs(entities), "parties")
    strangers = counts(con, kind, random_pairs("parties", RANDOM_PAIRS), "parties")
    return {
        name: {
            outcome: (_share(same[name], outcome), _share(strangers[name], outcome)) for outcome in outcomes
        }
        for name, outcomes in same.items()
    }


def judged_pairs(entities: str) -> str:
    """SELECT of the pairs (a, b) of parties that (party, entity) calls one."""
    return (
        f"SELECT x.party AS a, y.party AS b FROM {entities} x JOIN {entities} y USING (entity)"
        f" WHERE x.party < y.party ORDER BY hash(x.party, y.party) LIMIT {MOST}"
    )


def random_pairs(parties: str, count: int) -> str:
    """SELECT of pairs (a, b) of parties by chance, the same for the same parties."""
    size = f"(SELECT count(*) FROM {parties})"
    return (
        "SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b FROM ("
        f"SELECT (hash(i, 'a') % {size})::BIGINT AS x, (hash(i, 'b') % {size})::BIGINT AS y"
        f" FROM range({count}) t(i)) WHERE x <> y"
    )


def counts(con: duckdb.DuckDBPyConnection, kind: Kind, pairs: str, parties: str) -> Counts:
    """How often each outcome comes among pairs, where both sides say something."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE outcomes AS {compared_pairs(kind, f'({pairs})', parties)}")
    found: dict[str, dict[str, int]] = {}
    for comparison in COMPARISONS[kind]:
        rows = dict(con.sql(f"SELECT {comparison.name}, count(*) FROM outcomes GROUP BY ALL").fetchall())
        found[comparison.name] = {
            outcome: rows.get(code, 0)
            for code, outcome in enumerate(comparison.outcomes)
            if outcome != UNKNOWN
        }
    return found


def _share(found: Mapping[str, int], outcome: str) -> float | None:
    """None where too few pairs were met to tell."""
    total = sum(found.values())
    return found[outcome] / total if total >= 100 else None
