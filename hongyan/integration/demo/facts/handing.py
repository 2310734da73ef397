"""How a fact is handed in (递交): mostly once and on its day, sometimes late or corrected or voided.

Every version of a fact is a row in some day's file. What counts in the end is the highest version; what is known
on a day, the highest that was handed in by then.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from hongyan.integration.demo.draw import Draw


class Change(StrEnum):
    """What a version says otherwise than the true first one."""

    NONE = ""
    CORRECTED = "corrected"
    MOVED = "moved"  # to the next day
    VOID = "void"


class Handing(NamedTuple):
    """One row for a fact: so many days after its own."""

    delay: int
    version: int
    change: Change = Change.NONE


ON_TIME = (Handing(0, 1),)

CORRECTED_RATE, REPEATED_RATE, LATE_RATE = 0.010, 0.005, 0.003
OUT_OF_ORDER_RATE, VOID_RATE, MOVED_RATE = 0.001, 0.001, 0.0005
SPECIAL_RATE = CORRECTED_RATE + REPEATED_RATE + LATE_RATE + OUT_OF_ORDER_RATE + VOID_RATE + MOVED_RATE


def hand_in(draw: Draw) -> tuple[Handing, ...]:
    """The rows of one fact in the order in which they are written."""
    chance = draw.random()
    if chance >= SPECIAL_RATE:
        return ON_TIME
    if (chance := chance - CORRECTED_RATE) < 0:
        return (Handing(0, 1), Handing(draw.between(5, 35), 2, Change.CORRECTED))
    if (chance := chance - REPEATED_RATE) < 0:
        return (Handing(0, 1), Handing(draw.between(1, 9), 1))
    if (chance := chance - LATE_RATE) < 0:
        return (Handing(draw.between(1, 9), 1),)
    if (chance := chance - OUT_OF_ORDER_RATE) < 0:
        return (Handing(0, 2, Change.CORRECTED), Handing(1, 1))
    if chance < VOID_RATE:
        return (Handing(0, 1), Handing(draw.between(3, 20), 2, Change.VOID))
    return (Handing(0, 1), Handing(draw.between(2, 9), 2, Change.MOVED))


def hand_in_firmly(draw: Draw) -> tuple[Handing, ...]:
    """The same for facts that are never voided or moved, because others hang on them."""
    handings = hand_in(draw)
    return ON_TIME if handings[-1].change in (Change.VOID, Change.MOVED) else handings


def known(handings: tuple[Handing, ...], *, days: int) -> Handing | None:
    """The version that counts so many days after the fact, None before it was handed in at all.

    >>> out_of_order = (Handing(0, 2, Change.CORRECTED), Handing(1, 1))
    >>> [found and found.version for found in (known(out_of_order, days=days) for days in (-1, 0, 1))]
    [None, 2, 2]
    """
    found = None
    for handing in handings:
        if handing.delay <= days and (found is None or handing.version > found.version):
            found = handing
    return found
