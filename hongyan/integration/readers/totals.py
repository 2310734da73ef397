"""What a reader adds up on its way, and what a trailer states: rows, control sums, checksum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Control, RecordKind
from hongyan.integration.readers.reading import Reading

_AMOUNT = r"^[+-]?\d{1,17}(\.\d{1,2})?$"
_SIGN_BEHIND = r"^(\d+(?:\.\d+)?)([+-])$"
_DIGITS = r"^\d+$"


@dataclass(slots=True)
class Stated:
    """What a trailer says, as it stands there; `crc` is None where the layout has no checksum."""

    rows: str
    sums: Sequence[str]
    crc: str | None = None


@dataclass(slots=True)
class Totals:
    """Rows of the file, sums of one kind's controls in their order, CRC32 of the bytes before the trailer."""

    kind: RecordKind
    rows: int = 0
    sums: list[Decimal] = field(default_factory=list)
    crc: int = 0

    def __post_init__(self) -> None:
        self.sums = [Decimal(0)] * len(self.kind.controls)

    def add(self, columns: Sequence[pa.Array]) -> None:
        """Add the controls of some rows, given all columns of the kind."""
        for number, control in enumerate(self.kind.controls):
            self.sums[number] += control_sum(columns[self.kind.columns.index(control.column)], control)

    def add_bytes(self, lines: bytes) -> None:
        """Add to the checksum."""
        self.crc = crc32(lines, self.crc)

    def hold_against(self, stated: Stated, reading: Reading, *, row: int | None) -> None:
        """Compare with the trailer in physical row `row`, and note the sums as proven.

        Errors: SourceError (trailer_missing, trailer_count, control_sum, crc, no_rows).
        """
        checks = reading.checks
        if self.rows:
            checks.passed("content", found=self.rows)
        rows, sums, crc = self._numbers(stated, row)
        if rows != self.rows:
            raise SourceError("trailer_count", row=row, stated=rows, found=self.rows)
        checks.passed("trailer", expected=rows, found=self.rows)
        for wanted, found in zip(sums, self.sums, strict=True):
            if wanted != found:
                raise SourceError("control_sum", row=row, stated=str(wanted), found=str(found))
            checks.passed("control_sum", expected=wanted, found=found.quantize(wanted))
        if crc != self.crc:
            raise SourceError("crc", row=row, stated=f"{crc:08X}", found=f"{self.crc:08X}")
        if stated.crc is not None:
            checks.passed("crc", expected=f"{crc:08X}", found=f"{self.crc:08X}")
        if not self.rows:
            raise SourceError("no_rows")
        for control, total in zip(self.kind.controls, self.sums, strict=True):
            if not control.last_digits:
                reading.controls[control.column] = total

    def _numbers(self, stated: Stated, row: int | None) -> tuple[int, list[Decimal], int]:
        """Rows, sums and checksum of a trailer. Errors: SourceError(trailer_missing) for what are no numbers."""
        try:
            rows, sums = int(stated.rows), [Decimal(text.strip()) for text in stated.sums]
            return rows, sums, self.crc if stated.crc is None else int(stated.crc, 16)
        except (ValueError, InvalidOperation) as error:
            raise SourceError("trailer_missing", row=row) from error


def control_sum(column: pa.Array, control: Control) -> Decimal:
    """The sum of a column; values that are no numbers count nothing, their rows are judged later."""
    pattern, number = _AMOUNT, pa.decimal128(38, 2)
    if control.last_digits:
        column = pc.utf8_slice_codeunits(column, -control.last_digits)
        pattern, number = _DIGITS, pa.int64()
    elif pc.any(pc.match_substring_regex(column, _SIGN_BEHIND)).as_py():
        column = pc.replace_substring_regex(column, _SIGN_BEHIND, r"\2\1")
    valid = column.filter(pc.match_substring_regex(column, pattern))
    return Decimal(pc.sum(valid.cast(number)).as_py() or 0)
