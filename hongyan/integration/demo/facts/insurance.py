"""Policies (保单) and their premiums, paid on the policy's day of the month or of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.facts.lives import ECIF, EVERYTHING, Life
from hongyan.integration.demo.facts.products import PREMIUM
from hongyan.integration.demo.facts.rhythm import Profile
from hongyan.integration.demo.facts.source import Season

SECOND_POLICY_RATE = 0.30
LAST_DAY = 28  # of the month that a policy may have as its own
AGED_YEARS = 3  # the oldest policies
PREMIUM_TIME = "10:30:00"


@dataclass(frozen=True, slots=True)
class Cover:
    """One kind of insurance: premiums in fen a month or a year, insured sum as a multiple of a year's premium."""

    code: str
    name: str
    monthly: bool
    low: int
    high: int
    multiple: int
    years: int


LIFE = Cover("4101", "期交终身寿险", True, 200_00, 1_500_00, 30, 20)
PENSION = Cover("4102", "年金保险", False, 5_000_00, 30_000_00, 10, 10)
HEALTH = Cover("4103", "重大疾病保险", True, 150_00, 900_00, 60, 20)
CAR = Cover("4201", "机动车辆保险", False, 2_500_00, 8_000_00, 200, 1)
PROPERTY = Cover("4202", "企业财产保险", False, 8_000_00, 90_000_00, 400, 1)
PERSON_COVERS = spread({LIFE: 0.34, HEALTH: 0.28, PENSION: 0.18, CAR: 0.20}, slots=50)
FIRM_COVERS = (PROPERTY, CAR)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy; days are ordinals, money in fen; lapses: the day from which premiums are no longer paid."""

    number: str
    key: str
    cover: Cover
    starts: date
    ends: date
    premium: int
    unit: str
    lapses: int

    @property
    def insured(self) -> int:
        return self.premium * (12 if self.cover.monthly else 1) * self.cover.multiple

    def due(self, month: date) -> int:
        """Ordinal of the premium's day in a month, 0 for none."""
        if not self.cover.monthly and month.month != self.starts.month:
            return 0
        day = month.replace(day=self.starts.day)
        paid = self.starts <= day < self.ends and day.toordinal() < self.lapses
        return day.toordinal() if paid else 0


class Premium(NamedTuple):
    """A premium that was paid."""

    number: str
    policy: Policy
    day: int
    amount: int

    @property
    def counted(self) -> tuple[str, int, int]:
        return PREMIUM, self.amount, 1

    def corrected(self) -> Premium:
        """A discount was forgotten."""
        return self._replace(amount=self.amount - self.amount // 20)


def policies(life: Life, season: Season) -> list[Policy]:
    """All policies that a customer ever takes out."""
    start = season.all_months[0]
    draw = life.draw("policies", start)
    covers = PERSON_COVERS if life.traits.person else FIRM_COVERS
    number = 1 + draw.chance(SECOND_POLICY_RATE)
    picked = [draw.pick(covers) for _ in range(number)]
    if life.traits.showcase == EVERYTHING:
        picked = [LIFE, CAR]
    lapses = life.rhythm.turn if life.rhythm.profile is Profile.DORMANT else date.max
    return [
        _policy(draw, life, cover, place=place, start=start, lapses=lapses.toordinal())
        for place, cover in enumerate(picked, start=1)
    ]


def premiums(held: list[Policy], month: date) -> Iterator[Premium]:
    """The premiums of one month."""
    for policy in held:
        if day := policy.due(month):
            yield Premium(_receipt(policy, month), policy, day, policy.premium)


def _receipt(policy: Policy, month: date) -> str:
    """The number of a payment: as in life, it does not give the policy's away, which is sealed."""
    return f"8837{month:%y%m}{policy.number[4:]}"


def _policy(draw: Draw, life: Life, cover: Cover, *, place: int, start: date, lapses: int) -> Policy:
    year = start.year - (draw.between(0, AGED_YEARS) if cover.years > 1 else 0)
    starts = date(year, draw.between(1, 12), draw.between(1, LAST_DAY))
    if starts < start and cover.years == 1:
        starts = starts.replace(year=starts.year + 1)
    steps = (cover.high - cover.low) // 1_000
    return Policy(
        number=f"9937{life.code}{place:02}",
        key=life.key(ECIF),
        cover=cover,
        starts=starts,
        ends=starts.replace(year=starts.year + cover.years),
        premium=cover.low + draw.between(0, steps) * 1_000,
        unit=life.traits.outlet,
        lapses=lapses,
    )
