"""What a reader learns on its way through a file, and the small tools all readers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import RecordKind
from hongyan.integration.file_checks import FileChecks

LONGEST_LINE = 1 << 20
"""A line longer than this (bytes) is no line of a delivery; it would only fill the memory."""

MOST_MISFITS = 20_000
"""So many rows that fit no columns are kept until a file is read; more of them, and the file is another one."""
_NAMES_TOLD, _LONGEST_NAME = 20, 40

BLOCK_BYTES = 1 << 20
"""Read at once: enough for whole columns to pay, and little beside what a process needs anyway."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that does not fit its kind; `values` is what stood there.

    Without a `code` it has too few, too many or other columns; else that is the reason, with its parameters.
    """

    row: int
    values: tuple[str, ...]
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """Counts and findings of one pass: rows received, rows that do not fit, the day the header names, checks made.

    `controls` are the control sums a trailer stated, by column, as delivered; of `missed` rows no sum could count
    anything, since they fit no columns: the misfits, and rows of no kind.
    """

    received: int = 0
    misfits: list[Misfit] = field(default_factory=list)
    day: date | None = None
    checks: FileChecks = field(default_factory=FileChecks)
    controls: dict[str, Decimal] = field(default_factory=dict)
    missed: int = 0

    def put_aside(self, misfit: Misfit) -> None:
        """Keep a row that does not fit. Errors: SourceError(misfits) where there are too many."""
        if len(self.misfits) == MOST_MISFITS:
            raise SourceError("misfits", row=self.misfits[0].row, limit=MOST_MISFITS)
        self.misfits.append(misfit)


def line_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines in blocks of a MiB or two; the very last line comes alone, with or without its end.

    Cutting at the byte 0x0A is safe in GB18030 and UTF-8: no character contains it.
    Errors: SourceError(line_too_long).
    """
    rest = b""
    for chunk in chunks:
        rest += chunk
        if len(rest) < BLOCK_BYTES:
            continue
        cut = _last_line(rest)
        if len(rest) - cut > LONGEST_LINE:
            raise SourceError("line_too_long")
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    cut = _last_line(rest)
    if cut:
        yield rest[:cut]
    if rest[cut:]:
        yield rest[cut:]


def decode(block: bytes, encoding: str, *, first_row: int) -> str:
    """The text of a block of whole lines. Errors: SourceError(encoding or nul) naming the physical row."""
    if (nul := block.find(b"\0")) >= 0:
        raise SourceError("nul", row=first_row + block.count(b"\n", 0, nul))
    try:
        return block.decode(encoding)
    except UnicodeDecodeError as error:
        row = first_row + block.count(b"\n", 0, error.start)
        raise SourceError("encoding", row=row, encoding=encoding.upper()) from error


def batch(kind: RecordKind, numbers: Sequence[int] | pa.Array, columns: Sequence[pa.Array]) -> pa.RecordBatch:
    """One record batch of a kind from its row numbers and its columns."""
    names = ["row", *(f"c{number}" for number in range(len(kind.columns)))]
    rows = numbers if isinstance(numbers, pa.Array) else pa.array(numbers, pa.int32())
    return pa.RecordBatch.from_arrays([rows, *columns], names)


def batch_of_rows(kind: RecordKind, numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> pa.RecordBatch:
    """The same from rows of strings."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(kind.columns)
    return batch(kind, numbers, [pa.array(column, pa.string()) for column in columns])


def places_of(kind: RecordKind, header: Sequence[str]) -> list[int]:
    """Where each column of a kind stands under a header, whatever their order there.

    Errors: SourceError(header) naming what is missing and what is unknown.
    """
    names = [name.strip() for name in header]
    missing = [column for column in kind.columns if column not in names]
    unknown = [name for name in names if name not in kind.columns]
    if missing or unknown or len(set(names)) != len(names):
        raise SourceError("header", row=1, missing=missing, unknown=_told(unknown))
    return [names.index(column) for column in kind.columns]


def _told(names: Sequence[str]) -> list[str]:
    """Names of columns as a refusal can keep and a page can show them."""
    return [name.replace("\0", "")[:_LONGEST_NAME] for name in names[:_NAMES_TOLD]]


def _last_line(text: bytes) -> int:
    """Where the last line begins."""
    end = len(text) - 1 if text.endswith(b"\n") else len(text)
    return text.rfind(b"\n", 0, end) + 1
