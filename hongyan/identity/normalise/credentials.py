"""Credentials (证件, L03): which kind a number is, whether it can be right, and what it says.

Sources: GB 11643-1999 (citizen's number; 15 digits before 1999), GB 32100-2015 (unified social credit code),
GB 11714-1997 (organisation code), 工商行政管理注册号编制规则 (15-digit registration number).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

from stdnum.iso7064 import mod_11_10

from hongyan.identity.normalise.dates import day_of
from hongyan.identity.normalise.divisions import PROVINCES, is_known
from hongyan.identity.normalise.text import clean, simplify
from hongyan.identity.record import Kind

RESIDENT, TEMPORARY, BOOKLET, MILITARY, ARMED_POLICE = "01", "02", "03", "04", "05"
HONG_KONG_MACAU_PERMIT, TAIWAN_PERMIT, RESIDENCE_PERMIT = "06", "07", "08"
PASSPORT, FOREIGN_RESIDENT = "09", "10"
CREDIT_CODE, REGISTRATION, ORGANISATION_CODE, INSTITUTION, OTHER = "20", "21", "22", "23", "99"

IDENTIFYING: dict[Kind, frozenset[str]] = {
    "person": frozenset(
        {RESIDENT, MILITARY, ARMED_POLICE, HONG_KONG_MACAU_PERMIT, TAIWAN_PERMIT}
        | {RESIDENCE_PERMIT, PASSPORT, FOREIGN_RESIDENT}
    ),
    "organisation": frozenset({CREDIT_CODE, REGISTRATION, ORGANISATION_CODE, INSTITUTION}),
}
"""Types that say who a party is. An owner's ID on a shop's record is not the shop's."""

LIFELONG = frozenset(
    {RESIDENT, HONG_KONG_MACAU_PERMIT, TAIWAN_PERMIT, RESIDENCE_PERMIT, CREDIT_CODE, ORGANISATION_CODE}
)
"""Types whose number stays for life: two of them are two parties. Others change with each issue."""

WARNINGS = frozenset({"county_unknown", "organisation_code_checksum", "type_corrected"})
"""Problems that do not make a credential invalid."""

