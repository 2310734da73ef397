"""What a customer does with the house: a `Life`, drawn from its entity number and from nothing else.

So the same life comes out in the first load and in every later delivery, whatever was drawn in between.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from math import exp
from pathlib import Path

from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.facts.rhythm import PROFILE_SHARES, Profile, Rhythm
from hongyan.integration.demo.network import AGENCY, Outlet
from hongyan.integration.demo.world import ADULT, Customer, Person

YY, EMS85, XBD, KGS, PSB, ECIF, SDC = "yy", "ems85", "xbd", "kgs", "psb", "ecif", "sdc"
SYSTEMS = (YY, EMS85, XBD, KGS, PSB, ECIF, SDC)

# Share of the grown-up persons and of the organisations who occur in each system.
PERSON_RATES = {YY: 0.20, EMS85: 0.01, KGS: 0.08, PSB: 0.32, ECIF: 0.12, SDC: 0.04}
ORGANISATION_RATES = {YY: 0.30, EMS85: 0.20, XBD: 0.03, KGS: 0.12, PSB: 0.08, ECIF: 0.03}
ONLINE_SELLER_RATE = 0.60  # of the companies that trade online, in the order system of small packets
ONLINE_TRADE = "14"  # L05

LONG_KNOWN = (PSB, ECIF, SDC)  # whose new customers would need a past; nobody new comes there

LEVEL_SPREAD = 1.68  # of the logarithm: a fifth of the customers bring four fifths of the business
LATE_CUSTOMER_RATE = 0.01  # whose facts come a delivery before they do
LATER_NUMBERS, NUMBERS_PER_DAY = 1_000_000, 1_000

# Showcases that a visitor is shown; who they are says `World`.
EVERYTHING = "two_spellings"  # business in every line
CROSSES_TONIGHT, STAYS_BELOW = "林雨婷", "林雨欣"  # 10,000.00 and 9,999.99 yuan on the last day
WITH_A_LOAN = "father"  # 6,000 of assets and 4,000 of liabilities
SHOWN = {
    EVERYTHING: "business in every line; a deposit of 50,000.00 yuan matured twelve days before the first load",
    CROSSES_TONIGHT: "reaches 10,000.00 yuan at the bank on the day of the first load",
    STAYS_BELOW: "stands at 9,999.99 yuan at the bank",
    WITH_A_LOAN: "6,000.00 yuan of assets and 4,000.00 of liabilities at the bank since the first load",
}
"""What a visitor can see of them."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a life depends on: the facts of the world about a customer, as kept in `lives.csv`.

    birth_year is 0 for an organisation; bank_unit is the bank's outlet nearest to hers.
    """

    entity: str
    birth_year: int
    industry: str
    outlet: str
    bank_unit: str
    showcase: str

    @property
    def person(self) -> bool:
        return self.birth_year > 0


@dataclass(frozen=True, slots=True)
class Life:
    """The systems a customer deals with, how much and in which rhythm."""

    seed: int
    traits: Traits
    number: int
    systems: tuple[str, ...]
    rhythm: Rhythm
    late: bool

    def draw(self, topic: str, month: date) -> Draw:
        """The chances of one month of hers in one system."""
        return Draw(f"{self.seed} {self.traits.entity} {topic} {month:%y%m}")

    @property
    def code(self) -> str:
        """Eight digits that name her in every system, each in its own form."""
        return f"{1 if self.traits.person else 2}{self.number:07}"

    def key(self, system: str) -> str:
        """Her customer number in a system."""
        return KEY_FORMS[system].format(self.code, self.traits.outlet[:6])

    @property
    def item_series(self) -> int:
        """Her number among all who post items."""
        return 2 * self.number + (not self.traits.person)


# {0}: her eight digits; {1}: the division of her outlet.
KEY_FORMS = {
    YY: "YY{0}", EMS85: "{1}{0}000", XBD: "XB{0}", KGS: "SD{1}{0}", PSB: "0037{0}", ECIF: "EC37{0}", SDC: "37{0}",
}  # fmt: skip


def shown(customer: Customer) -> str:
    """What a customer's business shows a visitor; "" for most."""
    return SHOWN.get(_showcase(customer), "")


