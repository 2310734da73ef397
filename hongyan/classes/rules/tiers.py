"""Schemes of tiers (分级方案): thresholds as data, never in code (X-24, BIG-i02, BIG-i03)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

SLUG = re.compile("[a-z][a-z0-9_]{0,15}")


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of a scheme: from so many yuan upwards, of the last whole month or of twelve (`basis`)."""

    scheme: str
    scheme_name: str
    basis: str
    tier: str
    name: str
    floor: Decimal

    @property
    def mark(self) -> str:
        """How lists name it."""
        return f"{self.scheme}.{self.tier}"


class Fault(Enum):
    """What may be wrong with a row of a table of tiers."""

    CODE = auto()
    RESERVED = auto()
    NAMES = auto()
    BASIS = auto()
    TWICE = auto()
    FLOOR = auto()


def tier_for(tiers: Iterable[Tier], *, month: Decimal, year: Decimal) -> Tier | None:
    """The highest tier of one scheme that a revenue reaches; None below all.

    >>> silver, gold = (Tier("mail", "", "month", code, "", Decimal(f)) for code, f in (("s", 500), ("g", 3000)))
    >>> tier_for([gold, silver], month=Decimal(3000), year=Decimal(0)).tier
    'g'
    >>> tier_for([gold, silver], month=Decimal("499.99"), year=Decimal(9999)) is None
    True
    """
    reached = [one for one in tiers if one.floor <= (month if one.basis == "month" else year)]
    return max(reached, key=lambda one: one.floor, default=None)


def first_fault(tiers: Sequence[Tier], *, reserved: Collection[str]) -> tuple[int, Fault] | None:
    """The first row, counting from 1, that makes no sense by itself or among those before it.

    >>> one = Tier("mail", "邮件", "month", "gold", "黄金", Decimal(3000))
    >>> first_fault([one], reserved=())
    >>> first_fault([one, one], reserved=())
    (2, <Fault.TWICE: 5>)
    >>> first_fault([one], reserved=("mail",))
    (1, <Fault.RESERVED: 2>)
    """
    for number, tier in enumerate(tiers, start=1):
        if fault := _fault(tier, [one for one in tiers[: number - 1] if one.scheme == tier.scheme], reserved):
            return number, fault
    return None


def _fault(tier: Tier, before: Sequence[Tier], reserved: Collection[str]) -> Fault | None:
    if not SLUG.fullmatch(tier.scheme) or not SLUG.fullmatch(tier.tier):
        return Fault.CODE
    if tier.scheme in reserved:
        return Fault.RESERVED
    if tier.floor <= 0:
        return Fault.FLOOR
    if any(one.tier == tier.tier or one.floor == tier.floor for one in before):
        return Fault.TWICE
    if any(one.scheme_name != tier.scheme_name for one in before):
        return Fault.NAMES
    return Fault.BASIS if any(one.basis != tier.basis for one in before) else None
