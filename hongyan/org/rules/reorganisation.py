"""Which units may move under another parent (机构调整). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from hongyan.org.rules.deliveries import Seat


class Fault(StrEnum):
    """What speaks against a move."""

    NONE = "none"
    UNKNOWN = "unknown"
    PARENT = "parent"
    ROOT = "root"
    CYCLE = "cycle"
    LEVEL = "level"
    SAME = "same"
    INSIDE = "inside"


def first_fault(codes: Sequence[str], parent: str, seats: Mapping[str, Seat]) -> tuple[str, Fault] | None:
    """The first unit that cannot move under a parent, and why; None when all can.

    >>> seats = {"H": Seat(None, 1), "A": Seat("H", 2), "B": Seat("H", 2), "C": Seat("A", 3)}
    >>> first_fault(["C"], "B", seats), first_fault(["A"], "C", seats)
    (None, ('A', <Fault.CYCLE: 'cycle'>))
    """
    if not codes:
        return "", Fault.NONE
    if parent not in seats:
        return parent, Fault.PARENT
    return next(((code, fault) for code in codes if (fault := _fault(code, parent, seats, codes))), None)


def moved(codes: Sequence[str], parent: str, seats: Mapping[str, Seat]) -> dict[str, Seat]:
    """Where all units stand once some have moved under a parent."""
    return {**seats, **{code: replace(seats[code], parent=parent) for code in codes}}


def beneath(codes: Collection[str], seats: Mapping[str, Seat]) -> list[str]:
    """Some units and everything beneath them, by code."""
    return sorted(code for code in seats if not set(codes).isdisjoint(upwards(code, seats)))


def changes(agreed: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is no longer as it was agreed to: `come` and `gone` units, and `other` sides that differ; empty for nothing.

    >>> one = {"units": ["A", "B"], "lose": ["X"], "gain": ["Y"], "parameters": []}
    >>> changes(one, {**one, "units": ["A", "C"], "gain": ["Z"]})
    {'come': ['C'], 'gone': ['B'], 'other': ['gain']}
    >>> changes(one, one)
    {}
    """
    then, since = set(agreed["units"]), set(now["units"])
    found = {
        "come": sorted(since - then),
        "gone": sorted(then - since),
        "other": [side for side in ("lose", "gain", "parameters") if agreed[side] != now[side]],
    }
    return {key: named for key, named in found.items() if named}


def upwards(code: str | None, seats: Mapping[str, Seat]) -> Iterator[str]:
    """A unit and the units above it, nearest first."""
    while code is not None:
        yield code
        code = seats[code].parent


def _fault(code: str, parent: str, seats: Mapping[str, Seat], codes: Collection[str]) -> Fault | None:
    if code not in seats:
        return Fault.UNKNOWN
    seat = seats[code]
    faults = {
        Fault.ROOT: seat.parent is None,
        Fault.CYCLE: code in upwards(parent, seats),
        Fault.LEVEL: seats[parent].level >= seat.level,
        Fault.SAME: seat.parent == parent,
        Fault.INSIDE: any(above in codes for above in upwards(seat.parent, seats)),
    }
    return next((fault for fault, is_so in faults.items() if is_so), None)
