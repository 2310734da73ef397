"""Telephone numbers, mobile and fixed, as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from hongyan.identity.normalise.text import LONGEST, clean
from hongyan.identity.record import Kind

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
# 010 and 02x have eight-digit numbers behind them, the four-digit area codes seven or eight (YD/T
# 工信部编号计划).
_FIXED = re.compile(r"0?(10|2[0-57-9]|[3-9]\d{2})(\d{7,8})")
_PLAIN_FIXED = re.compile(r"0(10|2[0-57-9]|[3-9]\d{2})-?(\d{7,8})", re.ASCII)
_SPACED_FIXED = re.compile(r"(?:10|2[0-57-9]|[3-9]\d{2})[\s)-]+\d{3,4}\s?\d{4}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_HOTLINE = re.compile(r"[48]00\d{7}")
_SEPARATOR = re.compile(
    r"[/;,、，；|\\&]|[或和]|(?<=\d{7})\s(?=(?:\+?86)?1[3-9]\d{9}(?!\d))|(?<=\d{7})\s(?=0\d{2,3}-)"
)
_TWO_MOBILES = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
_EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|(?<!\dx)x(?!x)|#)[^\d*]*(\d{1,6})\)?$", re.IGNORECASE)
_DASH_EXTENSION = re.compile(
    r"(?:(?:0|86[\s(-]*)\d{2,3}[)\s-]*\d{3,4}\s?\d{3,4}|1[3-9]\d{9})\s*-\s*(\d{1,5})$"
)
_COUNTRY = re.compile(r"^(?:\+|00)\s*")
_TRUNK = re.compile(r"\(0\)")  # +86(0)512: the zero is dialled at home only
_HIDDEN = re.compile(r"[*xX×●]{2,}|(?<=\d)[*×●]+")
_NOT_DIGITS = re.compile(r"\D")
_NOT_SIGNS = re.compile(r"[^\d*]")
_AS_DIGITS = str.maketrans("OoIl", "0011")
_TELLING = 7


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone number in comparable form.

    Fields: ``number`` with country code (+8613800138000; when it is not valid, its digits as typed, hidden
    ones as stars); ``extension`` digits behind a switchboard or of a privacy number; ``valid`` whether the
    number can exist and is complete.
    """

    kind: Literal["mobile", "landline"]
    number: str
    extension: str = ""
    valid: bool = True

    def comparable(self, kind: Kind) -> str:
        """How a valid number compares: a person's with the extension, an organisation's without.

        >>> phone("0512-65123456-802").comparable("person"), phone("0512-65123456-802").comparable("organisation")
        ('+8651265123456x802', '+8651265123456')
        """
        return f"{self.number}x{self.extension}" if self.extension and kind == "person" else self.number

    @property
    def is_partial(self) -> bool:
        """Whether an incomplete number still tells something: seven signs or more, digits or stars."""
        return not self.valid and len(self.number) >= _TELLING and not _is_placeholder(self.number)


def phones(text: str) -> tuple[Phone, ...]:
    """Every number in a field, in order, each once.

    >>> [phone.number for phone in phones("138 0013 8000、0512-65123456转802")]
    ['+8613800138000', '+8651265123456']
    >>> forms = ("+86 13800138000", "１３８００１３８０００", "013800138000", "8613800138000", "138OO138OOO")
    >>> {phones(form) for form in forms} == {phones("13800138000")}
    True
    >>> [phone.number for phone in phones("0512-65123456/65123457")]
    ['+8651265123456', '+8651265123457']
    """
    if len(text) == 11 and _MOBILE.fullmatch(text):
        return (Phone("mobile", "+86" + text, valid=not _is_placeholder(text)),)
    if plain := _PLAIN_FIXED.fullmatch(text):
        return (_landline(plain[1], plain[2], ""),)
    found: list[Phone] = []
    area = ""
    for part in _SEPARATOR.split(clean(text[:LONGEST])):
        if not any(map(str.isdigit, part)):
            continue
        number = phone(part)
        if area and not number.valid and _LOCAL.fullmatch(number.number):
            # Behind a number with an area code, the next one is in the same town.
            number = _landline(area, number.number, number.extension)
        elif not number.valid and (two := _TWO_MOBILES.fullmatch(number.number)):
            found += (phone(two[1]), phone(two[2]))
            continue
        area = _area(number) or area
        found.append(number)
    return tuple(dict.fromkeys(found))


def phone(text: str) -> Phone:
    """One number.

    >>> phone("(0512)6512 3456-802")
    Phone(kind='landline', number='+8651265123456', extension='802', valid=True)
    >>> phone("65123456").valid, phone("13800000000").valid, phone("138****8000").number
    (False, False, '138****8000')
    >>> phone("+852 9123 4567")
    Phone(kind='mobile', number='+85291234567', extension='', valid=True)
    """
    main, extension = _without_extension(_HIDDEN.sub(_stars, _TRUNK.sub("", clean(text).removesuffix(".0"))))
    if "*" in main:
        signs = _NOT_SIGNS.sub("", _COUNTRY.sub("", main))
        return Phone("mobile" if signs[:1] == "1" else "landline", signs, extension, valid=False)
    international = _COUNTRY.match(main) is not None
    digits = _NOT_DIGITS.sub("", _COUNTRY.sub("", main))
    if international and not digits.startswith("86"):
        return _foreign(digits)
    # Without a plus sign only the length tells the country code: no number at home has 12 digits and begins
    # with 8.
    national = digits.removeprefix("86") if international or len(digits) >= 12 else digits
    mobile = national.removeprefix("0")
    if _MOBILE.fullmatch(mobile):
        return Phone("mobile", "+86" + mobile, extension, not _is_placeholder(mobile))
    fixed = _FIXED.fullmatch(national)
    if fixed and (national[0] == "0" or digits != national or _SPACED_FIXED.search(main)):
        return _landline(fixed[1], fixed[2], extension)
    if _HOTLINE.fullmatch(national):
        return Phone("landline", "+86" + national, extension)
    if _MOBILE.fullmatch(typed := _NOT_DIGITS.sub("", main.translate(_AS_DIGITS))):
        return Phone("mobile", "+86" + typed, "", not _is_placeholder(typed))
    return Phone("mobile" if national[:1] == "1" else "landline", digits, extension, valid=False)


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0])


def _area(number: Phone) -> str:
    """The area code of a valid fixed number of the mainland, else empty."""
    national = number.number.removeprefix("+86")
    if (
        not number.valid
        or national == number.number
        or number.kind == "mobile"
        or _HOTLINE.fullmatch(national)
    ):
        return ""
    return national[:2] if national[0] in "12" else national[:3]


def _without_extension(text: str) -> tuple[str, str]:
    for pattern in (_EXTENSION, _DASH_EXTENSION):
        if found := pattern.search(text):
            return text[: found.start(1)], found[1]
    return text, ""


def _landline(area: str, local: str, extension: str) -> Phone:
    whole = len(area) == 3 or len(local) == 8
    return Phone("landline", f"+86{area}{local}", extension, whole and not _is_placeholder(local))


def _foreign(digits: str) -> Phone:
    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return Phone("landline", digits, valid=False)
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return Phone("mobile" if mobile else "landline", "+" + digits, "", phonenumbers.is_valid_number(parsed))


def _is_placeholder(digits: str) -> bool:
    """Whether the subscriber's part is one digit repeated (13800000000): nobody's, typed to pass a form."""
    return len(set(digits[-8:])) == 1
