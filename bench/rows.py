"""One measured figure, and whether it keeps its bar."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `bar` says what is asked (`≤ 50`); `ok` is None where nothing is."""

    id: str
    case: str
    value: float
    unit: str
    baseline: float | None = None
    bar: str | None = None
    ok: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figure(case_id: str, case: str, value: float, unit: str) -> Row:
    """A figure without a bar, to explain the others."""
    return Row(case_id, case, _rounded(value), unit)


def at_most(case_id: str, case: str, value: float, unit: str, bar: float) -> Row:
    """A figure that may not be higher than its bar.

    >>> at_most("P6", "record", 12.34, "ms", 100).ok
    True
    """
    return Row(case_id, case, _rounded(value), unit, bar=f"≤ {bar:,g}", ok=value <= bar)


def at_least(case_id: str, case: str, value: float, unit: str, bar: float) -> Row:
    """A figure that may not be lower than its bar."""
    return Row(case_id, case, _rounded(value), unit, bar=f"≥ {bar:,g}", ok=value >= bar)


def _rounded(value: float) -> float:
    return round(value, 1) if abs(value) < 1000 else round(value)
