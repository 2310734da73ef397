"""Numbers of people inside free text (自由文本中的个人号码): found however they are written, and masked. Pure.

What the vault seals, no free text may hold: credentials, phones, bank cards, e-mail addresses. They are found as one
run, in the groups in which people write them, with full-width, circled or Chinese digits, with invisible characters in
between. This is a guard against habit and carelessness: who wants to hide a number from it will find a way.

Not found, because nothing tells them from other numbers of the house: telephones without an area code, Taiwan permits
(eight digits), accounts that are no cards, residence permits of three letters and twelve digits.

Wanted numbers must pass. Measured on what `hongyan demo generate --customers 20000 --seed 7` numbers: none of 40,928
item numbers (S10, domestic ones) and none of 253,649 sales, payments, policies, trades and accounts is taken for a
person's. Of random runs of digits these are, by length: 11 digits 12 % (mobiles 7, with an area code 5), 12 digits 4 %,
13 digits 0.07 % (those that begin with 86 and a mobile), 14 digits none, 15 digits 1.3 % (old resident IDs), 16 to 19
digits 3.7 % (cards). A series that begins otherwise is never met.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from hongyan.core import masking


class Kind(StrEnum):
    """What a number seems to be."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    CREDENTIAL = "credential"
    CARD = "card"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: what it seems to be, its first character and the one behind its last, counted from 0."""

    kind: Kind
    start: int
    end: int


# --- how numbers are written; the text is in plain characters by then

_BETWEEN = r"[ \-./_(),:]{1,3}"
_WITHIN = r"[ \-./_(),]{1,3}"
"""Between single digits no colon is looked past: a time and a day would be read as one number."""
_BEGIN = r"(?<!\d)(?<!\b[A-Z])"
"""Not inside a longer number, nor behind the letter of a series."""
_BEGIN_MOBILE = r"(?<![\dH])"
"""People lead a phone by letters of their own (T13…, 加V13…); customers are H and eleven digits."""
_END_MOBILE = r"(?!\d|\.\d| ?[元万亿])"
"""What follows an amount of money follows no phone."""
_APART = r"(?<![0-9A-Za-z])"
_END = r"(?!\d)"
_NO_CODE = r"(?<!代码)(?<!代码[ :])"
"""Codes of invoices (发票代码) are twelve digits that begin like an area code."""
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
"""The first two digits of a resident ID: provinces (GB/T 2260), residents from elsewhere, foreigners."""
_AREA = r"(?:10|2[0-57-9]|[3-9]\d\d)"
_AREA_IN_USE = (
    r"(?:10|2[0-57-9]|3[1579]\d|335|349|4[1235-8]\d|5[1-9]\d|6[369]\d|7[0-79]\d|8[1-35-9]\d|9[0-579]\d)"
)
"""Area codes, behind their zero: by their shape, and the groups of which some are assigned (numbering plan)."""
_CITIZEN = rf"{_PROVINCE}\d{{4}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dXx]"


def _grouped(*sizes: int) -> str:
    return _BETWEEN.join(rf"\d{{{size}}}" for size in sizes)


_MOBILE_GROUPS = "|".join(
    _grouped(*sizes)
    for sizes in ((11,), (3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (5, 6), (1,) * 11)
)
_MOBILE_PAIRS = r"\d{3}(?P<by>[ \-./_:]{1,3})\d\d(?:(?P=by)\d\d){3}"
"""In pairs, all divided alike and not by commas, which divide amounts."""


def _is_citizen(text: str) -> bool:
    """Whether a number in groups is a resident ID by its check digit too (GB 11643, ISO 7064 MOD 11-2)."""
    number = re.sub(_BETWEEN, "", text).upper()
    return bool(re.fullmatch(_CITIZEN, number)) and mod_11_2.is_valid(number)


def _is_card(text: str) -> bool:
    """UnionPay numbers begin with 62; others are cards only with their check digit (ISO/IEC 7812)."""
    number = re.sub(_BETWEEN, "", text)
    return number.startswith("62") or luhn.is_valid(number)


def _always(_text: str) -> bool:
    return True


_Rule = tuple[Kind, re.Pattern[str], Callable[[str], bool]]
_RULES: tuple[_Rule, ...] = (
    (Kind.EMAIL, re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), _always),
    (Kind.CREDENTIAL, re.compile(rf"{_BEGIN}{_CITIZEN}{_END}"), _always),
    (
        Kind.CREDENTIAL,
        re.compile(
            rf"{_BEGIN}[1-9](?:(?:(?:{_WITHIN})?\d){{16}}(?:{_WITHIN})?[\dXx]|\d{{5}}:\d{{8}}:\d{{3}}[\dXx]){_END}"
        ),
        _is_citizen,
    ),
    # fifteen digits, as before 1999: they have no check digit
    (Kind.CREDENTIAL, re.compile(rf"{_APART}{_PROVINCE}\d{{6}}{_DAY}\d{{3}}(?![0-9A-Za-z])"), _always),
    (
        Kind.CARD,
        re.compile(
            rf"{_BEGIN}(?=62|60|4|5[1-5]|35|9)(?:\d{{16,19}}|\d{{4}}(?:{_BETWEEN}\d{{4}}){{3}}(?:{_BETWEEN}\d{{1,3}})?){_END}"
        ),
        _is_card,
    ),
    (
        Kind.MOBILE,
        re.compile(
            rf"{_BEGIN_MOBILE}(?:(?:\+|00)?86(?:{_BETWEEN})?|0)?(?=1(?:{_BETWEEN})?[3-9])(?:{_MOBILE_GROUPS}|{_MOBILE_PAIRS}){_END_MOBILE}"
        ),
        _always,
    ),
    (
        Kind.LANDLINE,
        re.compile(
            # in one run with its area code a number has to be one that can exist: numbers of subscribers begin with 2
            # to 8, short ones that are dialled so with 9; orders and accounts are such runs too
            rf"{_APART}{_NO_CODE}(?:0|(?:\+|00)86(?:{_BETWEEN})?|86{_BETWEEN})"
            rf"(?:{_AREA}{_BETWEEN}|{_AREA_IN_USE}(?=[2-9]))(?:\d{{7,8}}|\d{{3,4}}{_BETWEEN}\d{{4}}){_END}"
        ),
        _always,
    ),
    # passports (护照), permits to and from Hong Kong and Macau (通行证); a letter and a date is none
    (
        Kind.CREDENTIAL,
        re.compile(
            rf"(?i){_APART}(?![A-Z]20\d\d{_DAY}(?!\d))"
            r"(?:[CEG]\d{8}|[CE][A-HJ-NP-Z]\d{7}|[HM]\d{8}(?:\d\d)?)(?![0-9A-Z])"
        ),
        _always,
    ),
    # cards of soldiers and armed police, which are of some office: land and houses have such numbers too
    (Kind.CREDENTIAL, re.compile(r"[军海空政后装参士武沈北兰济南广成]字第?\d{7,8}号"), _always),
)
_FEWEST_DIGITS = 7
_WORTH_A_LOOK = re.compile(r"(?:\d\D{0,3}){7}|@")
_OPAQUE = re.compile(r"\b(?=\d*[a-f])[0-9a-f]{16,}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""Digests and UUIDs: their digits mean nothing."""
_SPOKEN = str.maketrans("〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖", "0011223456789123456789")
_MANY_SPOKEN = re.compile("(?:[〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖].{0,3}){7}")

