"""Columnar files (Parquet): columns found by name, every value as the text a reader of the file would see.

Whole numbers come without a decimal point, also where a program stored them as floating point; other floating-point
numbers in the shortest form that means the same, so that an amount with more than two decimals is seen by the rules
instead of being rounded here. Days and instants come in ISO form, an instant with a zone in the clock of that zone: the
sender's day is the business day. Rows are numbered from 1, since such a file has no header line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import RecordKind
from hongyan.integration.readers.reading import Reading, batch, places_of

BATCH_ROWS = 20_480
_TEXTS = (pa.types.is_string, pa.types.is_large_string)


def read(
    chunks: Iterable[bytes], kind: RecordKind, reading: Reading, *, limit: int
) -> Iterator[pa.RecordBatch]:
    """All rows of a file. `limit` is in unpacked bytes.

    Errors: SourceError for what is no Parquet file, a bomb, other columns than the kind's, values without a text, no
    rows.
    """
    for first, table in portions(chunks, reading, limit=limit):
        places = places_of(kind, table.schema.names)
        if first == 1:
            reading.checks.passed(
                "header", expected="、".join(kind.columns), found="、".join(table.schema.names)
            )
        yield batch(kind, rows_from(first, len(table)), [text(table.column(place)) for place in places])


def portions(
    chunks: Iterable[bytes], reading: Reading, *, limit: int
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of a file as they are typed, each portion with the number of its first row. Errors: as in `read`."""
    packed = b"".join(chunks)
    if not packed:
        raise SourceError("empty")
    try:
        unpacked = 0
        for table in _tables(packed, limit):
            unpacked += table.nbytes
            if unpacked > limit:
                raise SourceError("too_large", limit=limit)
            first = reading.received + 1
            reading.received += len(table)
            _refuse_nul(table, first)
            yield first, table
    except (pa.ArrowException, OSError) as error:
        raise SourceError("parquet") from error
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)


def rows_from(first: int, count: int) -> pa.Array:
    """Physical row numbers."""
    return pa.array(range(first, first + count), pa.int32())


def text(values: pa.Array) -> pa.Array:
    """A column as text; what is absent is empty. Errors: SourceError for bytes and nested values.

    >>> text(pa.array([13085.0, 2.55, 0.1 + 0.2, None])).to_pylist()
    ['13085', '2.55', '0.30000000000000004', '']
    """
    kind = values.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise SourceError("parquet")
    if pa.types.is_floating(kind):
        whole = pc.replace_substring_regex(values.cast(pa.string()), r"\.0+$", "")
        return whole.fill_null("")
    if pa.types.is_timestamp(kind):
        return _instants(values).fill_null("")
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    return values.cast(pa.string()).fill_null("")


def _instants(values: pa.Array) -> pa.Array:
    """Instants to the second, in the clock of their zone."""
    local = values if values.type.tz is None else pc.local_timestamp(values)
    return pc.replace_substring(
        pc.floor_temporal(local, unit="second").cast(pa.timestamp("s")).cast(pa.string()), "T", " "
    )


def _tables(packed: bytes, limit: int) -> Iterator[pa.RecordBatch]:
    """Portions of a file. Long texts that stand there once and are meant often are counted before they are made."""
    described = pq.ParquetFile(pa.BufferReader(packed))
    groups = range(described.metadata.num_row_groups)
    if sum(described.metadata.row_group(group).total_byte_size for group in groups) > limit:
        raise SourceError("too_large", limit=limit)
    texts = [field.name for field in described.schema_arrow if any(is_text(field.type) for is_text in _TEXTS)]
    with pq.ParquetFile(pa.BufferReader(packed), read_dictionary=texts) as file:
        for table in file.iter_batches(BATCH_ROWS):
            table.validate(full=True)  # text that is no UTF-8
            if sum(map(_size, table.columns)) > limit:
                raise SourceError("too_large", limit=limit)
            yield pa.RecordBatch.from_arrays([_plain(column) for column in table.columns], table.schema.names)


def _size(column: pa.Array) -> int:
    """Bytes of a column once its texts are written out."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def _refuse_nul(table: pa.RecordBatch, first: int) -> None:
    """No text may hold a NUL, which the database cannot keep. Errors: SourceError(nul) with the row."""
    for column in table.columns:
        if any(is_text(column.type) for is_text in _TEXTS):
            place = pc.index(pc.match_substring(column, "\0"), True).as_py()
            if place >= 0:
                raise SourceError("nul", row=first + place)


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
