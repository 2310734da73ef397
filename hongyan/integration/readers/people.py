"""Files that people bring (人工文件): CSV in UTF-8 or GB18030, workbooks with all that people do in them.

A workbook's cells are read as they are stored, and what cannot be read right is said row by row: a formula, a number
of more digits than a spreadsheet keeps, a merged cell, a cell in error. The rows come with two columns more: what is
wrong with the row (`<code>:<place of the column>`), and whether it is about a person or an organisation.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.import_rules import delimiter_of
from hongyan.integration.readers import separated, workbook
from hongyan.integration.readers.reading import Misfit, Reading, batch_of_rows, decode

Chunks = Callable[[], Iterator[bytes]]

SAMPLE_ROWS = 20
_HEAD_BYTES = 1 << 16
_LONGEST_NAME = 60
_MOST_COLUMNS = 200
_MOST_NUMBER = 10**15
"""Whole numbers from here on have more digits than a spreadsheet keeps: the last ones are made up."""
_FORMULA_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f[\s>/]')
_ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*"([^"]*)\"""")
_LONGEST_PART = 1 << 22
_PIECE_BYTES = 1 << 20
_LONGEST_CELL_HEAD = 512
_SPOILT = r"^\s*\d(\.\d+)?[Ee]\+\d{2}\s*$"
_FORMULA = r"^\s*[=＝]"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look at a file finds: how it is laid out, its columns, its first rows, sheets that are hidden."""

    layout: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    hidden: tuple[str, ...] = ()


def look(chunks: Chunks, *, limit: int) -> Looked:
    """A first look; `limit` is in unpacked bytes. Errors: SourceError when the file cannot be taken as a whole."""
    first = next(chunks(), b"")
    if not first:
        raise SourceError("empty")
    return (
        _look_into_workbook(chunks, limit)
        if first.startswith(b"PK\x03\x04")
        else _look_into_text(chunks, first)
    )


def batches(
    chunks: Iterable[bytes],
    descriptor: Descriptor,
    kind: RecordKind,
    reading: Reading,
    *,
    bare: RecordKind,
    looked: Looked,
    digits: Sequence[int],
    used: Sequence[int],
    party_type: str,
    limit: int,
    most_rows: int,
) -> Iterator[pa.RecordBatch]:
    """All rows beneath the header in the columns of `kind`: those of `bare`, the fault, the type.

    `used` are the places of the columns that were mapped, `digits` of them those that hold numbers of people.
    Errors: SourceError.
    """
    if looked.layout == "xlsx":
        found = _sheet_rows(chunks, kind, looked, used, limit, reading)
    else:
        found = _text_rows(chunks, descriptor, bare, reading, digits, used)
    for one in found:
        if reading.received > most_rows:
            raise SourceError("too_many_rows", limit=most_rows)
        yield pa.RecordBatch.from_arrays(
            [*one.columns, pa.array([party_type] * one.num_rows, pa.string())],
            ["row", *(f"c{number}" for number in range(len(kind.columns)))],
        )
    if not reading.received:
        raise SourceError("no_rows")


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns. Errors: SourceError where one has none, or two have the same."""
    names = [" ".join(cell.replace("\0", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise SourceError("empty")
    if len(names) > _MOST_COLUMNS:
        raise SourceError("many_columns", limit=_MOST_COLUMNS)
    if "" in names:
        raise SourceError("blank_header", place=names.index("") + 1)
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise SourceError("same_header", name=twice[:_LONGEST_NAME])
    return tuple(name[:_LONGEST_NAME] for name in names)


# --- text


def _look_into_text(chunks: Chunks, first: bytes) -> Looked:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError("encoding", row=1, encoding="UTF-8 / GB18030")
    encoding = _encoding_of(chunks)
    text = first[:_HEAD_BYTES].decode(encoding, "ignore").removeprefix("\ufeff")
    delimiter = delimiter_of(text.partition("\n")[0])
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), SAMPLE_ROWS + 2))
    except csv.Error as error:
        raise SourceError("quotes", row=1) from error
    if len(first) > _HEAD_BYTES:
        rows = rows[: SAMPLE_ROWS + 1]
    headers = _header(rows[0] if rows else [])
    body = tuple(tuple(row[: len(headers)]) for row in rows[1 : SAMPLE_ROWS + 1] if any(row))
    return Looked("csv", headers, body, encoding=encoding, delimiter=delimiter)


