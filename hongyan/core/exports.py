"""Tables as files people open in a spreadsheet (导出), safe from formula injection (BARS D, CSV/Excel formula)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from hongyan.core.workbooks import Cover, workbook

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the system's code page
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")
_CONTROL_STARTS = frozenset("\t\r\n")


def safe_cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula: text that could be one is led by an apostrophe.

    Numbers stay numbers; None becomes empty. Spaces before a formula do not hide it.

    >>> safe_cell("=1+1"), safe_cell("＝1+1"), safe_cell(" -2+3"), safe_cell("a=b"), safe_cell(-5), safe_cell(None)
    ("'=1+1", "'＝1+1", "' -2+3", 'a=b', -5, '')
    >>> safe_cell(Decimal("-5.00"))
    Decimal('-5.00')
    """
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return value
    text = str(value)
    if text[:1] in _CONTROL_STARTS or text.lstrip()[:1] in _FORMULA_STARTS:
        return f"'{text}"
    return text


@dataclass(frozen=True, slots=True)
class Table:
    """A file to be: a note above it (who took it away, when and why), the names of its columns, its rows."""

    note: str
    header: Sequence[object]
    rows: Iterable[Sequence[object]]

    def lines(self) -> Iterator[list[Any]]:
        """All of it from the first line to the last, every cell made safe."""
        for line in chain([[self.note], self.header], self.rows):
            yield [safe_cell(cell) for cell in line]


def csv_file(table: Table) -> Iterator[bytes]:
    """A CSV file in pieces of a line each: UTF-8 with byte order mark, CRLF.

    >>> b"".join(csv_file(Table("who", ["name"], [["=cmd()"]]))).decode()
    "\\ufeffwho\\r\\nname\\r\\n'=cmd()\\r\\n"
    """
    buffer = io.StringIO(BYTE_ORDER_MARK)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for line in table.lines():
        writer.writerow(line)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def xlsx_file(table: Table, *, title: str, creator: str) -> Iterator[bytes]:
    """A workbook of one sheet in pieces; the note stands in its first row, its properties and on every printed page."""
    lines = table.lines()
    first = next(lines)
    yield from workbook({_sheet_name(title): (first, lines)}, Cover(title, creator, table.note, table.note))


def _sheet_name(title: str) -> str:
    """A name that a sheet can have: no signs that addresses of cells are made of, at most 31 characters.

    >>> _sheet_name("业务明细：交易/2026")
    '业务明细：交易 2026'
    """
    return re.sub(r"[\[\]:*?/\\\\']", " ", title)[:31] or "1"