_SEPARATORS = re.compile(r"[\s\-_—–./,:：'\"号]+")
_WORDS_OF_TYPES = {
    RESIDENT: """
        居民身份证 身份证 身份证号码 二代身份证 一代身份证 二代证 公民身份号码 公民身份证 id idcard
        identitycard residentid nationalid sfz
    """,
    TEMPORARY: "临时居民身份证 临时身份证",
    BOOKLET: "户口簿 户口本",
    MILITARY: "军人证 军官证 士兵证 军人身份证 militaryid officercard",
    ARMED_POLICE: "武警证 武警警官证",
    HONG_KONG_MACAU_PERMIT: """
        港澳居民来往内地通行证 港澳通行证 港澳居民通行证 回乡证 hkmpermit hkmacaopermit
    """,
    TAIWAN_PERMIT: "台湾居民来往大陆通行证 台湾居民通行证 台胞证 taiwanpermit mtp",
    RESIDENCE_PERMIT: "港澳台居民居住证",
    PASSPORT: "护照 中国护照 外国护照 普通护照 passport",
    FOREIGN_RESIDENT: "外国人永久居留证 外国人永久居留身份证",
    CREDIT_CODE: """
        统一社会信用代码 统一社会信用代码证 社会信用代码 信用代码 uscc unifiedsocialcreditcode creditcode
        纳税人识别号 税号 税务登记证
    """,
    REGISTRATION: """
        营业执照 营业执照号 营业执照注册号 工商注册号 工商执照 注册号 businesslicense businesslicence
    """,
    ORGANISATION_CODE: "组织机构代码 组织机构代码证 机构代码 organisationcode organizationcode orgcode",
    INSTITUTION: "事业单位法人证 事业单位法人证书 法人证书",
    OTHER: "其他 其它 other",
}
_WORDS = {
    _SEPARATORS.sub("", word): code for code, written in _WORDS_OF_TYPES.items() for word in written.split()
}
_CODES = frozenset(_WORDS.values())
_CITIZEN_TYPES = frozenset({RESIDENT, TEMPORARY, BOOKLET})
_BUILT_AS_CITIZEN = _CITIZEN_TYPES | {RESIDENCE_PERMIT, FOREIGN_RESIDENT}
_LABEL = re.compile(r"^[^\dA-Z*]*(?:身份证|证件|护照|代码|执照)[码为是]*(?=[\dA-Z*])")
_HIDDEN = re.compile(r"[×✱●○◯■□•#?]+|X{2,}")
_CROSS = re.compile(r"(?<=^\d{17})[×✕Х]$")
_SCIENTIFIC = re.compile(r"\d+E\+?\d{1,2}")
_ROUNDED = re.compile(r"\d{15}000")
_COUNTING = "0123456789" * 3
# Some of them pass every check: 111111 19111111 111 could be somebody's card of before 1999.
_FILLERS = frozenset(
    sequence[start : start + length]
    for length in (15, 18)
    for sequence in (_COUNTING, _COUNTING[::-1], *(digit * 30 for digit in "0123456789"))
    for start in range(10)
)
# Letters that the alphabets leave out because they look like digits.
_AS_DIGITS = str.maketrans("OIQ", "010")
_CITIZEN = re.compile(r"\d{17}[\dX]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_ZEROS = ord("0") * sum(_CITIZEN_WEIGHTS)
_CITIZEN_CHECKS = "10X98765432"
_CREDIT = re.compile(r"[1-9ANY][1-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {char: value for value, char in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[\dX]")
# Tax numbers of before 2015: the division, then the organisation code.
_TAX = re.compile(r"\d{6}[0-9A-Z]{9}")
_ALPHANUMERIC = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENCE_PROVINCES = frozenset({"81", "82", "83"})
# Types judged by their shape alone; the group is the part that stays with the holder.
_SHAPES = {
    MILITARY: re.compile(r"([\u4e00-\u9fff]{1,4}字?第?\d{5,8})"),
    ARMED_POLICE: re.compile(r"([\u4e00-\u9fff]{1,4}字?第?\d{5,8})"),
    # The last two digits of a Hong Kong or Macau permit, the last two and a letter of a Taiwan one count
    # its issues.
    HONG_KONG_MACAU_PERMIT: re.compile(r"([HM]\d{8})(?:\d{2})?"),
    TAIWAN_PERMIT: re.compile(r"(\d{8})(?:\d{2})?(?:\(?[A-Z]\)?)?"),
    PASSPORT: re.compile(r"(?=(?:[A-Z]*\d){5})([A-Z0-9]{6,9})"),
    FOREIGN_RESIDENT: re.compile(r"([A-Z]{3}\d{12})"),
    INSTITUTION: re.compile(r"(\d{12})"),
}


Status = Literal["valid", "wrong", "masked", "unverified", "placeholder"]


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential in comparable form.

    Fields: ``type`` of L03; ``number`` without separators, capitals, a citizen's number always with 18
    characters; ``valid`` whether everything that can be checked without asking the issuer is right;
    ``problems`` codes, among them those of ``WARNINGS``, which leave it valid; ``birth_date`` and
    ``gender`` (L04) as the number tells them.
    """

    type: str
    number: str
    valid: bool
    problems: tuple[str, ...] = ()
    birth_date: date | None = None
    gender: Literal["0", "1", "2"] = "0"

    @property
    def identity_type(self) -> str:
        """The type under which numbers compare: ID card, temporary card and booklet bear one number.

        >>> Credential("03", "11010519491231002X", True).identity_type
        '01'
        """
        return RESIDENT if self.type in _CITIZEN_TYPES else self.type

    @property
    def organisation_code(self) -> str:
        """The nine-character organisation code, which a unified social credit code contains; else empty.

        It has a check character of its own, so it may be right inside a credit code that is wrong.
        """
        if self.type == ORGANISATION_CODE:
            return self.number if self.valid else ""
        if self.type != CREDIT_CODE or len(self.number) != 18:
            return ""
        code = self.number[8:17]
        return code if self.valid or is_organisation_code(code) else ""

    @property
    def status(self) -> Status:
        """What the number is worth as evidence.

        >>> [credential("person", "", number).status for number in ("11010519491231002X", "110105194912310021",
        ...                                                         "110105********002X", "1.10105E+17")]
        ['valid', 'wrong', 'masked', 'placeholder']
        """
        if self.valid:
            return "valid"
        if "placeholder" in self.problems:
            return "placeholder"
        return "masked" if "*" in self.number else "unverified" if self.type == OTHER else "wrong"


def credential(kind: Kind, type_given: str, number_given: str) -> Credential | None:
    """Read one credential; None when there is no number.

    A number whose check digit, date and province are right is what it is, whatever type the source gave it.

    >>> credential("person", "", "11010519491231002x")
    Credential(type='01', number='11010519491231002X', valid=True, problems=(), \
birth_date=datetime.date(1949, 12, 31), gender='2')
    >>> credential("person", "身份证", "110105 491231 002").number
    '11010519491231002X'
    >>> credential("person", "01", "110105194912310021").problems
    ('checksum',)
    >>> credential("organisation", "营业执照", "91110000600037341L").type
    '20'
    >>> credential("person", "护照", "E10258836").valid, credential("person", "", "") is None
    (True, True)
    """
    if not number_given:
        return None
    number = _SEPARATORS.sub("", clean(number_given)).upper()
    if not number:
        return None
    declared = _declared(type_given)
    if number not in _FILLERS and (found := _self_evident(kind, declared, number)):
        corrected = declared and declared != found.type and declared != OTHER
        return _with_problem(found, "type_corrected") if corrected else found
    number = _visible(number)
    if _is_placeholder(number):
        return Credential(declared or OTHER, number, valid=False, problems=("placeholder",))
    return _judged(declared or _inferred(kind, number), number)


def citizen_check(number: str) -> str:
    """The check character of the first 17 digits of a citizen's number (GB 11643, ISO 7064 MOD 11-2).

    >>> citizen_check("11010519491231002")
    'X'
    """
    return _CITIZEN_CHECKS[(sum(map(mul, number.encode("ascii"), _CITIZEN_WEIGHTS)) - _CITIZEN_ZEROS) % 11]


def credit_code_check(number: str) -> str:
    """The check character of the first 17 characters of a unified social credit code (GB 32100).

    Errors: KeyError on a character outside the standard's alphabet (I, O, S, V, Z).

    >>> credit_code_check("91110000600037341")
    'L'
    """
    total = sum(map(mul, map(_CREDIT_VALUES.__getitem__, number), _CREDIT_WEIGHTS))
    return _CREDIT_ALPHABET[-total % 31]


def organisation_check(number: str) -> str:
    """The check character of the first eight characters of an organisation code (GB 11714).

    >>> organisation_check("60003734")
    '1'
    """
    total = sum(map(mul, map(_ALPHANUMERIC.__getitem__, number), _ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11] if total % 11 else "0"


def is_organisation_code(code: str) -> bool:
    """Whether nine characters are an organisation code by their check character.

    >>> is_organisation_code("600037341"), is_organisation_code("600037342")
    (True, False)
    """
    return _ORGANISATION.fullmatch(code) is not None and organisation_check(code) == code[-1]


def _declared(type_given: str) -> str:
    """The L03 code of a source's type, empty when it has none we know."""
    if type_given in _CODES:
        return type_given
    word = _SEPARATORS.sub("", simplify(clean(type_given))).casefold()
    return word.zfill(2) if word.zfill(2) in _CODES else _WORDS.get(word, "")


def _inferred(kind: Kind, number: str) -> str:
    if kind == "organisation":
        return {18: CREDIT_CODE, 15: REGISTRATION, 9: ORGANISATION_CODE, 12: INSTITUTION}.get(
            len(number), OTHER
        )
    if len(number) in (15, 18) and number[:-1].replace("*", "0").isdigit():
        return RESIDENT
    shaped = (HONG_KONG_MACAU_PERMIT, PASSPORT, FOREIGN_RESIDENT, MILITARY)
    return next((type_ for type_ in shaped if _SHAPES[type_].fullmatch(number)), OTHER)


def _self_evident(kind: Kind, declared: str, number: str) -> Credential | None:
    """The credential when its own arithmetic proves the type, else None.

    A label before the number, an X written as a cross and letters that look like digits are forgiven, for the
    check digit tells that they were meant so.
    """
    if found := _proven(kind, declared, number):
        return found
    meant = _CROSS.sub("X", _LABEL.sub("", number)).translate(_AS_DIGITS)
    return _proven(kind, declared, meant) if meant != number else None


def _proven(kind: Kind, declared: str, number: str) -> Credential | None:
    old_card = kind == "person" and len(number) == 15 and (not declared or declared in _CITIZEN_TYPES)
    if len(number) != 18 and not old_card:
        return None
    if kind == "organisation" and (found := _credit_code(number)).valid:
        return found
    if (found := _citizen(declared, number)).valid:
        return found
    return found if (found := _credit_code(number)).valid else None


def _visible(number: str) -> str:
    """The number without its label, hidden characters as stars, as well as those a spreadsheet rounded off."""
    if number.isascii() and number.isalnum() and "XX" not in number and not _ROUNDED.fullmatch(number):
        return number
    number = _HIDDEN.sub(_stars, _LABEL.sub("", number))
    return number[:15] + "***" if _ROUNDED.fullmatch(number) else number


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0])


