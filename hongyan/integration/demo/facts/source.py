"""What the seven source systems have in common: the season they deliver in, their files, how facts get into them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts.files import Fact, FactFile, Line, Medium, RowFile, Truth, Window
from hongyan.integration.demo.facts.handing import ON_TIME, hand_in, hand_in_firmly
from hongyan.integration.demo.facts.lives import Life
from hongyan.integration.demo.facts.rhythm import (
    Pace,
    Profile,
    intensity,
    month_table,
    months_before,
    months_between,
)

EARLIEST = date.min.toordinal()
LONGEST_DELAY_MONTHS = 2
"""Months before the current one whose facts a later delivery may still hold; nothing is later than 35 days."""
MOST = 300  # facts of one kind of one customer in one month; their running numbers have three digits


@dataclass(frozen=True)
class Season:
    """Which delivery is made: the first load of so many whole months and the current one, or that of a later day.

    delivery: 0 for the first load, else the running number of the day after it.
    """

    seed: int
    first_load: date
    months: int
    today: date
    delivery: int = 0

    @cached_property
    def window(self) -> Window:
        """The days whose hand-ins the delivery holds."""
        today = self.today.toordinal()
        return Window(today if self.delivery else EARLIEST, today)

    @cached_property
    def all_months(self) -> tuple[date, ...]:
        """Every month with facts until today."""
        return months_between(months_before(self.first_load, self.months), self.today)

    @cached_property
    def busy_months(self) -> tuple[date, ...]:
        """Months whose facts this delivery may hold."""
        return self.all_months[-1 - LONGEST_DELAY_MONTHS :] if self.delivery else self.all_months

    def days(self, life: Life, month: date, draw: Draw, *, rate: float, pace: Pace) -> list[int]:
        """Ordinals of the days of a customer's facts; rate: those of the average customer in an ordinary month."""
        rhythm = life.rhythm
        strength = intensity(rhythm, month, as_of=self.first_load)
        if not strength:
            return []
        table = month_table(month, pace)
        if rhythm.profile is Profile.ONE_OFF:
            return [draw.pick(table.days)]
        number = min(MOST, int(rate * rhythm.level * strength * table.volume + draw.random()))
        days = sorted(draw.pick(table.days) for _ in range(number))
        if rhythm.profile is Profile.DORMANT:
            last = rhythm.turn.toordinal()
            return [day for day in days if day <= last]
        return days


class Source(ABC):
    """One system of the demo; its subclasses say what it sells and in which form it delivers."""

    code: str

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        self.season = season
        self.files: dict[str, RowFile] = {}
        self._out = out
        self._truth = truth

    @abstractmethod
    def register(self, life: Life, form: Form) -> None:
        """Enter the customer herself."""

    def business(self, life: Life) -> None:
        """Hand in all her facts that this delivery may hold."""
        for month in self.season.busy_months:
            self.month(life, month, life.draw(self.code, month))

    def month(self, life: Life, month: date, draw: Draw) -> None:  # noqa: B027 a source may go by whole lives
        """Hand in her facts of one month; nothing for a source that hands in whole lives (`business`)."""

    def close(self) -> list[Path]:
        """Write the files; answers the paths of those that have rows."""
        for file in self.files.values():
            file.close()
        return [file.path for file in self.files.values() if file.rows]

    def rows_file(self, kind: str, name: str, medium: Medium) -> RowFile:
        """Open a file of customers or holdings; {day} in its name is the delivery's."""
        file = self.files[kind] = RowFile(self._path(name), medium=medium)
        return file

    def fact_file(self, kind: str, name: str, medium: Medium, line: Line, *, target: str) -> FactFile:
        """Open a file of facts."""
        file = FactFile(
            self._path(name), medium=medium, line=line, target=target, system=self.code,
            window=self.season.window, truth=self._truth,
        )  # fmt: skip
        self.files[kind] = file
        return file

    def _path(self, name: str) -> Path:
        return self._out / name.format(day=f"{self.season.today:%Y%m%d}")


def book(file: FactFile, fact: Fact, draw: Draw) -> None:
    """Hand a fact in as chance will have it."""
    file.hand_in(fact, hand_in(draw))


def book_firmly(file: FactFile, fact: Fact, draw: Draw) -> None:
    """The same for a fact on which others hang."""
    file.hand_in(fact, hand_in_firmly(draw))


def book_on_time(file: FactFile, fact: Fact, _draw: Draw) -> None:
    """The same for a fact that a visitor is shown."""
    file.hand_in(fact, ON_TIME)
