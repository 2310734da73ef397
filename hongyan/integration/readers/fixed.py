"""Fixed width (定长): lines of bytes, each column so many bytes wide and padded with blanks, and a trailer line.

    <tag><column><column>…
    <mark><rows><control sum>…[<CRC32>]

Widths count bytes, so lines are cut before they are decoded: a Chinese character takes two or four of them. A line of
another length is a misfit. Lines that bear the tag of another kind belong to that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch, decode, line_blocks
from hongyan.integration.readers.totals import Stated, Totals

_CRC_WIDTH = 8


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All lines of the kind. Errors: SourceError for trailer, control sums, encoding, emptiness."""
    totals = Totals(kind)
    block = b""
    for following in line_blocks(chunks):
        if block:
            yield _lines(block, descriptor, kind, reading, totals)
        block = following
    if not block:
        raise SourceError("empty")
    _trailer(block, descriptor, totals, reading)


def _lines(
    block: bytes, descriptor: Descriptor, kind: RecordKind, reading: Reading, totals: Totals
) -> pa.RecordBatch:
    first_row = totals.rows + 1
    totals.add_bytes(block)
    if (nul := block.find(b"\0")) >= 0:
        raise SourceError("nul", row=first_row + block.count(b"\n", 0, nul))
    lines = block.removesuffix(b"\n").split(b"\n")
    if b"\r" in block:
        lines = [line.removesuffix(b"\r") for line in lines]
    totals.rows += len(lines)
    numbered = _of_kind(lines, first_row, descriptor, kind)
    reading.received += len(numbered)
    numbers, fitting = _fitting(numbered, descriptor, kind, reading, totals)
    cuts = accumulate(
        (_width(kind, column) for column in kind.columns), initial=len(kind.tag.encode(descriptor.encoding))
    )
    columns = [
        _column([line[begin:end] for line in fitting], descriptor.encoding, numbers)
        for begin, end in pairwise(cuts)
    ]
    found = batch(kind, numbers, columns)
    totals.add(found)
    return found


def _of_kind(
    lines: list[bytes], first_row: int, descriptor: Descriptor, kind: RecordKind
) -> list[tuple[int, bytes]]:
    """The lines that are the kind's, or nobody's, with their rows."""
    own = kind.tag.encode(descriptor.encoding)
    others = tuple(
        other.tag.encode(descriptor.encoding) for other in descriptor.kinds if other.tag and other is not kind
    )
    numbered = enumerate(lines, first_row)
    if not own or not others:
        return list(numbered)
    return [(row, line) for row, line in numbered if line.startswith(own) or not line.startswith(others)]


def _fitting(
    numbered: Sequence[tuple[int, bytes]],
    descriptor: Descriptor,
    kind: RecordKind,
    reading: Reading,
    totals: Totals,
) -> tuple[list[int], list[bytes]]:
    """Lines of the right length under the right mark; the others become misfits."""
    tag = kind.tag.encode(descriptor.encoding)
    length = len(tag) + sum(_width(kind, column) for column in kind.columns)
    fits = [len(line) == length and line.startswith(tag) for _, line in numbered]
    if not all(fits):
        for (row, line), is_fit in zip(numbered, fits, strict=True):
            if not is_fit:
                totals.miss(row)
                shown = line.decode(descriptor.encoding, "replace")
                found = {"expected": length, "found": len(line)}
                reading.put_aside(
                    Misfit(row, (shown,), "line_length" if len(line) != length else "record", found)
                )
        numbered = [pair for pair, is_fit in zip(numbered, fits, strict=True) if is_fit]
    return [row for row, _ in numbered], [line for _, line in numbered]


def _column(values: list[bytes], encoding: str, rows: Sequence[int]) -> pa.Array:
    """One column, decoded at once. Errors: SourceError(encoding) naming the physical row."""
    joined = b"\n".join(values)
    try:
        text = joined.decode(encoding)
    except UnicodeDecodeError as error:
        row = rows[joined.count(b"\n", 0, error.start)]
        raise SourceError("encoding", row=row, encoding=encoding.upper()) from error
    return pc.utf8_trim(pa.array(text.split("\n") if values else (), pa.string()), " 　")


def _width(kind: RecordKind, column: str) -> int:
    return next(field.width for field in kind.fields if field.column == column)


def _trailer(line: bytes, descriptor: Descriptor, totals: Totals, reading: Reading) -> None:
    row, trailer = totals.rows + 1, descriptor.trailer
    assert trailer is not None, "a file of fixed width has a trailer"
    text = decode(line, descriptor.encoding, first_row=row).rstrip("\r\n")
    widths = [len(trailer.mark), *trailer.widths, *([_CRC_WIDTH] if trailer.crc else [])]
    if not text.startswith(trailer.mark) or len(text.rstrip()) > sum(widths):
        raise SourceError("trailer_missing", row=row)
    _, rows, *parts = (text[begin:end].strip(" ") for begin, end in pairwise(accumulate(widths, initial=0)))
    crc = parts.pop() if trailer.crc else None
    totals.hold_against(Stated(rows, parts, crc), reading, row=row)
