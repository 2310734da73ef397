"""Which division a list means by a code or by names (区划与邮编的对应). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hongyan.identity.normalise.divisions import short_name

PROVINCE_DIGITS, CITY_DIGITS, COUNTY_DIGITS, STREET_DIGITS = 2, 4, 6, 9
_UNDER_THE_PROVINCE = "90"
"""What stands for the city in codes of counties right beneath a province (省直辖县级)."""


def whole_code(code: str) -> str:
    """A division's code in full: six digits, nine for a street or town.

    >>> whole_code("11"), whole_code("1301"), whole_code("130102"), whole_code("130102001")
    ('110000', '130100', '130102', '130102001')
    """
    return code.ljust(COUNTY_DIGITS, "0")


def outer_codes(code: str) -> list[str]:
    """The codes of the divisions around one, the nearest first; not all of them need to exist.

    >>> outer_codes("130102001"), outer_codes("130100"), outer_codes("130000")
    (['130102', '130100', '130000'], ['130000'], [])
    """
    wanted = [code[:COUNTY_DIGITS], f"{code[:CITY_DIGITS]}00", f"{code[:PROVINCE_DIGITS]}0000"]
    return [outer for outer in dict.fromkeys(wanted) if outer != code]


@dataclass(frozen=True, slots=True)
class NamedDivision:
    """A division down to counties with every name it has or had; `is_current` while its code is in force."""

    code: str
    names: tuple[str, ...]
    is_current: bool


@dataclass(slots=True)
class Gazetteer:
    """Divisions by their names, to find the one that three names mean."""

    _provinces: dict[str, str] = field(default_factory=dict)
    _beneath: Mapping[str, list[tuple[str, NamedDivision]]] = field(default_factory=dict)

    @classmethod
    def of(cls, divisions: Iterable[NamedDivision]) -> Gazetteer:
        """An index over divisions."""
        provinces: dict[str, str] = {}
        beneath: defaultdict[str, list[tuple[str, NamedDivision]]] = defaultdict(list)
        for one in divisions:
            for name in one.names:
                if one.code.endswith("0000"):
                    provinces[name] = one.code[:PROVINCE_DIGITS]
                else:
                    beneath[one.code[:PROVINCE_DIGITS]].append((name, one))
        return cls(provinces, beneath)

    def find(self, province: str, city: str, county: str) -> tuple[str, str]:
        """The code that names mean, and how: `current`, `former` (abolished, or called otherwise now), `city` where
        only the city is known (the code is the city's), `none` ("" as the code).

        A name of a county counts inside its city before elsewhere in the province, because cities take over
        counties; a name without its rank counts last (肃南县 for 肃南裕固族自治县).

        >>> places = Gazetteer.of([
        ...     NamedDivision("110000", ("北京市",), True),
        ...     NamedDivision("110101", ("东城区",), True),
        ...     NamedDivision("110103", ("崇文区",), False),
        ...     NamedDivision("420000", ("湖北省",), True),
        ...     NamedDivision("420600", ("襄阳市", "襄樊市"), True),
        ...     NamedDivision("420606", ("樊城区",), True),
        ... ])
        >>> places.find("北京市", "北京市", "东城区"), places.find("北京市", "北京市", "崇文区")
        (('110101', 'current'), ('110103', 'former'))
        >>> places.find("湖北省", "襄樊市", "樊城区"), places.find("湖北省", "襄樊市", "襄樊市")
        (('420606', 'current'), ('420600', 'former'))
        >>> places.find("湖北省", "襄阳市", "某区"), places.find("某省", "某市", "某区")
        (('420600', 'city'), ('', 'none'))
        """
        inside = self._provinces.get(province, "")
        if not inside:
            return "", "none"
        named = self._beneath.get(inside, ())
        if county == province:
            return whole_code(inside), "current"
        around = self._city(named, city) if city != province else None
        if county == city and around:
            return around.code, _certainty(around, city)
        prefix = around.code[:CITY_DIGITS] if around else inside
        if found := _best(named, county, prefix) or _best(named, county, inside):
            return found.code, _certainty(found, county)
        return (around.code, "city") if around else ("", "none")

    @staticmethod
    def _city(named: Sequence[tuple[str, NamedDivision]], city: str) -> NamedDivision | None:
        cities = [(name, one) for name, one in named if one.code.endswith("00")]
        return _best(cities, city, "")


def _best(named: Iterable[tuple[str, NamedDivision]], wanted: str, prefix: str) -> NamedDivision | None:
    """The division of a name inside a prefix: the whole name before its stem, one in force before one that was, of
    those the one with the higher code, which is the later one."""
    stem = short_name(wanted)
    found = [
        (name != wanted, not one.is_current, -int(one.code), one)
        for name, one in named
        if one.code.startswith(prefix) and (name == wanted or short_name(name) == stem)
    ]
    return min(found, key=lambda one: one[:3])[-1] if found else None


def _certainty(found: NamedDivision, wanted: str) -> str:
    """A division bears its present name first."""
    return "current" if found.is_current and found.names[0] == wanted else "former"


def agreement(division: str, others: Iterable[str]) -> str:
    """Whether a division lies in the same city as one of others: `same`, `elsewhere`, or `unknown` without others.

    Directly governed counties and districts of the four municipalities have no city: there the province decides.

    >>> agreement("370102", ["370100"]), agreement("370102", ["320508"]), agreement("370102", [])
    ('same', 'elsewhere', 'unknown')
    >>> agreement("110105", ["110101"]), agreement("370000", ["370102"])
    ('same', 'same')
    """
    known = list(others)
    if not known:
        return "unknown"
    return "same" if any(_is_same_city(division, other) for other in known) else "elsewhere"


def _is_same_city(one: str, other: str) -> bool:
    digits = min(_significant(one), _significant(other), CITY_DIGITS)
    return one[:digits] == other[:digits]


def _significant(code: str) -> int:
    """How many digits tell in which city a division lies.

    >>> _significant("370102"), _significant("370000"), _significant("110105"), _significant("429004")
    (4, 2, 2, 2)
    """
    is_of_province = code[:PROVINCE_DIGITS] in MUNICIPALITIES or code[2:4] == _UNDER_THE_PROVINCE
    return PROVINCE_DIGITS if is_of_province or code.endswith("0000") else CITY_DIGITS


MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Provinces that are one city (直辖市)."""
