"""A source system's workbook: every value as text, the same bytes for the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hongyan.core.workbooks import workbook

Row = Sequence[str]


def write_workbook(path: Path, sheets: Mapping[str, tuple[Row, Iterable[Row]]]) -> dict[str, int]:
    """Write sheets, given as name → (header, rows); answers name → number of rows without header."""
    counts = dict.fromkeys(sheets, 0)

    def counted(name: str, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            counts[name] += 1
            yield row

    with path.open("wb") as file:
        file.writelines(
            workbook({name: (header, counted(name, rows)) for name, (header, rows) in sheets.items()})
        )
    return counts
