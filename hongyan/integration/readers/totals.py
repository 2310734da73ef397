"""What a reader adds up on its way, and what a trailer states: rows, control sums, checksum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Control, RecordKind
from hongyan.integration.file_checks import FileChecks
from hongyan.integration.readers.reading import Reading

PLAIN_AMOUNT = r"[+-]?[0-9]{1,17}(\.[0-9]{1,2})?|[0-9]{1,17}(\.[0-9]{1,2})?[+-]"
"""An amount that a control sum counts: ASCII digits, at most two decimals, the sign before or behind."""
_SIGN_BEHIND = r"^([0-9]+(?:\.[0-9]+)?)([+-])$"
_CENT = Decimal("0.01")
_STATED_ROWS = re.compile(r"[0-9]{1,12}")
_STATED_SUM = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,2})?")
_STATED_CRC = re.compile(r"[0-9A-Fa-f]{8}")


@dataclass(slots=True)
class Stated:
    """What a trailer says, as it stands there; `crc` is None where the layout has no checksum."""

    rows: str
    sums: Sequence[str]
    crc: str | None = None


@dataclass(slots=True)
class Unread:
    """Rows whose amount a control sum could not count: how many, and the first of them."""

    rows: int = 0
    first: int = 0

    def add(self, rows: pa.Array) -> None:
        """Note some rows by their numbers."""
        if len(rows):
            first = int(pc.min(rows).as_py())
            self.first = min(self.first, first) if self.rows else first
            self.rows += len(rows)


@dataclass(slots=True)
class Totals:
    """Rows of the file, sums of one kind's controls in their order, CRC32 of the bytes before the trailer.

    `unread` stands beside each sum; `missed` rows fit no kind and are unread in all.
    """

    kind: RecordKind
    rows: int = 0
    sums: list[Decimal] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    missed: int = 0
    crc: int = 0

    def __post_init__(self) -> None:
        self.sums = [Decimal(0)] * len(self.kind.controls)
        self.unread = [Unread() for _ in self.kind.controls]

    def add(self, rows: pa.RecordBatch) -> None:
        """Add the controls of some rows of the kind."""
        for number, control in enumerate(self.kind.controls):
            column = rows.column(1 + self.kind.columns.index(control.column))
            total, is_read = control_sum(column, control)
            self.sums[number] += total
            if is_read is None:
                continue
            if not self._is_required(control):
                is_read = pc.or_(is_read, pc.equal(column, ""))
            self.unread[number].add(rows.column(0).filter(pc.invert(is_read)))

    def miss(self, row: int) -> None:
        """Note a row that does not fit its kind, so that nothing of it is added."""
        self.missed += 1
        for unread in self.unread:
            unread.add(pa.array([row]))

    def add_bytes(self, lines: bytes) -> None:
        """Add to the checksum."""
        self.crc = crc32(lines, self.crc)

    def hold_against(self, stated: Stated, reading: Reading, *, row: int | None) -> None:
        """Compare with the trailer in physical row `row`, and note the sums as stated.

        A sum that differs refuses the file, unless rows could not be counted: they are judged, and a person is told.
        Errors: SourceError (trailer_missing, trailer_digits, trailer_count, control_sum, crc, no_rows).
        """
        checks = reading.checks
        if self.rows:
            checks.passed("content", found=self.rows)
        rows, sums, crc = _numbers(stated, row)
        if rows != self.rows:
            raise SourceError("trailer_count", row=row, stated=rows, found=self.rows)
        reading.missed = self.missed
        checks.passed("trailer", expected=rows, found=self.rows)
        for control, wanted, found, unread in zip(
            self.kind.controls, sums, self.sums, self.unread, strict=True
        ):
            _compare(control, wanted, found, unread, checks, row=row)
        if crc not in {None, self.crc}:
            raise SourceError("crc", row=row, stated=f"{crc:08X}", found=f"{self.crc:08X}")
        if crc is not None:
            checks.passed("crc", expected=f"{crc:08X}", found=f"{self.crc:08X}")
        if not self.rows:
            raise SourceError("no_rows")
        for control, wanted in zip(self.kind.controls, sums, strict=True):
            if not control.last_digits:
                reading.controls[control.column] = wanted.quantize(_CENT)

    def _is_required(self, control: Control) -> bool:
        return any(each.required for each in self.kind.fields if each.column == control.column)


def control_sum(column: pa.Array, control: Control) -> tuple[Decimal, pa.Array | None]:
    """The sum of a column, and which of its values could be read; None when all could.

    The others count nothing, their rows are judged later.
    """
    pattern, number = f"^({PLAIN_AMOUNT})$", pa.decimal128(38, 2)
    if control.last_digits:
        column = pc.utf8_slice_codeunits(column, -control.last_digits)
        pattern, number = "^[0-9]+$", pa.int64()
    is_read = pc.match_substring_regex(column, pattern)
    are_all = pc.all(is_read).as_py()
    if not are_all:
        column = column.filter(is_read)
    if not control.last_digits and pc.any(pc.match_substring_regex(column, _SIGN_BEHIND)).as_py():
        column = pc.replace_substring_regex(column, _SIGN_BEHIND, r"\2\1")
    return Decimal(pc.sum(column.cast(number)).as_py() or 0), None if are_all else is_read


def _compare(
    control: Control, wanted: Decimal, found: Decimal, unread: Unread, checks: FileChecks, *, row: int | None
) -> None:
    """Note how a control sum came out. Errors: SourceError(control_sum) when nothing explains its difference."""
    if wanted == found:
        checks.passed("control_sum", expected=wanted, found=found.quantize(wanted))
    elif not unread.rows:
        raise SourceError("control_sum", row=row, stated=str(wanted), found=str(found))
    else:
        checks.warned(
            "control_unread",
            row=unread.first,
            rows=unread.rows,
            column=control.column,
            stated=str(wanted),
            found=str(found),
        )


def _numbers(stated: Stated, row: int | None) -> tuple[int, list[Decimal], int | None]:
    """Rows, sums and checksum of a trailer. Errors: SourceError (trailer_missing, trailer_digits).

    int and Decimal alone would also read 18E5, 1_000, +5 and full-width digits.
    """
    found = [(_STATED_ROWS, stated.rows), *((_STATED_SUM, text) for text in stated.sums)]
    if stated.crc is not None:
        found.append((_STATED_CRC, stated.crc))
    for pattern, text in found:
        if not text:
            raise SourceError("trailer_missing", row=row)
        if not pattern.fullmatch(text):
            raise SourceError("trailer_digits", row=row, found=text[:40])
    crc = None if stated.crc is None else int(stated.crc, 16)
    return int(stated.rows), list(map(Decimal, stated.sums)), crc