def traits_of(customer: Customer) -> Traits:
    outlet = customer.place.outlet
    return Traits(
        entity=customer.entity,
        birth_year=customer.birth.year if isinstance(customer, Person) else 0,
        industry="" if isinstance(customer, Person) else customer.industry,
        outlet=outlet.unit.code,
        bank_unit=bank_unit(outlet),
        showcase=_showcase(customer),
    )


def bank_unit(outlet: Outlet) -> str:
    """Where its customers have their accounts: the agency outlet itself, else the sub-branch of the county."""
    return outlet.unit.code if outlet.unit.ownership == AGENCY else f"B{outlet.county.code}001"


def live(seed: int, traits: Traits, *, as_of: date) -> Life:
    """The life of a customer; as_of is the day of the first load."""
    draw = Draw(f"{seed} {traits.entity}")
    rhythm = _rhythm(draw, as_of=as_of)
    systems = _systems(draw, traits, as_of=as_of)
    late = draw.chance(LATE_CUSTOMER_RATE) and not traits.showcase
    if traits.showcase:
        rhythm = Rhythm(Profile.STEADY, level=1.5)
    return Life(seed, traits, _number(traits.entity), systems, rhythm, late)


def _number(entity: str) -> int:
    """Running number of a person or an organisation over all deliveries.

    >>> _number("P0000123"), _number("O3-0000007")
    (123, 1003007)
    """
    delivery, _, number = entity[1:].rpartition("-")
    return (LATER_NUMBERS + int(delivery) * NUMBERS_PER_DAY if delivery else 0) + int(number)


def _showcase(customer: Customer) -> str:
    if not (isinstance(customer, Person) and customer.tidy):
        return ""
    full = customer.name.full
    return full if full in (CROSSES_TONIGHT, STAYS_BELOW) else customer.traits[0]


def _rhythm(draw: Draw, *, as_of: date) -> Rhythm:
    profile = draw.pick(_PROFILES)
    normal = (sum(draw.random() for _ in range(6)) - 3) * 2**0.5
    level = round(exp(LEVEL_SPREAD * normal - LEVEL_SPREAD**2 / 2), 3)
    yearly = {Profile.GROWING: 1.4 + draw.random(), Profile.DECLINING: 0.5 + 0.35 * draw.random()}
    turn = as_of - timedelta(days=draw.between(30, 330))
    return Rhythm(profile, level, round(yearly.get(profile, 1.0), 3), draw.between(1, 12), turn)


def _systems(draw: Draw, traits: Traits, *, as_of: date) -> tuple[str, ...]:
    if traits.showcase == EVERYTHING:
        return (YY, EMS85, PSB, ECIF, SDC)
    if traits.showcase:
        return (YY, PSB)
    if traits.person and as_of.year - traits.birth_year <= ADULT:
        return ()
    rates = PERSON_RATES if traits.person else ORGANISATION_RATES
    if "-" in traits.entity:
        rates = {system: rate for system, rate in rates.items() if system not in LONG_KNOWN}
    if traits.industry == ONLINE_TRADE:
        rates = rates | {XBD: ONLINE_SELLER_RATE}
    return tuple(system for system in SYSTEMS if draw.chance(rates.get(system, 0.0)))


_PROFILES = spread(PROFILE_SHARES, slots=100)


class LivesFile:
    """`lives.csv` beside the truth: everybody with business, and how it is meant to go."""

    COLUMNS = (*(column.name for column in fields(Traits)), "profile", "level", "systems")

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="", buffering=1 << 20)
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(self.COLUMNS)

    def add(self, life: Life) -> None:
        self._writer.writerow(
            (*asdict(life.traits).values(), life.rhythm.profile, life.rhythm.level, " ".join(life.systems))
        )

    def close(self) -> None:
        self._file.close()


def read_traits(path: Path) -> Iterator[Traits]:
    """The traits of everybody in a `lives.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = {column.name: row[column.name] for column in fields(Traits)}
            yield Traits(**{**values, "birth_year": int(row["birth_year"])})  # type: ignore[arg-type]