def _judged(type_: str, number: str) -> Credential:
    if (
        type_ in _CITIZEN_TYPES
        or type_ == RESIDENCE_PERMIT
        or (type_ == FOREIGN_RESIDENT and len(number) == 18)
    ):
        return _citizen(type_, number)
    if type_ == CREDIT_CODE and _TAX.fullmatch(number) and is_organisation_code(number[6:]):
        return Credential(ORGANISATION_CODE, number[6:], valid=True)
    if type_ == CREDIT_CODE:
        return _credit_code(number)
    if type_ == ORGANISATION_CODE:
        right = is_organisation_code(number)
        return Credential(type_, number, right, () if right else ("checksum",))
    if type_ == REGISTRATION:
        right = len(number) == 15 and number.isdigit() and mod_11_10.is_valid(number)
        return Credential(type_, number, right, () if right else ("checksum",))
    if shape := _SHAPES.get(type_):
        found = shape.fullmatch(number)
        if found and not _is_placeholder(found[1]):
            return Credential(type_, found[1], valid=True)
        return Credential(type_, number, valid=False, problems=("placeholder" if found else "format",))
    return Credential(type_, number, valid=False, problems=("type_unchecked",))


def _citizen(declared: str, number: str) -> Credential:
    """A number built as GB 11643 says: of citizens, of residents from elsewhere, of foreigners."""
    if len(number) == 15 and number.isdigit():
        number = number[:6] + "19" + number[6:]
        number += citizen_check(number)
    type_ = declared if declared in _BUILT_AS_CITIZEN else RESIDENT
    if not _CITIZEN.fullmatch(number):
        return Credential(type_, number, valid=False, problems=("format" if len(number) == 18 else "length",))
    birth, head = day_of(number[6:10], number[10:12], number[12:14]), number[:2]
    if head in _RESIDENCE_PROVINCES:
        type_ = RESIDENCE_PERMIT
    elif head[0] == "9":
        type_ = FOREIGN_RESIDENT
    problems = []
    if citizen_check(number) != number[17]:
        problems.append("checksum")
    if birth is None:
        problems.append("birth_date")
    if type_ not in (RESIDENCE_PERMIT, FOREIGN_RESIDENT):
        if head not in PROVINCES:
            problems.append("province")
        elif not is_known(number[:6]):
            problems.append("county_unknown")
    valid = WARNINGS.issuperset(problems)
    gender: Literal["0", "1", "2"] = "0" if not valid else "1" if int(number[16]) % 2 else "2"
    return Credential(type_, number, valid, tuple(problems), birth if valid else None, gender)


