"""Workbooks (XLSX): one sheet per record kind, every cell as text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch_of_rows, places_of

BATCH_ROWS = 10_000
LARGEST_RATIO = 100
"""Unpacked to packed bytes; a sheet of text packs 5 to 20 times, a bomb a thousand times."""
MOST_CELLS = 20_000_000
"""Rows by columns of a sheet: the parser keeps it as a full rectangle, of which every cell takes 32 bytes."""
_PIECE_BYTES = 1 << 20
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,20})([0-9]{1,20})""")
_LONGEST_REFERENCE = 64
_OTHERS = frozenset({"xl/workbook.bin", "content.xml"})
"""Parts of workbooks of other kinds, which the parser would open too."""


def read(
    chunks: Iterable[bytes], kind: RecordKind, reading: Reading, *, limit: int
) -> Iterator[pa.RecordBatch]:
    """All rows of the kind's sheet beneath its header. `limit` is in unpacked bytes.

    Errors: SourceError for a bomb, a broken workbook, a missing sheet, a wrong header, a NUL, no rows.
    """
    packed = b"".join(chunks)
    if not packed:
        raise SourceError("empty")
    refuse_bomb(packed, limit)
    rows = _sheet(packed, kind.sheet)
    header = next(rows, None)
    if header is None:
        raise SourceError("no_rows", sheet=kind.sheet)
    places = places_of(kind, _without_tail([text_of(cell) for cell in header]))
    reading.checks.passed("header", found=kind.sheet)
    for numbers, values in _portions(rows, places, reading):
        yield batch_of_rows(kind, numbers, values)
    if not reading.received:
        raise SourceError("no_rows", sheet=kind.sheet)
    reading.checks.passed("content", found=reading.received)


def _portions(
    rows: Iterator[list[Any]], places: list[int], reading: Reading
) -> Iterator[tuple[list[int], list[list[str]]]]:
    numbers: list[int] = []
    values: list[list[str]] = []
    for number, cells in enumerate(rows, start=2):
        row = [text_of(cell) for cell in cells]
        if not any(row):
            continue  # spreadsheets keep empty rows beneath the last one
        if any("\0" in text for text in row):
            raise SourceError("nul", row=number)
        reading.received += 1
        if any(row[len(places) :]):
            reading.put_aside(Misfit(number, tuple(row)))
            continue
        row += [""] * (len(places) - len(row))
        numbers.append(number)
        values.append([row[place] for place in places])
        if len(values) == BATCH_ROWS:
            yield numbers, values
            numbers, values = [], []
    yield numbers, values


def refuse_bomb(packed: bytes, limit: int) -> None:
    """Count what really comes out of the archive; its headers can say anything (BARS D)."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if not _OTHERS.isdisjoint(map(str.lower, archive.namelist())):
                raise SourceError("workbook")
            unpacked = 0
            for entry in archive.infolist():
                extent = _Extent()
                with archive.open(entry) as content:
                    while piece := content.read(_PIECE_BYTES):
                        extent.add(piece)
                        unpacked += len(piece)
                        if unpacked > limit:
                            raise SourceError("too_large", limit=limit)
                        if unpacked > LARGEST_RATIO * max(len(packed), _PIECE_BYTES // LARGEST_RATIO):
                            raise SourceError("bomb")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise SourceError("workbook") from error


class _Extent:
    """How far the cells of a sheet reach, found in its XML before anything makes it."""

    def __init__(self) -> None:
        self.rows = self.columns = 1
        self._rest = b""

    def add(self, piece: bytes) -> None:
        """Look at some more of an entry. Errors: SourceError(sheet_size)."""
        text = self._rest + piece
        found = set(_REFERENCE.findall(text))
        self._rest = text[-_LONGEST_REFERENCE:]
        if not found:
            return
        self.rows = max(self.rows, *(int(row) for _, row in found))
        self.columns = max(self.columns, *map(column_number, {letters for letters, _ in found}))
        if self.rows * self.columns > MOST_CELLS:
            raise SourceError("sheet_size", rows=self.rows, columns=self.columns)


def column_number(letters: bytes) -> int:
    """The place of a column, from 1.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(packed: bytes, name: str) -> Iterator[list[Any]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        if name not in workbook.sheet_names:
            raise SourceError("sheet_missing", sheet=name)
        return iter(workbook.get_sheet_by_name(name).iter_rows())
    except CalamineError as error:
        raise SourceError("workbook") from error


def text_of(cell: object) -> str:
    """A cell as its reader sees it: whole numbers without a decimal point, days in ISO form."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _without_tail(cells: list[str]) -> list[str]:
    """A header without the empty cells behind its last name."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
