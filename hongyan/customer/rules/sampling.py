"""Checking by sample (抽检): which decisions are looked at again, and what the agreement of two says about all."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_WHOLE = 1 << 32


def is_drawn(lot: bytes, share_percent: float) -> bool:
    """Whether something belongs to a sample of some percent: `lot` is its keyed hash, so that nobody can foresee it.

    >>> is_drawn(bytes(4), 5), is_drawn(b"\\xff" * 4, 99), is_drawn(b"\\xff" * 4, 100)
    (True, False, True)
    """
    return int.from_bytes(lot[:4]) < share_percent / 100 * _WHOLE


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share estimated from a sample: point and 95 % interval, all 0–1."""

    share: float
    low: float
    high: float


_Z = 1.959964
"""Two-sided 95 % of the normal distribution."""


def wilson(agreed: int, checked: int) -> Estimate | None:
    """The share of decisions that hold, with Wilson's score interval; None where nothing was checked.

    It stays inside 0–1 and says something sensible even for a few rows that all agree. Source: E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

    >>> estimate = wilson(95, 100)
    >>> round(estimate.share, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.95, 0.888, 0.978)
    >>> wilson(0, 0) is None
    True
    """
    if not checked:
        return None
    share, spread = agreed / checked, _Z * _Z / checked
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / checked + spread / (4 * checked)) / (1 + spread)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))
