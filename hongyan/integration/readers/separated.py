"""Comma-separated text with a header line (RFC 4180): quotes, commas and line ends inside quotes, byte order mark.

Where the descriptor states a trailer, the last line is one: its mark, the rows, the control sums in their order.

Whole blocks are split by Arrow; a block with quotes or any odd line is read again by Python's csv module.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import (
    Misfit,
    Reading,
    batch,
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
    texts = _texts(blocks, descriptor, reading)
    beneath = _rows(texts, descriptor.delimiter)
    header = next(beneath, None)
    if header is None:
        raise SourceError("trailer_missing" if tail else "empty")
    places = places_of(kind, header[1])
    reading.checks.passed("header", expected="、".join(kind.columns), found="、".join(header[1]))
    for rows in _batches(beneath, texts, descriptor.delimiter, kind, reading, totals):
        found = batch(kind, rows["row"], [rows.columns[1 + place] for place in places])
        totals.add(found)
        yield found
    totals.rows = reading.received
    reading.checks.passed("encoding", expected=descriptor.encoding.removesuffix("-sig").upper())
    if descriptor.trailer:
        _trailer(b"".join(tail), descriptor, totals, reading)
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)


def _batches(
    beneath: Iterable[tuple[int, list[str]]],
    texts: Iterator[tuple[int, str]],
    delimiter: str,
    kind: RecordKind,
    reading: Reading,
    totals: Totals,
) -> Iterator[pa.RecordBatch]:
    """The rows left beneath the header, then those of the other texts; the columns are still in the file's order."""
    yield from _one_by_one(beneath, kind, reading, totals)
    for first, text in texts:
        found = _at_once(text, first, delimiter, kind)
        if found is None:
            yield from _one_by_one(_rows(chain([(first, text)], texts), delimiter), kind, reading, totals)
        else:
            reading.received += found.num_rows
            yield found


def _at_once(text: str, first: int, delimiter: str, kind: RecordKind) -> pa.RecordBatch | None:
    """A text of ordinary lines of the right width; None when one of them is not.

    Ordinary is what Arrow and the csv module read alike: no quotes, no empty lines, no other line ends, no mark to
    skip, no field longer than the csv module takes.
    """
    text = text.replace("\r\n", "\n")
    if '"' in text or "\r" in text or "\n\n" in text or text.startswith(("\n", _BYTE_ORDER_MARK)):
        return None
    content = text.encode()
    names = [f"c{number}" for number in range(len(kind.columns))]
    whole = pv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=names)
    unquoted = pv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False)
    texts = pv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(names, pa.string()))
    try:
        table = pv.read_csv(io.BytesIO(content), whole, unquoted, texts).combine_chunks()
    except pa.ArrowInvalid:
        return None
    columns = [column.chunk(0) for column in table.columns]
    if any(pc.max(pc.binary_length(column)).as_py() > csv.field_size_limit() for column in columns):
        return None
    return batch(kind, pa.array(range(first, first + table.num_rows), pa.int32()), columns)


def _one_by_one(
    rows: Iterable[tuple[int, list[str]]], kind: RecordKind, reading: Reading, totals: Totals
) -> Iterator[pa.RecordBatch]:
    """Rows of the right width with their lines; the others become misfits."""
    numbers: list[int] = []
    values: list[list[str]] = []
    for number, row in rows:
        reading.received += 1
        if len(row) != len(kind.columns):
            totals.miss(number)
            reading.put_aside(Misfit(number, tuple(row)))
            continue
        numbers.append(number)
        values.append(row)
        if len(values) == BATCH_ROWS:
            yield batch_of_rows(kind, numbers, values)
            numbers, values = [], []
    yield batch_of_rows(kind, numbers, values)


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


def _rows(texts: Iterator[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the physical line each begins on, up to the first that ends where a text ends.

    No more texts are taken than these rows need: a value in quotes may reach into the next one.
    """
    opening = next(texts, None)
    if opening is None:
        return
    before = taken = opening[0] - 1

    def lines() -> Iterator[str]:
        nonlocal taken
        for _, text in chain([opening], texts):
            # splitlines would also cut at characters that are no line ends in a CSV (U+2028, form feed)
            found = list(io.StringIO(text, newline="\n"))
            taken += len(found)
            yield from found

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    begins = before + 1
    try:
        for row in reader:
            yield begins, row
            if before + reader.line_num == taken:
                return
            begins = before + reader.line_num + 1
    except csv.Error as error:
        raise SourceError("quotes", row=begins) from error


def _texts(blocks: Iterable[bytes], descriptor: Descriptor, reading: Reading) -> Iterator[tuple[int, str]]:
    """Blocks of physical lines with the number of their first; the header's line comes alone."""
    row, text = 1, ""
    for block in blocks:
        whole = decode(block, descriptor.encoding.removesuffix("-sig"), first_row=row)
        parts = [whole]
        if row == 1:
            header, end, rest = whole.removeprefix(_BYTE_ORDER_MARK).partition("\n")
            parts = [header + end, rest]
        for text in filter(None, parts):
            yield row, text
            row += text.count("\n")
    if text and not text.endswith("\n"):
        reading.checks.warned("unterminated")
    else:
        reading.checks.passed("structure")
