"""JSON lines: one object a line, its `type` the kind's tag, its other keys the columns, and an object that ends it.

    {"type": "ITEM", "邮件号": "…", "邮资": "12.00"}
    {"type": "END", "rows": 1, "邮资": "12.00"}

Columns that a line leaves out are empty; a line that is no such object, or has keys of no column, is a misfit. Whole
blocks are read by Arrow; a block with any odd line is read again line by line, numbers as they are written.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch, batch_of_rows, decode, line_blocks
from hongyan.integration.readers.totals import Stated, Totals

TYPE = "type"


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All lines of the kind. Errors: SourceError for trailer, control sums, encoding, emptiness."""
    totals = Totals(kind)
    text = ""
    for block in line_blocks(chunks):
        if text:
            yield _block(text, descriptor, kind, reading, totals)
        text = decode(block, descriptor.encoding, first_row=totals.rows + 1)
    if not text:
        raise SourceError("empty")
    if descriptor.trailer is None:
        yield _block(text, descriptor, kind, reading, totals)
        return
    _trailer(text, descriptor, totals, reading)


def _block(
    text: str, descriptor: Descriptor, kind: RecordKind, reading: Reading, totals: Totals
) -> pa.RecordBatch:
    lines = text.removesuffix("\n").split("\n")
    first_row = totals.rows + 1
    totals.rows += len(lines)
    if descriptor.trailer and descriptor.trailer.crc:
        totals.add_bytes(text.encode(descriptor.encoding))
    found = _at_once(text, len(lines), descriptor, kind, first_row)
    if found is None:
        found = _one_by_one(lines, descriptor, kind, first_row, reading, totals)
    reading.received += found.num_rows
    totals.add(found)
    return found


def _at_once(
    text: str, count: int, descriptor: Descriptor, kind: RecordKind, first_row: int
) -> pa.RecordBatch | None:
    """The kind's rows of a block of ordinary lines; None when one of them is not."""
    if "\\u0000" in text:
        return None
    names = dict.fromkeys([TYPE, *(column for each in descriptor.kinds for column in each.columns)])
    options = pj.ParseOptions(
        explicit_schema=pa.schema([(name, pa.string()) for name in names]), unexpected_field_behavior="error"
    )
    content = text.encode()
    whole = pj.ReadOptions(use_threads=False, block_size=len(content) + 1)
    try:
        table = pj.read_json(io.BytesIO(content), whole, options).combine_chunks()
    except pa.ArrowException:
        return None
    types = table[TYPE]
    known = pa.array([each.tag for each in descriptor.kinds])
    if table.num_rows != count or not pc.all(pc.is_in(types, known)).as_py():
        return None
    rows = pa.array(range(first_row, first_row + count), pa.int32())
    strangers = [name for name in names if name != TYPE and name not in kind.columns]
    own = pc.equal(types, kind.tag)
    if any(pc.any(pc.and_(own, pc.is_valid(table[name]))).as_py() for name in strangers):
        return None
    columns = [pc.fill_null(table[column].filter(own), "") for column in kind.columns]
    return batch(kind, rows.filter(own.combine_chunks()), [_one(column) for column in columns])


def _one(column: pa.ChunkedArray) -> pa.Array:
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])
    )


def _one_by_one(
    lines: Sequence[str],
    descriptor: Descriptor,
    kind: RecordKind,
    first_row: int,
    reading: Reading,
    totals: Totals,
) -> pa.RecordBatch:
    """The same line by line. A line of no known type is a misfit of the file's first kind, but may be any kind's."""
    others = {each.tag for each in descriptor.kinds} - {kind.tag}
    has_strays = kind is descriptor.kinds[0]
    numbers: list[int] = []
    values: list[list[str]] = []
    for row, line in enumerate(lines, first_row):
        record = _parsed(line)
        named = record.get(TYPE) if record else None
        if named in others:
            continue
        if record and named == kind.tag and _fits(record, kind):
            numbers.append(row)
            values.append([_text(record.get(column)) for column in kind.columns])
            continue
        totals.miss(row)
        if named == kind.tag or has_strays:
            reading.put_aside(Misfit(row, (line.replace("\0", ""),), "record"))
            reading.received += 1
    return batch_of_rows(kind, numbers, values)


def _parsed(line: str) -> dict[str, Any] | None:
    """An object with every key once, its numbers as they are written; None for anything else."""
    try:
        found = json.loads(line, parse_int=str, parse_float=str, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _fits(record: dict[str, Any], kind: RecordKind) -> bool:
    return record.keys() <= {TYPE, *kind.columns} and all(
        value is None or (isinstance(value, str) and _is_storable(value)) for value in record.values()
    )


def _is_storable(value: str) -> bool:
    """Neither NUL nor half a surrogate pair, which JSON can spell and no text column can hold."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _text(value: str | None) -> str:
    return value or ""


def _trailer(line: str, descriptor: Descriptor, totals: Totals, reading: Reading) -> None:
    row, trailer = totals.rows + 1, descriptor.trailer
    assert trailer is not None, "looked at by the caller"
    record = _parsed(line)
    if record is None or record.get(TYPE) != trailer.mark:
        raise SourceError("trailer_missing", row=row)
    sums = [str(record.get(control.column, "")) for control in totals.kind.controls]
    crc = str(record.get("crc", "")) if trailer.crc else None
    reading.day = stated_day(record.get("day"), row=row)
    totals.hold_against(Stated(str(record.get(trailer.rows, "")), sums, crc), reading, row=row)


def stated_day(text: str | None, *, row: int) -> date | None:
    """The business date a file states, yyyymmdd or ISO. Errors: SourceError(trailer_missing) for another text."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SourceError("trailer_missing", row=row) from error
