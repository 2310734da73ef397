"""Comma-separated text with a header line (RFC 4180): quotes, commas and line ends inside quotes, byte order mark."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

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

BATCH_ROWS = 10_000
_BYTE_ORDER_MARK = "\ufeff"


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All rows beneath the header. Errors: SourceError for header, quoting, encoding, emptiness."""
    rows = _rows(chunks, descriptor, reading)
    header = next(rows, None)
    if header is None:
        raise SourceError("empty")
    places = places_of(kind, header[1])
    reading.checks.passed("header", expected="、".join(kind.columns), found="、".join(header[1]))
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
            yield batch_of_rows(kind, numbers, values)
            numbers, values = [], []
    reading.checks.passed("encoding", expected=descriptor.encoding.removesuffix("-sig").upper())
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)
    yield batch_of_rows(kind, numbers, values)


def _rows(
    chunks: Iterable[bytes], descriptor: Descriptor, reading: Reading
) -> Iterator[tuple[int, list[str]]]:
    """Rows with the physical line each begins on."""
    reader = csv.reader(
        _lines(chunks, descriptor.encoding, reading), delimiter=descriptor.delimiter, strict=True
    )
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SourceError("quotes", row=begins) from error


def _lines(chunks: Iterable[bytes], encoding: str, reading: Reading) -> Iterator[str]:
    """Physical lines with their ends, as the csv module wants them."""
    row, text = 1, ""
    for block in line_blocks(chunks):
        text = decode(block, encoding.removesuffix("-sig"), first_row=row)
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
