"""Workbooks (Excel 工作簿) written row by row: the few parts of ECMA-376 that a table needs, and nothing that is live.

A cell is a text or a number. There is no way to write a formula, a link or a picture, so no value can become one. The
bytes come in pieces while the rows are read, so memory does not grow with the file and no unsealed file is needed on
the way; and the same rows make the same bytes, which a library that stamps the moment of writing would not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LONGEST_CELL = 32_767
"""Characters a cell can hold; a file with more is called damaged."""

_LONGEST_PRINTED = 250
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROWS_AT_ONCE = 1_000
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Cell style 1 is the built-in format 49, "@": text stays text when somebody edits the sheet.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Spreadsheets read _x003D_ as "=": the underscore is written so itself, and the text stays what it is.
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Cell = str | int | float | Decimal
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a workbook says of itself: its properties, and `printed` at the head of every printed page."""

    title: str
    creator: str
    description: str
    printed: str


def workbook(sheets: Mapping[str, tuple[Row, Iterable[Row]]], cover: Cover | None = None) -> Iterator[bytes]:
    """The bytes of a workbook of sheets, given as name → (first row, other rows), in pieces of some rows each."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # whatever can be written to will do
        for part, text in _frame(list(sheets), cover).items():
            archive.writestr(_member(part), text)
        for number, (first, rows) in enumerate(sheets.values(), start=1):
            with archive.open(_member(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
                for piece in _sheet(first, rows, cover):
                    sheet.write(piece.encode())
                    yield sink.drained()
    yield sink.drained()


class _Sink:
    """Takes what an archive writes, until it is drained."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def drained(self) -> bytes:
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


def _sheet(first: Row, rows: Iterable[Row], cover: Cover | None) -> Iterator[str]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{_row(first)}'
    chunk: list[str] = []
    for row in rows:
        chunk.append(_row(row))
        if len(chunk) == _ROWS_AT_ONCE:
            yield "".join(chunk)
            chunk.clear()
    yield f"{''.join(chunk)}</sheetData>{_printed(cover) if cover else ''}</worksheet>"


def _row(values: Row) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return _text_cell(value) if value else "<c/>"
    if not math.isfinite(value):
        return _text_cell(str(value))
    return f"<c><v>{value:f}</v></c>" if isinstance(value, Decimal) else f"<c><v>{value!r}</v></c>"


def _text_cell(text: str) -> str:
    cut = text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
    space = ' xml:space="preserve"' if cut != cut.strip() else ""
    return f'<c s="1" t="inlineStr"><is><t{space}>{_written(cut)}</t></is></c>'


def _written(text: str) -> str:
    """A text as XML: what XML cannot hold is dropped."""
    return escape(_CODED.sub("_x005F_", _NO_XML.sub("", text)))


def _printed(cover: Cover) -> str:
    text = _written(f"&C{cover.printed[:_LONGEST_PRINTED].replace('&', '&&')}")
    return f"<headerFooter><oddHeader>{text}</oddHeader></headerFooter>"


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _EPOCH)
    member.compress_type = ZIP_DEFLATED
    return member


def _frame(names: list[str], cover: Cover | None) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        _link(number, f"{_RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in numbers
    )
    styles = _link(len(names) + 1, f"{_RELATIONS}/styles", "styles.xml")
    roots = _link(1, f"{_RELATIONS}/officeDocument", "xl/workbook.xml")
    told = {}
    if cover:
        parts += (
            '<Override PartName="/docProps/core.xml"'
            ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        )
        roots += _link(2, f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
        told = {"docProps/core.xml": _properties(cover)}
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": _links(roots),
        **told,
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links + styles),
        "xl/styles.xml": _STYLES,
    }


def _properties(cover: Cover) -> str:
    told = {"dc:title": cover.title, "dc:creator": cover.creator, "dc:description": cover.description}
    inside = "".join(f"<{name}>{_written(text)}</{name}>" for name, text in told.items())
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</cp:coreProperties>'
    )


def _links(inner: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
