"""Securities accounts (证券账户): trades on exchange days, and what they are worth at each month's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.facts.bank import ASSETS
from hongyan.integration.demo.facts.files import colon_times
from hongyan.integration.demo.facts.lives import SDC, Life
from hongyan.integration.demo.facts.products import IN, OUT
from hongyan.integration.demo.facts.rhythm import Pace, month_table
from hongyan.integration.demo.facts.source import Season

TRADES = 3.0  # a month of the average customer
FUNDS = spread({("5101", "股票"): 0.5, ("5201", "股票型基金"): 0.3, ("5301", "资产管理计划"): 0.2}, slots=10)
SWING = 0.10  # of the market in a month, up or down

_TIMES = colon_times(range(9, 15))


class Trade(NamedTuple):
    """A purchase or a sale, in fen."""

    number: str
    key: str
    account: str
    day: int
    time: str
    unit: str
    fund: tuple[str, str]
    nature: str
    amount: int

    @property
    def counted(self) -> tuple[str, int, int]:
        return self.nature, self.amount, 1

    def corrected(self) -> Trade:
        """Settled at another price."""
        return self._replace(amount=self.amount + self.amount // 200)


class Position(NamedTuple):
    """What an account was worth at the end of a day, in fen."""

    key: str
    account: str
    day: int
    amount: int

    @property
    def counted(self) -> tuple[str, int, int]:
        return ASSETS, self.amount, 0

    def corrected(self) -> Position:
        """Stated once more."""
        return self


class Portfolio:
    """A securities customer while her months are told, which must come in order."""

    def __init__(self, life: Life, season: Season) -> None:
        self.life = life
        self.season = season
        self.account = f"0037{life.code}"
        draw = life.draw("portfolio", season.all_months[0])
        self.opened = season.all_months[0].toordinal() - draw.between(30, 2_500)
        self._value = 2_000_00 + int(draw.random() ** 3 * 300_000_00)
        self._key = life.key(SDC)

    def month(self, month: date, draw: Draw) -> Iterator[Trade | Position]:
        """The trades of one month and the position at its end."""
        for place, day in enumerate(
            self.season.days(self.life, month, draw, rate=TRADES, pace=Pace.EXCHANGE)
        ):
            buys = draw.chance(0.52) or self._value < 5_000_00
            amount = 100_00 + int(draw.random() ** 3 * (50_000_00 if buys else self._value // 2))
            self._value += amount if buys else -amount
            yield Trade(
                number=f"T{self.life.code}{month:%y%m}{place:03}",
                key=self._key,
                account=self.account,
                day=day,
                time=draw.pick(_TIMES),
                unit=self.life.traits.outlet,
                fund=draw.pick(FUNDS),
                nature=IN if buys else OUT,
                amount=amount,
            )
        self._value = int(self._value * (1 + SWING * (2 * draw.random() - 1)))
        yield Position(self._key, self.account, max(month_table(month, Pace.EXCHANGE).days), self._value)
