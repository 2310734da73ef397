"""Blocks of facts (事实块): staged rows as the text COPY takes, made by the engine without an object a row.

A block holds the good rows of one transaction, in the order of the file, in the columns of `ledger.codes.FACT_COLUMNS`.
Account numbers leave here as their keyed hash and their masked form, and words without numbers of people in them.
"""

# ruff: noqa: S608 - the queries are made of checked descriptors and quoted words, never of what a source sent

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core import vault
from hongyan.core.personal_numbers import mask_numbers
from hongyan.integration import staging
from hongyan.integration.descriptors import RecordKind, Versioning
from hongyan.ledger.codes import FACT_COLUMNS, NULL, Column, FactKind


@dataclass(frozen=True, slots=True)
class FactBlock:
    """So many rows in COPY's text format, in pieces."""

    rows: int
    pieces: list[memoryview]


def fact_blocks(
    kind: RecordKind, path: Path, *, record: UUID, system: str, day: date | None, skip: int, chunk: int
) -> Iterator[FactBlock]:
    """The good rows of a staged file of facts, after the first `skip` of them; `day` is the file's business date."""
    pieces: list[memoryview] = []
    rows = 0
    with staging.opened(record) as database:
        query = f"SELECT {_parts(kind, day)} FROM {staging.scan(path, record)} WHERE {staging.GOOD} OFFSET {skip:d}"
        for batch in database.execute(query).to_arrow_reader(staging.ROW_GROUP_ROWS):
            lines, start = _lines(batch, system), 0
            while start < len(lines):
                piece = lines.slice(start, chunk - rows)
                pieces.append(_bytes(piece))
                start, rows = start + len(piece), rows + len(piece)
                if rows == chunk:
                    yield FactBlock(rows, pieces)
                    pieces, rows = [], 0
    if rows:
        yield FactBlock(rows, pieces)


def _parts(kind: RecordKind, day: date | None) -> str:
    """A line of COPY in parts: columns that the engine makes, joined, and each of the others alone under its name.

    No column may be NULL here: `concat_ws` would leave it out.
    """
    parts: list[str] = []
    for is_made, columns in groupby(FACT_COLUMNS[FactKind(kind.target)], key=lambda one: one.name in _MAKERS):
        texts = {column.name: _column(kind, column, day) for column in columns}
        if is_made:
            parts += [f"{text} AS {name}" for name, text in texts.items()]
        else:
            parts.append(f"concat_ws(chr(9), {', '.join(texts.values())}) AS part{len(parts)}")
    return ", ".join(parts)


def _lines(batch: pa.RecordBatch, system: str) -> pa.StringArray:
    """The lines of a batch, whole."""
    parts = [
        _made(_MAKERS[name], texts, system) if name in _MAKERS else texts
        for name, texts in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pc.binary_join_element_wise(pc.binary_join_element_wise(*parts, "\t"), "", "\n")


def _made(make: Callable[[str, str], str], texts: pa.StringArray, system: str) -> pa.StringArray:
    """A column that the engine cannot make; equal texts of a batch are made once."""
    encoded = texts.dictionary_encode()
    return pa.array([make(system, text) for text in encoded.dictionary.to_pylist()], pa.string()).take(
        encoded.indices
    )


def _hash(system: str, number: str) -> str:
    return "\\\\x" + vault.blind(f"holding:{system}", number).hex() if number else NULL


def _words(_system: str, text: str) -> str:
    return mask_numbers(text).replace("\\", "\\\\")


_MAKERS: Mapping[str, Callable[[str, str], str]] = {
    "holding_hash": _hash,
    "product_name": _words,
    "note": _words,
}
"""Columns made here out of the staged text: accounts as keyed hashes, a source's words without numbers of people."""


def _bytes(lines: pa.StringArray) -> memoryview:
    """The texts of an array, one behind the other, as they lie in memory."""
    _, offsets, values = lines.buffers()
    ends = memoryview(offsets).cast("i")
    return memoryview(values)[ends[lines.offset] : ends[lines.offset + len(lines)]]


def _column(kind: RecordKind, column: Column, day: date | None) -> str:
    """The expression of one column of a line."""
    match column.name:
        case "row":
            return "row"
        case "version":
            return _version(kind, day)
        case "void":
            return f"CASE WHEN {_target(kind, 'void')} = '1' THEN '1' ELSE '0' END"
        case "business_date" | "event_time":
            return f"coalesce({_moment(kind, column.name)})"
        case "holding_hash":
            return _target(kind, "holding")
        case "product_name" | "note":
            return _target(kind, column.name)
        case "holding_masked":
            return f"mask_number({_target(kind, 'holding')})"
    return _or_empty(_target(kind, column.name), column, f"copy_text({_target(kind, column.name)})")


def _or_empty(value: str, column: Column, text: str) -> str:
    return f"CASE WHEN {value} = '' THEN {staging.literal(column.empty or '')} ELSE {text} END"


def _target(kind: RecordKind, target: str) -> str:
    """The staged value of a target; the kind's default where it is empty or no field becomes it."""
    default = (kind.defaults or {}).get(target, "")
    if target not in kind.targets:
        return staging.literal(default)
    value = staging.identifier(target)
    return f"coalesce(nullif({value}, ''), {staging.literal(default)})" if default else value


def _moment(kind: RecordKind, wanted: str) -> str:
    """The day of a fact, or its instant, each from the other where a source gives only one."""
    known = [f"nullif({staging.identifier(wanted)}, '')"] if wanted in kind.targets else []
    if wanted == "business_date" and "event_time" in kind.targets:
        known.append(f"left({staging.identifier('event_time')}, 10)")
    elif wanted == "event_time" and "business_date" in kind.targets:
        known.append(staging.identifier("business_date"))
    return ", ".join(known)


def _version(kind: RecordKind, day: date | None) -> str:
    """The version as a whole number: as stated, the second it was updated, the day of the file; 1 when not stated."""
    if kind.version is Versioning.FILE_DAY:
        return f"'{day:%Y%m%d}'" if day else "'1'"
    value = _target(kind, "version")
    stated = f"seconds_of({value})" if kind.version is Versioning.UPDATED else value
    return f"CASE WHEN {value} = '' THEN '1' ELSE {stated} END"