def _encoding_of(chunks: Chunks) -> str:
    """UTF-8 where all of it is, else GB18030. Errors: SourceError where it is neither."""
    for encoding in ("utf-8", "gb18030"):
        decoder, row = codecs.getincrementaldecoder(encoding)(), 1
        try:
            for chunk in chunks():
                if b"\0" in chunk:
                    raise SourceError("nul", row=row + chunk.count(b"\n", 0, chunk.index(b"\0")))
                decoder.decode(chunk)
                row += chunk.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    decode(b"\xff", "utf-8", first_row=row)
    raise AssertionError


def _text_rows(
    chunks: Iterable[bytes],
    descriptor: Descriptor,
    bare: RecordKind,
    reading: Reading,
    digits: Sequence[int],
    used: Sequence[int],
) -> Iterator[pa.RecordBatch]:
    """Rows of a text with their faults; rows of another width come last."""
    for one in separated.read(chunks, descriptor, bare, reading):
        columns = one.columns[1:]
        fault = pa.array([""] * one.num_rows, pa.string())
        for code, places, pattern in (("long_number", digits, _SPOILT), ("formula", used, _FORMULA)):
            for place in places:
                hit = pc.match_substring_regex(columns[place], pattern)
                if pc.any(hit).as_py():
                    fault = pc.if_else(hit, f"{code}:{place}", fault)
        yield _with_fault(one, fault)
    width = len(bare.columns)
    for misfits in _portions(reading.misfits):
        rows = [([*misfit.values, *([""] * width)][:width]) for misfit in misfits]
        made = batch_of_rows(bare, [misfit.row for misfit in misfits], rows)
        yield _with_fault(made, pa.array([f"width:{len(one.values)}" for one in misfits], pa.string()))
    reading.misfits.clear()


def _with_fault(batch: pa.RecordBatch, fault: pa.Array) -> pa.RecordBatch:
    names = [*batch.schema.names, "fault"]
    return pa.RecordBatch.from_arrays([*batch.columns, fault], names)


def _portions(misfits: Sequence[Misfit]) -> Iterator[Sequence[Misfit]]:
    for start in range(0, len(misfits), separated.BATCH_ROWS):
        yield misfits[start : start + separated.BATCH_ROWS]


# --- workbooks


def _look_into_workbook(chunks: Chunks, limit: int) -> Looked:
    packed = b"".join(chunks())
    workbook.refuse_bomb(packed, limit)
    book = _opened(packed)
    visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    hidden = tuple(one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible)
    for name in visible:
        rows = [row for _, row in islice(_rows_of(_sheet(book, name)), SAMPLE_ROWS + 1)]
        if rows and any(rows[0]):
            headers = _header([_shown(cell) for cell in rows[0]])
            body = tuple(tuple(_shown(cell) for cell in row[: len(headers)]) for row in rows[1:] if any(row))
            others = tuple(one for one in visible if one != name)
            return Looked("xlsx", headers, body, sheet=name, hidden=hidden + others)
    raise SourceError("hidden_only" if hidden else "empty")


def _opened(packed: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(packed))
    except CalamineError as error:
        raise SourceError("workbook") from error


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise SourceError("sheet_missing", sheet=name) from error


