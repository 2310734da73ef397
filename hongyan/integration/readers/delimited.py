"""Delimited text between a header line and a trailer with control sums, as host systems send it.

    H|KHGL|CUST|20261121|1.0
    …detail lines…
    T|<detail lines>|<control sum>|<CRC32 of the bytes of the detail lines>

The text is decoded here, before it is split: `|` and other ASCII characters are legal second bytes in GB18030.
DuckDB's own GB18030 reader loses rows with four-byte characters; see STACK, Files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Control, Descriptor, RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch, decode, line_blocks

_AMOUNT = r"^-?\d{1,15}(\.\d{1,2})?$"
_DIGITS = r"^\d+$"


@dataclass(slots=True)
class _Totals:
    """What the trailer will be compared with."""

    rows: int = 0
    control: Decimal = Decimal(0)
    crc: int = 0


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All detail lines. Errors: SourceError for header, trailer, control sums, encoding, emptiness."""
    blocks = line_blocks(chunks)
    block = next(blocks, b"")
    if not block:
        raise SourceError("empty")
    head, _, block = block.partition(b"\n")
    reading.day = _header(decode(head, descriptor.encoding, first_row=1), descriptor, kind, reading)
    totals = _Totals()
    for following in blocks:
        if block:
            yield _details(block, descriptor, kind, reading, totals)
        block = following
    _trailer(block, descriptor.encoding, totals, reading)


def _header(line: str, descriptor: Descriptor, kind: RecordKind, reading: Reading) -> date:
    parts, expected = line.rstrip("\r").split(descriptor.delimiter), ["H", descriptor.sender, kind.code]
    if parts[:3] != expected or len(parts) != 5:
        raise SourceError("header_line", row=1, expected="|".join(expected))
    try:
        day = datetime.strptime(parts[3], "%Y%m%d").date()  # noqa: DTZ007 a business day has no zone
    except ValueError as error:
        raise SourceError("header_line", row=1, expected="yyyymmdd") from error
    reading.checks.passed("header", expected="|".join(expected), found="|".join(parts[:3]))
    return day


def _details(
    block: bytes, descriptor: Descriptor, kind: RecordKind, reading: Reading, totals: _Totals
) -> pa.RecordBatch:
    first_row = totals.rows + 2
    totals.crc = crc32(block, totals.crc)
    text = decode(block, descriptor.encoding, first_row=first_row)
    lines = text.removesuffix("\n").split("\n")
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    totals.rows += len(lines)
    reading.received += len(lines)
    numbers, columns = _split(lines, first_row, descriptor.delimiter, len(kind.columns), reading)
    if kind.control:
        totals.control += _control(columns[kind.columns.index(kind.control.column)], kind.control)
    return batch(kind, numbers, columns)


def _split(
    lines: list[str], first_row: int, delimiter: str, width: int, reading: Reading
) -> tuple[pa.Array, list[pa.Array]]:
    """Row numbers and columns of the lines of the right width; the others become misfits."""
    numbers = pa.array(range(first_row, first_row + len(lines)), pa.int32())
    parts = pc.split_pattern(pa.array(lines, pa.string()), delimiter)
    fits = pc.equal(pc.list_value_length(parts), width)
    if not pc.all(fits).as_py():
        for place in pc.indices_nonzero(pc.invert(fits)).to_pylist():
            reading.misfits.append(Misfit(first_row + place, tuple(lines[place].split(delimiter))))
        numbers, parts = numbers.filter(fits), parts.filter(fits)
    values = parts.flatten()
    firsts = pa.array(range(0, len(values), width), pa.int32())
    return numbers, [values.take(pc.add(firsts, place)) for place in range(width)]


def _control(column: pa.Array, control: Control) -> Decimal:
    """The sum of a column; values that are no numbers count nothing, their rows are judged later."""
    pattern, number = _AMOUNT, pa.decimal128(38, 2)
    if control.last_digits:
        column = pc.utf8_slice_codeunits(column, -control.last_digits)
        pattern, number = _DIGITS, pa.int64()
    valid = column.filter(pc.match_substring_regex(column, pattern))
    return Decimal(pc.sum(valid.cast(number)).as_py() or 0)


def _trailer(line: bytes, encoding: str, totals: _Totals, reading: Reading) -> None:
    """Compare the trailer with what was read. Only here is it known that every line could be decoded."""
    row, checks = totals.rows + 2, reading.checks
    parts = decode(line, encoding, first_row=row).rstrip("\r\n").split("|")
    checks.passed("encoding", expected=encoding.upper())
    if totals.rows:
        checks.passed("content", found=totals.rows)
    if parts[0] != "T" or len(parts) != 4:
        raise SourceError("trailer_missing", row=row)
    try:
        rows, control, crc = int(parts[1]), Decimal(parts[2]), int(parts[3], 16)
    except (ValueError, InvalidOperation) as error:
        raise SourceError("trailer_missing", row=row) from error
    if rows != totals.rows:
        raise SourceError("trailer_count", row=row, stated=rows, found=totals.rows)
    checks.passed("trailer", expected=rows, found=totals.rows)
    if control != totals.control:
        raise SourceError("control_sum", row=row, stated=str(control), found=str(totals.control))
    checks.passed("control_sum", expected=control, found=totals.control.quantize(control))
    if crc != totals.crc:
        raise SourceError("crc", row=row, stated=f"{crc:08X}", found=f"{totals.crc:08X}")
    checks.passed("crc", expected=f"{crc:08X}", found=f"{totals.crc:08X}")
    if not totals.rows:
        raise SourceError("no_rows")
