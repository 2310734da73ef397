"""What about a resolution a steward should see without being asked."""

# ruff: noqa: S608 - the queries are made of our own names and numbers
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from hongyan.identity.batch.clusters import Bridge

CROWDED = 200
"""A cluster of so many different parties is worth a look: rarely one person has that many faces."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about a cluster that a steward should see: ``crowded`` or ``bridge``.

    Fields: ``cluster`` its name in the links; ``sizes`` how many parties, of a bridge on either side.
    """

    code: str
    cluster: str
    sizes: tuple[int, ...]


def alarms(con: duckdb.DuckDBPyConnection, bridges: Sequence[Bridge]) -> tuple[Alarm, ...]:
    """The alarms about the ``links`` in ``con``, the most crowded clusters first, then the bridges."""
    crowded = con.sql(
        "SELECT min(cluster), count(DISTINCT (h1, h2)) AS n FROM links JOIN members USING (row)"
        f" GROUP BY leader HAVING n >= {CROWDED} ORDER BY n DESC, 1"
    ).fetchall()
    names: dict[int, str] = {}
    if bridges:
        wanted = ", ".join(str(bridge.edge.a) for bridge in bridges)
        names = dict(
            con.sql(
                "SELECT party, min(cluster) FROM plain JOIN members USING (h1, h2) JOIN links USING (row)"
                f" WHERE party IN ({wanted}) GROUP BY party"
            ).fetchall()
        )
    bridged = (Alarm("bridge", names[bridge.edge.a], bridge.sizes) for bridge in bridges)
    return (
        *(Alarm("crowded", cluster, (size,)) for cluster, size in crowded),
        *sorted(bridged, key=lambda alarm: alarm.cluster),
    )
