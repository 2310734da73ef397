"""Comma-separated text with a header line (RFC 4180): quotes, commas and line ends inside quotes, byte order mark.

Where the descriptor states a trailer, the last line is one: its mark, the rows, the control sums in their order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import (
    Misfit,
    Reading,
    batch_of_rows,
    decode,
    line_blocks,
    places_of,
)
from hongyan.integration.readers.totals import Stated, Totals

BATCH_ROWS = 10_000
_BYTE_ORDER_MARK = "\ufeff"


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All rows beneath the header, and above the trailer where the descriptor states one.

    Errors: SourceError for header, quoting, encoding, trailer, control sums, emptiness.
    """
    totals = Totals(kind)
    tail: list[bytes] = []
    blocks = line_blocks(chunks)
    if descriptor.trailer:
        blocks = _all_but_last(blocks, tail, totals)
    rows = _rows(blocks, descriptor, reading)
    header = next(rows, None)
    if header is None:
        raise SourceError("trailer_missing" if tail else "empty")
    places = places_of(kind, header[1])
    reading.checks.passed("header", expected="、".join(kind.columns), found="、".join(header[1]))
    for numbers, values in _portions(rows, places, reading):
        found = batch_of_rows(kind, numbers, values)
        totals.add(found.columns[1:])
        yield found
    totals.rows = reading.received
    reading.checks.passed("encoding", expected=descriptor.encoding.removesuffix("-sig").upper())
    if descriptor.trailer:
        _trailer(b"".join(tail), descriptor, totals, reading)
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)


def _portions(
    rows: Iterable[tuple[int, list[str]]], places: Sequence[int], reading: Reading
) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Rows of the right width in the kind's order of columns, with their lines; the others become misfits."""
    numbers: list[int] = []
    values: list[list[str]] = []
    for number, row in rows:
        reading.received += 1
        if len(row) != len(places):
            reading.misfits.append(Misfit(number, tuple(row)))
            continue
        numbers.append(number)
        values.append([row[place] for place in places])
        if len(values) == BATCH_ROWS:
            yield numbers, values
            numbers, values = [], []
    yield numbers, values


def _all_but_last(blocks: Iterator[bytes], tail: list[bytes], totals: Totals) -> Iterator[bytes]:
    """Every block but the last, which is the last line and goes to `tail`; the checksum runs over the others."""
    block = next(blocks, None)
    for following in blocks:
        if block is not None:
            totals.add_bytes(block)
            yield block
        block = following
    if block is not None:
        tail.append(block)


def _trailer(line: bytes, descriptor: Descriptor, totals: Totals, reading: Reading) -> None:
    trailer = descriptor.trailer
    assert trailer is not None, "looked at by the caller"
    text = decode(line, descriptor.encoding.removesuffix("-sig"), first_row=1).rstrip("\r\n")
    mark, *parts = text.split(descriptor.delimiter)
    if mark != trailer.mark or len(parts) != 1 + len(totals.sums) + trailer.crc:
        raise SourceError("trailer_missing")
    rows, *sums = parts
    crc = sums.pop() if trailer.crc else None
    totals.hold_against(Stated(rows, sums, crc), reading, row=None)


def _rows(
    blocks: Iterable[bytes], descriptor: Descriptor, reading: Reading
) -> Iterator[tuple[int, list[str]]]:
    """Rows with the physical line each begins on."""
    reader = csv.reader(_lines(blocks, descriptor, reading), delimiter=descriptor.delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SourceError("quotes", row=begins) from error


def _lines(blocks: Iterable[bytes], descriptor: Descriptor, reading: Reading) -> Iterator[str]:
    """Physical lines with their ends, as the csv module wants them."""
    row, text = 1, ""
    for block in blocks:
        text = decode(block, descriptor.encoding.removesuffix("-sig"), first_row=row)
        if row == 1:
            text = text.removeprefix(_BYTE_ORDER_MARK)
        row += text.count("\n")
        # splitlines would also cut at characters that are no line ends in a CSV (U+2028, form feed)
        lines = text.split("\n")
        yield from (line + "\n" for line in lines[:-1])
        if lines[-1]:
            yield lines[-1]
    if text and not text.endswith("\n"):
        reading.checks.warned("unterminated")
    else:
        reading.checks.passed("structure")