_MASKS: Mapping[Kind, Callable[[str], str]] = {
    Kind.MOBILE: masking.mask_phone,
    Kind.LANDLINE: masking.mask_phone,
    Kind.CREDENTIAL: masking.mask_credential,
    Kind.CARD: masking.mask_credential,
    Kind.EMAIL: masking.mask_email,
}


def find_numbers(text: str) -> tuple[Found, ...]:
    """The personal numbers of a text, in order, none inside another.

    >>> [found.kind.value for found in find_numbers("电话138 1234 5678，身份证11010519491231002X")]
    ['mobile', 'credential']
    >>> find_numbers("手机１３８－１２３４－５６７８")
    (Found(kind=<Kind.MOBILE: 'mobile'>, start=2, end=15),)
    >>> find_numbers("邮件 EB000717618HK、9900000000123，客户 H00000000017，批次 D00000001，2026-11-23")
    ()
    """
    if sum(map(str.isnumeric, text)) < _FEWEST_DIGITS and "@" not in text and "＠" not in text:
        return ()
    plain, places = _plain(text)
    if _MANY_SPOKEN.search(plain):
        spans = [*_spans(plain), *_spans(plain.translate(_SPOKEN))]
    elif _WORTH_A_LOOK.search(plain):
        spans = _spans(plain)
    else:
        return ()
    found: list[Found] = []
    for kind, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
        if not found or places[start] >= found[-1].end:
            found.append(Found(kind, places[start], places[end - 1] + 1))
    return tuple(found)


def mask_numbers(text: str) -> str:
    """A text whose personal numbers are masked, each in the form of its kind; any other text as it is.

    >>> mask_numbers("请打13812345678找王小明")
    '请打138****5678找王小明'
    """
    found = find_numbers(text)
    if not found:
        return text
    masked, at = [], 0
    for one in found:
        masked += [text[at : one.start], _MASKS[one.kind](text[one.start : one.end])]
        at = one.end
    return "".join([*masked, text[at:]])


def _spans(plain: str) -> list[tuple[Kind, int, int]]:
    looked_at = _OPAQUE.sub(lambda opaque: "\x00" * len(opaque[0]), plain)
    return [
        (kind, hit.start(), hit.end())
        for kind, pattern, is_one in _RULES
        for hit in pattern.finditer(looked_at)
        if is_one(hit[0])
    ]


def _plain(text: str) -> tuple[str, range | list[int]]:
    """The text in plain characters without invisible ones, and where each of them stands in it."""
    if text.isascii():
        return text, range(len(text))
    seen = list(_seen(text))
    return "".join(char for _place, char in seen), [place for place, _char in seen]


def _seen(text: str) -> Iterator[tuple[int, str]]:
    for place, written in enumerate(text):
        if char := _plain_character(written):
            yield place, char


@cache
def _plain_character(char: str) -> str:
    """One character in its plain form, empty for one that nobody sees.

    >>> [_plain_character(char) for char in "５②－　·\\u200b王"]
    ['5', '2', '-', ' ', '.', '', '王']
    """
    digit, category = unicodedata.digit(char, None), unicodedata.category(char)
    if digit is not None:
        return str(digit)
    if category in {"Cf", "Mn"}:
        return ""
    if category[0] == "Z" or char.isspace():
        return " "
    if category == "Pd" or char in "−~～":
        return "-"
    if char in "·•‧∙⋅・。．":
        return "."
    if char == "、":
        return ","
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 else char
