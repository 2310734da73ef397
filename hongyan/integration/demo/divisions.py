"""Administrative divisions (行政区划, GB/T 2260) of the province the demo plays in.

Codes and names come from the table that python-stdnum carries (`cn/loc`), read at run time. It keeps
the history of each code as "[1983-1992]郊区,[1993-]任城区"; the open-ended name is today's.
Area codes and populations of the cities are public facts; the weight and postcode of a county within
its city are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stdnum import numdb

PROVINCE = "37"
PROVINCE_NAME = "山东省"
FIRST_PROVINCE, LAST_PROVINCE = 11, 65
CITY_DISTRICTS = "01"  # 市辖区: a heading of the standard, no place

# City: telephone area code, subscriber digits, first postcode, inhabitants in 10,000 (census of 2020).
CITY_FACTS: dict[str, tuple[str, int, int, int]] = {
    "3701": ("0531", 8, 250000, 920),
    "3702": ("0532", 8, 266000, 1007),
    "3703": ("0533", 7, 255000, 470),
    "3704": ("0632", 7, 277100, 386),
    "3705": ("0546", 7, 257000, 219),
    "3706": ("0535", 7, 264000, 710),
    "3707": ("0536", 8, 261000, 939),
    "3708": ("0537", 7, 272000, 836),
    "3709": ("0538", 7, 271000, 547),
    "3710": ("0631", 7, 264200, 291),
    "3711": ("0633", 7, 276800, 297),
    "3713": ("0539", 8, 276000, 1102),
    "3714": ("0534", 7, 253000, 561),
    "3715": ("0635", 7, 252000, 595),
    "3716": ("0543", 7, 256600, 393),
    "3717": ("0530", 7, 274000, 880),
}


@dataclass(frozen=True, slots=True)
class City:
    code: str  # six digits
    name: str
    area_code: str
    subscriber_digits: int
    weight: float


@dataclass(frozen=True, slots=True)
class County:
    code: str  # six digits
    name: str
    city: City
    postcode: str
    weight: float

    @property
    def full_name(self) -> str:
        return f"{PROVINCE_NAME}{self.city.name}{self.name}"


def name_today(code: str) -> str:
    """Name of a division that exists today, "" for one that was abolished or never assigned.

    >>> name_today("370811"), name_today("370111"), name_today("370199")
    ('任城区', '', '')
    """
    parts = numdb.get("cn/loc").info(code)
    county = parts[-1][1].get("county", "")
    for name in county.split(","):
        if not name.startswith("["):
            return name
        years, _, current = name[1:].partition("]")
        if years.endswith("-"):
            return current
    return ""


@cache
def provinces() -> dict[str, str]:
    """Code (six digits) → name of the 31 provinces, regions and municipalities of the mainland."""
    codes = (f"{number}0000" for number in range(FIRST_PROVINCE, LAST_PROVINCE + 1))
    return {code: name for code in codes if (name := name_today(code))}


@cache
def counties() -> tuple[County, ...]:
    """All counties, districts and county-level cities of the province today, by code."""
    return tuple(county for prefix in CITY_FACTS for county in _counties_of(prefix))


def _counties_of(prefix: str) -> list[County]:
    area_code, digits, postcode, inhabitants = CITY_FACTS[prefix]
    city = City(f"{prefix}00", name_today(f"{prefix}00"), area_code, digits, inhabitants)
    codes = (f"{prefix}{number:02}" for number in range(1, 100))
    named = [(code, name) for code in codes if code[4:] != CITY_DISTRICTS and (name := name_today(code))]
    shares = [(rank + 1) ** -0.4 for rank in range(len(named))]
    return [
        County(code, name, city, f"{postcode + 100 * rank:06}", inhabitants * share / sum(shares))
        for rank, ((code, name), share) in enumerate(zip(named, shares, strict=True))
    ]
