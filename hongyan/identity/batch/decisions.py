"""What stewards have decided, as a file: pairs of records that are one party or are not, whatever the evidence."""

# ruff: noqa: S608 - the queries are made of our own names; the file's path is quoted
from __future__ import annotations

from pathlib import Path

import duckdb

from hongyan.identity.batch.clusters import UNDECIDED, Decided
from hongyan.identity.batch.records import RecordsError, quoted_path

COLUMNS = ("source_a", "source_key_a", "source_b", "source_key_b", "decision")
VERDICTS = ("same", "different", "override")
"""``override``: the same in spite of two different IDs for life, for which two persons vouch."""


def check_decisions(path: Path | None) -> None:
    """Errors: RecordsError when the file is no CSV of ``COLUMNS`` with known verdicts."""
    if path is None:
        return
    with duckdb.connect() as con:
        names = ", ".join(COLUMNS)
        verdicts = ", ".join(f"'{verdict}'" for verdict in VERDICTS)
        try:
            con.execute(f"CREATE TABLE decisions AS SELECT {names} FROM {_relation(path)}")
            unknown = con.sql(
                f"SELECT count(*) FROM decisions WHERE decision IS NULL OR decision NOT IN ({verdicts})"
            ).fetchone()
        except duckdb.Error as error:
            raise RecordsError(f"{path.name}: not a CSV of {names}") from error
    if unknown and unknown[0]:
        raise RecordsError(f"{path.name}: {unknown[0]} decisions are none of {', '.join(VERDICTS)}")


def decided(con: duckdb.DuckDBPyConnection, path: Path | None) -> Decided:
    """The decisions about the parties in ``con`` (``normalised``, ``members``, ``plain``).

    Records that are not there, and records that say the same and so are one party, decide nothing.
    """
    if path is None:
        return UNDECIDED

    def party(side: str) -> str:
        return (
            f"(SELECT source AS source_{side}, source_key AS source_key_{side}, party AS party_{side} FROM normalised"
            " JOIN members USING (row) JOIN plain USING (h1, h2))"
        )

    rows = con.sql(
        "SELECT DISTINCT least(party_a, party_b), greatest(party_a, party_b), decision"
        f" FROM {_relation(path)} JOIN {party('a')} USING (source_a, source_key_a)"
        f" JOIN {party('b')} USING (source_b, source_key_b)"
    ).fetchall()
    # That they differ is not asked in SQL, which might join all parties by it.
    found = {
        verdict: frozenset((a, b) for a, b, said in rows if a != b and said == verdict)
        for verdict in VERDICTS
    }
    return Decided(found["same"] | found["override"], found["override"], found["different"])


def _relation(path: Path) -> str:
    return f"read_csv({quoted_path(path)}, header = true, all_varchar = true)"
