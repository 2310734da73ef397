"""Readers (读取器): delivered bytes in, batches of strings with physical row numbers out.

Every reader streams: it yields Arrow record batches with a column `row` and one string column `c0`, `c1` … per
source column, and raises SourceError as soon as the file cannot be taken as a whole. A row that does not fit the
columns is not lost: it goes to `Reading.misfits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

import pyarrow as pa

from hongyan.integration.descriptors import Descriptor, Format, RecordKind
from hongyan.integration.readers import (
    columnar,
    delimited,
    fixed,
    lines,
    markup,
    records,
    separated,
    workbook,
)
from hongyan.integration.readers.reading import Misfit, Reading

__all__ = ["Misfit", "Reading", "Source", "batches", "schema"]


Reader = Callable[[Iterable[bytes], Descriptor, RecordKind, Reading], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class Source:
    """A delivered file as the readers see it: `chunks` opens its content anew each time it is called.

    `limit` is the largest unpacked size in bytes. `own` reads it where it is no system's file but a person's.
    """

    descriptor: Descriptor
    format: Format
    chunks: Callable[[], Iterator[bytes]]
    limit: int
    own: Reader | None = None


def schema(kind: RecordKind) -> pa.Schema:
    """Columns of a kind's batches: `row`, then `c0`, `c1` … as strings."""
    columns = [(f"c{number}", pa.string()) for number in range(len(kind.columns))]
    return pa.schema([("row", pa.int32()), *columns])


def batches(source: Source, kind: RecordKind, reading: Reading) -> Iterable[pa.RecordBatch]:
    """All rows of one record kind. Errors: SourceError, possibly only at the end, where trailers stand."""
    if source.own is not None:
        return source.own(source.chunks(), source.descriptor, kind, reading)
    if source.format is Format.RECORDS:
        return records.read(source.chunks(), kind, reading)
    if source.format is Format.WORKBOOK:
        return workbook.read(source.chunks(), kind, reading, limit=source.limit)
    if source.format is Format.PARQUET:
        return columnar.read(source.chunks(), kind, reading, limit=source.limit)
    if source.format is Format.OWN:
        reader = import_module(f"hongyan.integration.connectors.{source.descriptor.code}.reader")
        rows: Iterable[pa.RecordBatch] = reader.read(
            source.chunks(), source.descriptor, kind, reading, limit=source.limit
        )
        return rows
    return _READERS[source.format](source.chunks(), source.descriptor, kind, reading)


_READERS: Mapping[Format, Reader] = {
    Format.DELIMITED: delimited.read,
    Format.CSV: separated.read,
    Format.FIXED: fixed.read,
    Format.JSONL: lines.read,
    Format.XML: markup.read,
}
