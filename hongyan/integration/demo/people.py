"""Names of persons: surnames by frequency, given names by sex and by the fashion of the birth years."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from hongyan.integration.demo import words
from hongyan.integration.demo.draw import Draw, spread, zipf

COMPOUND_SURNAME_RATE = 0.004
MULTI_READING_SURNAME_RATE = 0.012
ETHNIC_NAME_RATE = 0.004
RARE_CHARACTER_RATE = 0.002
FASHIONABLE_NAME_RATE = 0.45


@dataclass(frozen=True, slots=True)
class Name:
    """surname is "" for names that have none (ethnic names with ·)."""

    surname: str
    given: str

    @property
    def full(self) -> str:
        return self.surname + self.given


def draw_surname(draw: Draw) -> str:
    """A surname with its share in the population; now and then a compound or multi-reading one."""
    kind = draw.random()
    if kind < COMPOUND_SURNAME_RATE:
        return draw.pick(words.COMPOUND_SURNAMES)
    if kind < COMPOUND_SURNAME_RATE + MULTI_READING_SURNAME_RATE:
        return draw.pick(words.MULTI_READING_SURNAMES)
    return draw.pick(_surnames())


def draw_given(draw: Draw, *, male: bool, birth_year: int) -> str:
    """A given name such as parents chose in that year."""
    if draw.chance(RARE_CHARACTER_RATE):
        return draw.pick(words.RARE_GIVEN)
    fashionable, first, second = _given_tables(birth_year, male)
    if draw.chance(FASHIONABLE_NAME_RATE):
        return draw.pick(fashionable)
    return draw.pick(first) + draw.pick(second)


def draw_name(draw: Draw, *, male: bool, birth_year: int, surname: str = "") -> Name:
    """A whole name; with a surname given, a child of that family."""
    if not surname and draw.chance(ETHNIC_NAME_RATE):
        given = draw.pick(words.ETHNIC_GIVEN["男" if male else "女"])
        return Name("", f"{given}·{draw.pick(words.ETHNIC_FATHERS)}")
    return Name(surname or draw_surname(draw), draw_given(draw, male=male, birth_year=birth_year))


@cache
def _surnames() -> tuple[str, ...]:
    others = {
        surname: words.OTHER_SURNAME_SHARE * 2 * share
        for surname, share in zipf(words.OTHER_SURNAMES, exponent=0.3).items()
    }
    return spread({**words.SURNAME_SHARES, **others})


@cache
def _given_tables(birth_year: int, male: bool) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    generation = words.GENERATIONS[bisect_right(words.GENERATIONS, birth_year) - 1]
    fashionable, first, second = words.GIVEN[generation, "男" if male else "女"]
    return (
        spread(zipf(fashionable.split()), slots=256),
        spread(zipf(first, exponent=0.5), slots=256),
        spread(zipf(second, exponent=0.5), slots=256),
    )
