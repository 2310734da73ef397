"""Delimited text between a header line and a trailer with control sums, as host systems send it.

    H|KHGL|CUST|20261121|1.0
    …detail lines…
    T|<detail lines>|<control sum>…|<CRC32 of the bytes of the detail lines>

The text is decoded here, before it is split: `|` and other ASCII characters are legal second bytes in GB18030.
DuckDB's own GB18030 reader loses rows with four-byte characters; see STACK, Files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch, decode, line_blocks
from hongyan.integration.readers.totals import Stated, Totals


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
    totals = Totals(kind)
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
    block: bytes, descriptor: Descriptor, kind: RecordKind, reading: Reading, totals: Totals
) -> pa.RecordBatch:
    first_row = totals.rows + 2
    totals.add_bytes(block)
    text = decode(block, descriptor.encoding, first_row=first_row)
    lines = text.removesuffix("\n").split("\n")
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    totals.rows += len(lines)
    reading.received += len(lines)
    numbers, columns = _split(lines, first_row, descriptor.delimiter, kind, reading, totals)
    found = batch(kind, numbers, columns)
    totals.add(found)
    return found


def _split(
    lines: list[str], first_row: int, delimiter: str, kind: RecordKind, reading: Reading, totals: Totals
) -> tuple[pa.Array, list[pa.Array]]:
    """Row numbers and columns of the lines of the right width; the others become misfits."""
    width = len(kind.columns)
    numbers = pa.array(range(first_row, first_row + len(lines)), pa.int32())
    parts = pc.split_pattern(pa.array(lines, pa.string()), delimiter)
    fits = pc.equal(pc.list_value_length(parts), width)
    if not pc.all(fits).as_py():
        for place in pc.indices_nonzero(pc.invert(fits)).to_pylist():
            totals.miss(first_row + place)
            reading.put_aside(Misfit(first_row + place, tuple(lines[place].split(delimiter))))
        numbers, parts = numbers.filter(fits), parts.filter(fits)
    values = parts.flatten()
    firsts = pa.array(range(0, len(values), width), pa.int32())
    return numbers, [values.take(pc.add(firsts, place)) for place in range(width)]


def _trailer(line: bytes, encoding: str, totals: Totals, reading: Reading) -> None:
    row = totals.rows + 2
    mark, *parts = decode(line, encoding, first_row=row).rstrip("\r\n").split("|")
    # Only here is it known that every line could be decoded.
    reading.checks.passed("encoding", expected=encoding.upper())
    if mark != "T" or len(parts) != 2 + len(totals.sums):
        raise SourceError("trailer_missing", row=row)
    totals.hold_against(Stated(parts[0], parts[1:-1], parts[-1]), reading, row=row)
