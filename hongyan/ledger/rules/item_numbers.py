"""Numbers of mail items (邮件号码): UPU S10, and the domestic ones that follow patterns of their own.

    E B 0 0 0 7 1 7 6 1 8 H K
    │ │ └─ serial ────┘ │ └─ country of origin
    │ │                 └─ check digit: 8-6-4-2-3-5-9-7, modulo 11
    └─┴─ service indicator

The staging macro `fault_item` (integration/staging.sql) answers the same; a test holds the two against each other.
Source: REQUIREMENTS CCC-i07, REF-i05; UPU S10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from hongyan.ledger.codes import ItemService

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
RESERVED = frozenset("JKSTW")
"""First letters that S10 keeps for later: no item bears one yet."""

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table to be read
)
"""ISO 3166-1 alpha-2."""
_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_BETWEEN = re.compile(r"[\s\-]+")


class Form(StrEnum):
    """Which rule a number follows."""

    S10 = "s10"
    DOMESTIC = "domestic"


INDICATORS = {
    "C": ItemService.PARCEL,
    "E": ItemService.EMS,
    "H": ItemService.E_COMMERCE,
    "L": ItemService.TRACKED,
    "M": ItemService.M_BAG,
    "Q": ItemService.REPLY,
    "R": ItemService.REGISTERED,
    "U": ItemService.LETTER,
    "V": ItemService.INSURED,
}
"""First letters with a meaning of their own; the others are agreed on between operators."""


class Fault(StrEnum):
    """Why a text is no item number; the words are the reason codes of intake."""

    FORM = "item"
    RESERVED = "item_reserved"
    CHECK = "item_check"
    COUNTRY = "item_country"


@dataclass(frozen=True, slots=True)
class ItemNumber:
    """A sound number; `service` and `country` are empty for domestic ones."""

    text: str
    form: Form
    service: ItemService | None = None
    country: str = ""


def item_number(text: str, *, domestic: Iterable[str]) -> ItemNumber | Fault:
    """Read a number as people write it; `domestic` are the patterns that whole domestic numbers follow.

    >>> item_number("EB000717618HK", domestic=[])
    ItemNumber(text='EB000717618HK', form=<Form.S10: 's10'>, service=ItemService.EMS, country='HK')
    >>> item_number("EB900717618HK", domestic=[]), item_number("KA000717618HK", domestic=[])
    (<Fault.CHECK: 'item_check'>, <Fault.RESERVED: 'item_reserved'>)
    >>> item_number("99 0000 0000 123", domestic=["99[0-9]{11}"])
    ItemNumber(text='9900000000123', form=<Form.DOMESTIC: 'domestic'>, service=None, country='')
    """
    number = normal_form(text)
    if _S10.fullmatch(number):
        return _s10_number(number)
    if _domestic(tuple(domestic)).fullmatch(number):
        return ItemNumber(number, Form.DOMESTIC)
    return Fault.FORM


def normal_form(text: str) -> str:
    """A number without the blanks and hyphens that forms print into it, in capital letters.

    >>> normal_form("eb 000 717 618 hk")
    'EB000717618HK'
    """
    return _BETWEEN.sub("", text).upper()


def check_digit(serial: str) -> int:
    """The check digit of the eight digits of an S10 serial; 10 becomes 0 and 11 becomes 5.

    >>> check_digit("00071761"), check_digit("90071761")
    (8, 2)
    """
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def _s10_number(number: str) -> ItemNumber | Fault:
    country = number[-2:]
    if number[0] in RESERVED:
        return Fault.RESERVED
    if check_digit(number[2:10]) != int(number[10]):
        return Fault.CHECK
    if country not in COUNTRIES and not _USER_ASSIGNED.fullmatch(country):
        return Fault.COUNTRY
    return ItemNumber(number, Form.S10, INDICATORS.get(number[0], ItemService.BILATERAL), country)


@cache
def _domestic(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern out of several; none matches nothing."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
