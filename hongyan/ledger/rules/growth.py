"""Growth (增减): how much more or less one period brought than another."""

from __future__ import annotations

from decimal import Decimal


def growth(before: Decimal | int, after: Decimal | int) -> Decimal | None:
    """The change from `before` to `after` as a share of `before`; None where there is nothing to compare with.

    From nothing, or from less than nothing, no growth can be said: a share of it would be infinite or turn its sign.
    Source: acceptance example 22.

    >>> growth(100, 80), growth(80, 100), growth(50, 0)
    (Decimal('-0.2'), Decimal('0.25'), Decimal('-1'))
    >>> growth(0, 80) is growth(-5, 80) is None
    True
    """
    if before <= 0:
        return None
    return (Decimal(after) - Decimal(before)) / Decimal(before)
