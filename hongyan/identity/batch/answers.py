"""What a run answers, as SQL over its stages: the cluster of each record, and the pairs left to a steward."""

# ruff: noqa: S608 - the queries are made of our own names
from __future__ import annotations

from typing import NamedTuple

from hongyan.identity.batch.scoring import outcome_words
from hongyan.identity.record import Kind

NAMED = """
    placed AS (
        SELECT m.row, l.leader, CASE WHEN p.records > 1 AND coalesce(own.band, 0) < 2 THEN m.row END AS lonely
        FROM members m JOIN plain p USING (h1, h2) LEFT JOIN own ON own.a = p.party JOIN leaders l USING (party)
    ), named AS (
        SELECT row, source, source_key, leader, lonely,
            left(md5(min(concat(source, chr(31), source_key)) OVER (PARTITION BY leader, lonely)), 16) AS cluster
        FROM placed JOIN normalised USING (row)
    )
"""
"""``named``: a cluster's name comes from its first record; records of a party that would not join itself stay alone
(``lonely``)."""

SHOWN = "shown AS (SELECT party, min(row) AS row FROM members JOIN plain USING (h1, h2) GROUP BY party)"
"""``shown``: the record that stands for a party."""


class Proposal(NamedTuple):
    """Two groups of parties that a run over everything would ``merge`` or ``split``; a party of each."""

    code: str
    one: int
    other: int


def cases(kind: Kind) -> str:
    """SELECT of the pairs of clusters between which somebody has to decide, each with its best pair of records.

    What was decided to be of two (``cannot``) is not asked again. That two clusters differ is asked once their parties
    have met: asked while joining, it has the database compare every cluster with every other.
    """
    words = ", ".join(f"{word} AS {name}" for name, word in outcome_words(kind, "best").items())
    return f"""
        WITH {SHOWN}, faces AS MATERIALIZED (
            SELECT party, row, source, source_key, cluster FROM shown JOIN links USING (row)
        ), settled AS (
            SELECT least(x.cluster, y.cluster) AS cluster_a, greatest(x.cluster, y.cluster) AS cluster_b
            FROM cannot c JOIN faces x ON x.party = c.a JOIN faces y ON y.party = c.b
        ), met AS MATERIALIZED (
            SELECT e.*, least(x.cluster, y.cluster) AS cluster_a, greatest(x.cluster, y.cluster) AS cluster_b
            FROM edges e JOIN faces x ON x.party = e.a JOIN faces y ON y.party = e.b
        ), best AS (
            SELECT * FROM met WHERE cluster_a < cluster_b
            QUALIFY row_number() OVER (PARTITION BY cluster_a, cluster_b ORDER BY bits DESC, a, b) = 1
        )
        SELECT '{kind}' AS kind, x.source AS source_a, x.source_key AS source_key_a, cluster_a,
            y.source AS source_b, y.source_key AS source_key_b, cluster_b, round(best.bits, 1) AS bits, {words}
        FROM best JOIN faces x ON x.party = best.a JOIN faces y ON y.party = best.b
        ANTI JOIN settled USING (cluster_a, cluster_b)
    """
