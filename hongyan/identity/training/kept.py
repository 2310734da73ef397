"""Rows kept of parties (``batch.parties.COMPARED``) → the table of distinct parties that training reads, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from hongyan.identity.batch import parties
from hongyan.identity.normalise.batch import SCHEMA
from hongyan.identity.record import Kind


class KeptRows:
    """Rows gathered one by one, column by column, so that many fit into memory."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._columns: dict[str, list[Any]] = {name: [] for name in parties.COMPARED[kind]}

    def add(self, row: Mapping[str, Any]) -> None:
        """One more row; what it lacks it does not say."""
        for name, values in self._columns.items():
            values.append(row.get(name))

    def __len__(self) -> int:
        return len(self._columns["name_key"])

    def table(self) -> pa.Table:
        """The distinct parties with the derived columns, as a run over a file has them."""
        said = {name: pa.array(self._columns.get(name, [None] * len(self)), type_) for name, type_ in _FIELDS}
        normalised = pa.table({"row": pa.array(range(len(self)), pa.int64()), **said})
        with duckdb.connect() as con:
            con.register("normalised", normalised)
            con.sql(parties.members(self.kind, "normalised")).create("members")
            return con.sql(parties.parties(self.kind, "normalised", "members")).to_arrow_table()


_FIELDS = [(field.name, field.type) for field in SCHEMA if field.name not in {"row", "source", "source_key"}]


def kept_rows(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> KeptRows:
    """All of some rows."""
    kept = KeptRows(kind)
    for row in rows:
        kept.add(row)
    return kept
