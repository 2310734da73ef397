"""Tables as files people open in a spreadsheet (导出), safe from formula injection (BARS D, CSV/Excel formula)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

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


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8 with byte order mark and CRLF; every cell, the header's too, is made safe.

    >>> csv_bytes(["name"], [["=cmd()"]]).decode()
    "\\ufeffname\\r\\n'=cmd()\\r\\n"
    """
    text = io.StringIO(BYTE_ORDER_MARK)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