def _credit_code(number: str) -> Credential:
    if len(number) != 18:
        return Credential(CREDIT_CODE, number, valid=False, problems=("length",))
    if not _CREDIT.fullmatch(number):
        return Credential(CREDIT_CODE, number, valid=False, problems=("format",))
    if credit_code_check(number) != number[17]:
        return Credential(CREDIT_CODE, number, valid=False, problems=("checksum",))
    inner_right = organisation_check(number[8:16]) == number[16]
    return Credential(CREDIT_CODE, number, True, () if inner_right else ("organisation_code_checksum",))


def _with_problem(found: Credential, problem: str) -> Credential:
    return Credential(
        found.type, found.number, found.valid, (*found.problems, problem), found.birth_date, found.gender
    )


def _is_placeholder(number: str) -> bool:
    """Whether somebody only filled the field: 无, NULL, 00000000, 12345678, or what a spreadsheet left (1.1E+17).

    >>> [_is_placeholder(number) for number in ("无", "NULL", "G00000000", "123456789012345678", "110E+17")]
    [True, True, True, True, True]
    >>> _is_placeholder("E10258836")
    False
    """
    digits = "".join(char for char in number if "0" <= char <= "9")
    if len(number) < 4 or not digits:
        return True
    if len(digits) < 5:
        return False
    counted = digits in _COUNTING or digits in _COUNTING[::-1]
    return counted or len(set(digits)) == 1 or _SCIENTIFIC.fullmatch(number) is not None
