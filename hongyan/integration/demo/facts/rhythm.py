"""How business comes and goes (节律): weekdays, festivals and seasons, and the six ways of a customer over the months.

Pure tables and functions; whatever is drawn from them is drawn elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from hongyan.integration.demo.draw import spread

# Spring Festival (春节), first day; Mid-Autumn (中秋). State Council calendars and the lunar calendar.
SPRING_FESTIVALS = {
    2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6),
    2028: date(2028, 1, 26), 2029: date(2029, 2, 13), 2030: date(2030, 2, 3),
}  # fmt: skip
MID_AUTUMNS = {
    2024: date(2024, 9, 17), 2025: date(2025, 10, 6), 2026: date(2026, 9, 25), 2027: date(2027, 9, 15),
    2028: date(2028, 10, 3), 2029: date(2029, 9, 22), 2030: date(2030, 9, 12),
}  # fmt: skip
HOLIDAY_DAYS = 7  # of Spring Festival, and of the National Day's week
GIFT_DAYS = 18  # before Spring Festival in which presents and money go home
MOON_CAKE_DAYS = 10  # before Mid-Autumn
ZODIAC_STAMP_DAY = (1, 5)  # the year's stamp of the zodiac (生肖票) is issued
PAYDAYS = (10, 15)
SALES = {(11, 11): 4.0, (11, 12): 3.0, (11, 13): 2.0, (6, 18): 2.6, (6, 19): 1.8, (12, 12): 1.8}

_SLOTS = 256
_USUAL_DAYS = 30.0


class Pace(StrEnum):
    """Where business is done, which decides on what days."""

    COUNTER = "counter"
    ONLINE = "online"
    BANK = "bank"
    EXCHANGE = "exchange"


class Profile(StrEnum):
    """The way of a customer's business over the months."""

    STEADY = "steady"
    GROWING = "growing"
    DECLINING = "declining"
    SEASONAL = "seasonal"
    DORMANT = "dormant"
    ONE_OFF = "one_off"


PROFILE_SHARES: dict[Profile, float] = {
    Profile.STEADY: 0.40,
    Profile.GROWING: 0.15,
    Profile.DECLINING: 0.15,
    Profile.SEASONAL: 0.15,
    Profile.DORMANT: 0.10,
    Profile.ONE_OFF: 0.05,
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """level: business against that of the average customer; yearly: growth factor a year; peak: month of the season.

    turn: the day on which a dormant customer stops, or on which the one-off comes.
    """

    profile: Profile
    level: float
    yearly: float = 1.0
    peak: int = 0
    turn: date = date.max


def intensity(rhythm: Rhythm, month: date, *, as_of: date) -> float:
    """Business in a month against the customer's usual one.

    >>> growing = Rhythm(Profile.GROWING, level=1.0, yearly=2.0)
    >>> intensity(growing, date(2025, 11, 1), as_of=date(2026, 11, 21))
    0.5
    >>> dormant = Rhythm(Profile.DORMANT, level=1.0, turn=date(2026, 3, 4))
    >>> [intensity(dormant, date(2026, month, 1), as_of=date(2026, 11, 21)) for month in (3, 4)]
    [1.0, 0.0]
    """
    if rhythm.profile is Profile.DORMANT:
        return float(month <= rhythm.turn)
    if rhythm.profile is Profile.ONE_OFF:
        return float((month.year, month.month) == (rhythm.turn.year, rhythm.turn.month))
    if rhythm.profile is Profile.SEASONAL:
        distance = abs(month.month - rhythm.peak)
        return (3.0, 2.0)[min(distance, 12 - distance)] if distance in (0, 1, 11) else 0.4
    months = (as_of.year - month.year) * 12 + as_of.month - month.month
    return float(rhythm.yearly ** (-months / 12))


def day_weight(day: date, pace: Pace) -> float:
    """Business on a day against an ordinary working day.

    >>> day_weight(date(2026, 2, 17), Pace.EXCHANGE), day_weight(date(2026, 11, 11), Pace.ONLINE)
    (0.0, 4.0)
    """
    to_festival = (SPRING_FESTIVALS.get(day.year, date(day.year, 2, 5)) - day).days
    holiday = -HOLIDAY_DAYS < to_festival <= 1
    national = day.month == 10 and day.day <= HOLIDAY_DAYS
    weekend = day.weekday() >= 5
    if pace is Pace.EXCHANGE:
        return 0.0 if holiday or national or weekend or (day.month, day.day) == (1, 1) else 1.0
    if pace is Pace.ONLINE:
        return 0.15 if holiday else SALES.get((day.month, day.day), 1.0)
    before_festival = 1 < to_festival <= GIFT_DAYS
    if pace is Pace.BANK:
        weight = 0.4 if weekend else 1.6 if day.day in PAYDAYS else 1.0
        return 0.2 if holiday else weight * (1.5 if before_festival else 1.0)
    if holiday or (national and day.day <= 3):
        return 0.1 if holiday else 0.4
    if (day.month, day.day) == ZODIAC_STAMP_DAY:
        return 3.0
    weight = (1.0, 0.8, 0.6)[max(0, day.weekday() - 4)]
    to_moon = (MID_AUTUMNS.get(day.year, date(day.year, 9, 25)) - day).days
    return weight * (1.6 if before_festival else 1.4 if 0 <= to_moon <= MOON_CAKE_DAYS else 1.0)


@dataclass(frozen=True, slots=True)
class MonthTable:
    """days: ordinals, each as often as business falls on it; volume: the whole month's against 30 ordinary days."""

    days: tuple[int, ...]
    volume: float


@cache
def month_table(month: date, pace: Pace) -> MonthTable:
    """The days of the month that begins on `month`, weighted."""
    weights = {
        day.toordinal(): weight
        for day in (month + timedelta(days=place) for place in range(31))
        if day.month == month.month and (weight := day_weight(day, pace))
    }
    return MonthTable(spread(weights, slots=_SLOTS), sum(weights.values()) / _USUAL_DAYS)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """First days of the months from that of `first` to that of `last`, both included.

    >>> [f"{month:%Y-%m}" for month in months_between(date(2025, 11, 30), date(2026, 1, 1))]
    ['2025-11', '2025-12', '2026-01']
    """
    low, high = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(low, high + 1))


def months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before that of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