def _rows_of(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows with their numbers in the sheet, from 1; the first is the first that has anything."""
    first = (sheet.start or (0, 0))[0] + 1
    return enumerate(sheet.to_python(skip_empty_area=True), start=first)


def _sheet_rows(
    chunks: Iterable[bytes],
    kind: RecordKind,
    looked: Looked,
    used: Sequence[int],
    limit: int,
    reading: Reading,
) -> Iterator[pa.RecordBatch]:
    packed = b"".join(chunks)
    workbook.refuse_bomb(packed, limit)
    sheet = _sheet(_opened(packed), looked.sheet)
    rows = _rows_of(sheet)
    top, head = next(rows, (0, []))
    if _header([_shown(cell) for cell in head]) != looked.headers:
        raise SourceError("header", row=1, missing=list(looked.headers), unknown=[])
    left = (sheet.start or (0, 0))[1]
    merged = _merged_rows(sheet, top)
    unfit = _unfit_cells(packed, looked.sheet)
    width, wanted = len(looked.headers), frozenset(used)
    numbers: list[int] = []
    values: list[list[str]] = []
    for number, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        reading.received += 1
        row = [_shown(cell) for cell in cells]
        here = {place - left: code for place, code in unfit.get(number, {}).items()}
        fault = _fault_of(cells, number in merged, here, wanted, width)
        numbers.append(number)
        values.append([*(row + [""] * width)[:width], fault])
        if len(values) == workbook.BATCH_ROWS:
            yield _batch(kind, numbers, values)
            numbers, values = [], []
    yield _batch(kind, numbers, values)


def _batch(kind: RecordKind, numbers: Sequence[int], values: Sequence[Sequence[str]]) -> pa.RecordBatch:
    """The rows in every column of the kind but the last, which the caller adds."""
    columns = zip(*values, strict=True) if values else ((),) * (len(kind.columns) - 1)
    arrays = [pa.array(numbers, pa.int32()), *(pa.array(column, pa.string()) for column in columns)]
    return pa.RecordBatch.from_arrays(arrays, ["row", *(f"c{place}" for place in range(len(arrays) - 1))])


def _fault_of(
    cells: Sequence[Any], is_merged: bool, unfit: Mapping[int, str], wanted: frozenset[int], width: int
) -> str:
    """What is wrong with a row as a whole, as `<code>:<place>`; columns that were left out do not count."""
    if is_merged:
        return "merged:0"
    if any(cell not in (None, "") for cell in cells[width:]):
        return f"width:{len(cells)}"
    for place in sorted(wanted):
        if place in unfit:
            return f"{unfit[place]}:{place}"
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _MOST_NUMBER:
            return f"long_number:{place}"
    return ""


def _shown(cell: object) -> str:
    return "" if cell is None else workbook.text_of(cell).replace("\0", "")


def _merged_rows(sheet: CalamineSheet, top: int) -> frozenset[int]:
    """The rows that merged cells reach into. Errors: SourceError where the header is merged."""
    found: set[int] = set()
    for (first, _), (last, _) in sheet.merged_cell_ranges or ():
        if first + 1 <= top:
            raise SourceError("merged_header")
        found.update(range(first + 1, last + 2))
    return frozenset(found)


def _unfit_cells(packed: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """Row → place → what is wrong with the cell, from the sheet's own XML: of a formula the parser gives the result,
    of a cell in error nothing."""
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive, archive.open(_part_of(archive, sheet)) as content:
        rest = b""
        while piece := content.read(_PIECE_BYTES):
            text = rest + piece
            for code, pattern in (("cell_error", _ERROR_CELL), ("formula", _FORMULA_CELL)):
                for letters, row in pattern.findall(text):
                    found.setdefault(int(row), {})[workbook.column_number(letters) - 1] = code
            rest = text[-_LONGEST_CELL_HEAD:]
    return found


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The entry in which a sheet lies. Errors: SourceError when the workbook does not say."""
    sheets = _attributes(archive, "xl/workbook.xml", _SHEET)
    relation = next((one.get("r:id", "") for one in sheets if one.get("name") == sheet), "")
    targets = _attributes(archive, "xl/_rels/workbook.xml.rels", _RELATION)
    target = next((one.get("Target", "") for one in targets if one.get("Id") == relation), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if part not in archive.namelist():
        raise SourceError("workbook")
    return part


def _attributes(archive: zipfile.ZipFile, part: str, element: re.Pattern[str]) -> list[dict[str, str]]:
    if part not in archive.namelist():
        raise SourceError("workbook")
    with archive.open(part) as content:
        text = content.read(_LONGEST_PART).decode("utf-8", "replace")
    return [
        {name: unescape(value) for name, value in _ATTRIBUTE.findall(found)}
        for found in element.findall(text)
    ]
