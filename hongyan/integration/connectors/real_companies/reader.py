"""A list of names, one a line, beneath some lines about the list and an empty one that ends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import Reading, batch_of_rows, decode, line_blocks


def read(
    chunks: Iterable[bytes],
    descriptor: Descriptor,
    kind: RecordKind,
    reading: Reading,
    *,
    limit: int,  # noqa: ARG001 - lines are never larger than the file, which was limited
) -> Iterator[pa.RecordBatch]:
    """All names with the physical line each stands on, which is also its key. Empty lines are skipped.

    Errors: SourceError for encoding, no end of the lines about the list, no names.
    """
    row, is_body = 1, False
    for block in line_blocks(chunks):
        lines = decode(block, descriptor.encoding, first_row=row).removesuffix("\n").split("\n")
        names = {row + place: line.strip() for place, line in enumerate(lines)}
        row += len(lines)
        if not is_body:
            end = next((number for number, name in names.items() if not name), None)
            if end is None:
                continue
            names = {number: name for number, name in names.items() if number > end}
            is_body = True
        found = {number: name for number, name in names.items() if name}
        reading.received += len(found)
        yield batch_of_rows(kind, list(found), [(str(number), name) for number, name in found.items()])
    if not is_body:
        raise SourceError("header", row=1, missing=[], unknown=[])
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)
