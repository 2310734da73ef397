"""Checking by sample (抽检): which decisions are looked at again, and what the agreement of two says about all."""

from __future__ import annotations

from collections.abc import Sequence
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


def combined(strata: Sequence[tuple[int, Estimate | None]]) -> Estimate | None:
    """The share over several strata, each with its size and its own estimate; None where one has not been checked.

    Interval by the method of variance estimates recovery: G. Y. Zou, A. Donner, "Construction of confidence limits
    about effect measures: a general approach", Statistics in Medicine 27 (2008).

    >>> whole = combined([(900, Estimate(1.0, 0.9, 1.0)), (100, Estimate(0.8, 0.7, 0.9)), (0, None)])
    >>> round(whole.share, 3), round(whole.low, 3), round(whole.high, 3)
    (0.98, 0.889, 0.99)
    >>> combined([(900, None), (100, Estimate(0.8, 0.7, 0.9))]) is None
    True
    """
    total = sum(size for size, _ in strata)
    found = [(size / total, estimate) for size, estimate in strata if size]
    known = [(weight, estimate) for weight, estimate in found if estimate is not None]
    if not total or len(known) < len(found):
        return None
    share = sum(weight * one.share for weight, one in known)
    below = sqrt(sum((weight * (one.share - one.low)) ** 2 for weight, one in known))
    above = sqrt(sum((weight * (one.high - one.share)) ** 2 for weight, one in known))
    return Estimate(share, max(0.0, share - below), min(1.0, share + above))
