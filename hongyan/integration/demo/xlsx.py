"""A workbook written row by row, every value as text, the same bytes for the same rows.

openpyxl stamps the moment of writing into the file; identical deliveries must be identical files, so
this writes the few parts of ECMA-376 that a table of texts needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

Row = Sequence[str]


def write_workbook(path: Path, sheets: dict[str, tuple[Row, Iterable[Row]]]) -> dict[str, int]:
    """Write sheets, given as name → (header, rows); answers name → number of rows without header."""
    counts = {}
    with ZipFile(path, "w") as archive:
        for part, text in _frame(list(sheets)).items():
            archive.writestr(_member(part), text)
        for number, (name, (header, rows)) in enumerate(sheets.items(), start=1):
            counts[name] = _write_sheet(archive, number=number, header=header, rows=rows)
    return counts


def _write_sheet(archive: ZipFile, *, number: int, header: Row, rows: Iterable[Row]) -> int:
    count = 0
    with archive.open(_member(f"xl/worksheets/sheet{number}.xml"), "w") as part:
        part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{_row(header)}'.encode())
        chunk: list[str] = []
        for row in rows:
            chunk.append(_row(row))
            count += 1
            if len(chunk) == _ROWS_AT_ONCE:
                part.write("".join(chunk).encode())
                chunk.clear()
        part.write(f"{''.join(chunk)}</sheetData></worksheet>".encode())
    return count


def _row(values: Row) -> str:
    cells = (
        f'<c s="1" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>" for value in values
    )
    return f"<row>{''.join(cells)}</row>"


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _EPOCH)
    member.compress_type = ZIP_DEFLATED
    return member


def _frame(names: list[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    links = "".join(_link(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    styles = _link(len(names) + 1, "styles", "styles.xml")
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": _links(_link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links + styles),
        "xl/styles.xml": _STYLES,
    }


def _links(inner: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
