"""Records and the truth about them, as tables and files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from bench.identity.chance import Chance

FIELDS = (
    *("source", "source_key", "name", "credential_type", "credential_no", "gender", "birth_date", "phone"),
    *("email", "address", "legal_person"),
)
TRUTH_FIELDS = ("source", "source_key", "entity", "group", "errors")


@dataclass(slots=True)
class Row:
    """One record in the words of its source, and the truth: whose it is (``entity``), whose household or
    company group (``group``), what is wrong with it (``errors``)."""

    source: str
    name: str
    credential_type: str
    credential_no: str
    gender: str
    birth_date: str
    phone: str
    email: str
    address: str
    legal_person: str
    entity: str
    group: str
    errors: tuple[str, ...]
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """Records in an order that tells nothing, keys numbered within each source."""

    rows: list[Row]

    @classmethod
    def of(cls, chance: Chance, rows: Iterable[Row]) -> World:
        shuffled = sorted(rows, key=lambda _: chance.random())
        for number, row in enumerate(shuffled):
            row.source_key = f"{row.source[:2].upper()}{number:08}"
        return cls(shuffled)

    def columns(self) -> dict[str, list[str]]:
        """The records as columns, without the truth."""
        return {name: [getattr(row, name) for row in self.rows] for name in FIELDS}

    def write(self, records: Path, truth: Path) -> None:
        """Both files as CSV in UTF-8."""
        _write(records, FIELDS, ([getattr(row, name) for name in FIELDS] for row in self.rows))
        _write(
            *(truth, TRUTH_FIELDS),
            ([row.source, row.source_key, row.entity, row.group, " ".join(row.errors)] for row in self.rows),
        )


def _write(path: Path, header: Iterable[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


assert set(FIELDS) <= {field.name for field in fields(Row)}
