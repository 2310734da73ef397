"""Files of facts as a day's delivery gathers them: rows in the order of their days, controls, and the truth of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from hongyan.integration.demo.facts.handing import Change, Handing, known


class Fact(Protocol):
    """A true fact before anybody hands it in; a named tuple with more columns than these."""

    @property
    def day(self) -> int:
        """Ordinal of the business date."""

    @property
    def counted(self) -> tuple[str, int, int]:
        """What truth adds up: nature ("" where there is none), money in fen, volume."""

    def corrected(self) -> Any:
        """The same fact as a later version states it."""

    @property
    def _replace(self) -> Callable[..., Any]:
        """Makes the same fact with other values."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days, as ordinals, whose hand-ins a delivery holds: all until the first load, then one at a time."""

    first: int
    last: int


@dataclass(slots=True)
class Measure:
    """Facts of one kind, nature and month: how many, money in fen, volume (pieces or grams)."""

    facts: int = 0
    amount: int = 0
    volume: int = 0


class Truth:
    """What the ledger must say when a delivery is in, as the difference to what it said before.

    months: (target, system, nature, yyyy-mm) → Measure.
    """

    def __init__(self) -> None:
        self.months: defaultdict[tuple[str, str, str, str], Measure] = defaultdict(Measure)

    def add(self, target: str, system: str, fact: Fact, *, sign: int = 1) -> None:
        nature, amount, volume = fact.counted
        measure = self.months[target, system, nature, month_text(fact.day)]
        measure.facts += sign
        measure.amount += sign * amount
        measure.volume += sign * volume


# Writes a file: path, lines in order, sums of the rows in fen or pieces.
Medium = Callable[[Path, Iterator[str], int, Sequence[int]], None]
# A row of a fact in some version; the last argument is the day it was moved from, 0 for most.
Line = Callable[[Any, Handing, int], str]


class RowFile:
    """One file of a delivery; rows are gathered in memory, 200 bytes or so each, and written in order of their days.

    withheld: where rows go instead while it is a list, for a later delivery to bring.
    """

    def __init__(self, path: Path, *, medium: Medium, sums: int = 1) -> None:
        self.path = path
        self.rows = 0
        self.sums = [0] * sums
        self.withheld: list[tuple[str, tuple[int, ...]]] | None = None
        self._medium = medium
        self._days: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, line: str, *sums: int, day: int = 0) -> None:
        """One row; day is the ordinal by which rows are put in order, sums are added to the file's controls."""
        if self.withheld is not None:
            self.withheld.append((line, sums))
            return
        self._days[day].append(line)
        self.rows += 1
        for place, value in enumerate(sums):
            self.sums[place] += value

    def close(self) -> None:
        """Write the file; a day without a row has none."""
        if self.rows:
            lines = (line for day in sorted(self._days) for line in self._days[day])
            self._medium(self.path, lines, self.rows, self.sums)


class FactFile(RowFile):
    """A file of facts of one kind: keeps what its window takes, and tells the truth about it."""

    def __init__(
        self,
        path: Path,
        *,
        medium: Medium,
        line: Line,
        target: str,
        system: str,
        window: Window,
        truth: Truth,
    ) -> None:
        super().__init__(path, medium=medium, sums=2)
        self._line = line
        self._target = target
        self._system = system
        self._window = window
        self._truth = truth

    def hand_in(self, fact: Fact, handings: tuple[Handing, ...]) -> None:
        """All rows of the fact that fall into the window."""
        first, last = self._window.first, self._window.last
        for handing in handings:
            if first <= fact.day + handing.delay <= last:
                self._write(fact, handing)
        self.tell(fact, handings)

    def tell(self, fact: Fact, handings: tuple[Handing, ...]) -> None:
        """The truth about the fact: what counts after the window against what counted before it."""
        before = known(handings, days=self._window.first - 1 - fact.day)
        after = known(handings, days=self._window.last - fact.day)
        if before is after:
            return
        for handing, sign in ((before, -1), (after, 1)):
            if handing and handing.change is not Change.VOID:
                self._truth.add(self._target, self._system, changed(fact, handing), sign=sign)

    def _write(self, fact: Fact, handing: Handing) -> None:
        stated = changed(fact, handing)
        _, amount, volume = stated.counted
        moved_from = fact.day if handing.change is Change.MOVED else 0
        self.add(self._line(stated, handing, moved_from), amount, volume, day=stated.day)


def changed(fact: Fact, handing: Handing) -> Any:
    """The fact as a version states it."""
    if handing.change is Change.CORRECTED:
        return fact.corrected()
    return fact._replace(day=fact.day + 1) if handing.change is Change.MOVED else fact


@cache
def compact(day: int) -> str:
    """yyyymmdd of an ordinal."""
    return f"{date.fromordinal(day):%Y%m%d}"


@cache
def dashed(day: int) -> str:
    """yyyy-mm-dd of an ordinal."""
    return date.fromordinal(day).isoformat()


@cache
def month_text(day: int) -> str:
    """yyyy-mm of an ordinal."""
    return f"{date.fromordinal(day):%Y-%m}"


def compact_times(hours: range) -> tuple[str, ...]:
    """hhmmss of many moments between two hours."""
    return tuple(f"{hour:02}{minute:02}{minute * 7 % 60:02}" for hour in hours for minute in range(60))


def colon_times(hours: range) -> tuple[str, ...]:
    """hh:mm:ss of many moments between two hours."""
    return tuple(f"{time[:2]}:{time[2:4]}:{time[4:]}" for time in compact_times(hours))


def money(fen: int) -> str:
    """Yuan with two decimals.

    >>> money(5000005), money(-5)
    ('50000.05', '-0.05')
    """
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"
