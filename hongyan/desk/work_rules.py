"""In which order things are done: by money at stake and time left (今日排序). Source: REQUIREMENTS 5.1, screen 1."""

from __future__ import annotations

from decimal import Decimal


def rank_of(amount: Decimal | None, days_left: int, *, least: Decimal, half_days: Decimal) -> Decimal:
    """How far up something stands: more for more money, and for less time; what is overdue, as on its last day.

    Units: yuan. Where no money is at stake, or little, `least` counts; with `half_days` left the urgency is half.
    `actions.work` says the same in SQL; a test holds one against the other.

    >>> limits = {"least": Decimal(1000), "half_days": Decimal(3)}
    >>> rank_of(Decimal(80000), 3, **limits)
    Decimal('40000.0000')
    >>> rank_of(None, 0, **limits) == rank_of(Decimal(5), -9, **limits)
    True
    """
    at_stake = max(amount or Decimal(0), least)
    return (at_stake * half_days / (half_days + max(days_left, 0))).quantize(Decimal("0.0001"))
