"""Records in JSON, as the API and the mending of rows send them.

    {"kind": "CUST", "day": "2026-11-21", "records": [{"客户编号": "…", …}, …]}

Columns that a record leaves out are empty; unknown columns make it a misfit. A record's number is its row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch_of_rows


def read(chunks: Iterable[bytes], kind: RecordKind, reading: Reading) -> Iterator[pa.RecordBatch]:
    """All records of a submission in one batch; its size is bounded by the limit of the door.

    Errors: SourceError for text that is no such JSON, or without records.
    """
    content = parse(b"".join(chunks))
    reading.day = date.fromisoformat(content["day"]) if content.get("day") else None
    records: list[Any] = content["records"]
    if not records:
        raise SourceError("no_rows")
    reading.received = len(records)
    reading.checks.passed("content", found=len(records))
    numbers: list[int] = []
    values: list[list[str]] = []
    for number, record in enumerate(records, start=1):
        if fits(record, kind):
            numbers.append(number)
            values.append([record.get(column, "") for column in kind.columns])
        else:
            reading.put_aside(Misfit(number, _shown(record)))
    yield batch_of_rows(kind, numbers, values)


def parse(body: bytes) -> dict[str, Any]:
    """The submission's outer form. Errors: SourceError(json)."""
    try:
        content = json.loads(body)
        if content.get("day"):
            date.fromisoformat(content["day"])
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise SourceError("json") from error
    kind = content.get("kind")
    if not (isinstance(kind, str) and _is_storable(kind) and isinstance(content.get("records"), list)):
        raise SourceError("json")
    return dict(content)


def fits(record: object, kind: RecordKind) -> bool:
    """Whether a record has only known columns and only texts without NUL."""
    return (
        isinstance(record, dict)
        and set(record) <= set(kind.columns)
        and all(isinstance(value, str) and _is_storable(value) for value in record.values())
    )


def _is_storable(value: str) -> bool:
    """Neither NUL nor half a surrogate pair, which JSON can spell and no text column can hold."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _shown(record: object) -> tuple[str, ...]:
    values = record.values() if isinstance(record, dict) else (record,)
    return tuple(str(value).replace("\0", "").encode("utf-8", "replace").decode() for value in values)
