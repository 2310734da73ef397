"""Identifiers that pass every check and belong to nobody.

Each kind takes its numbers from a range that its issuer has not allotted, so that no demo record can
meet a living person or a registered firm, whatever the seed:

- resident ID (身份证): real province and city, then county 99 (98 in later deliveries), which GB/T 2260
  never assigned in the province; plausible birth date, sex in the sequence, valid check digit. A county
  look-up does not find it: a warning at most, since a county is no gate.
- USCC (统一社会信用代码): registration authority 37xx99 likewise, organisation code from a series of our
  own, YH; both check characters valid.
- old licence (旧营业执照): the same authority, check digit by ISO 7064 MOD 11,10.
- mobile: segments 154 and 194, which the numbering plan gives to no operator.
- e-mail: domains that RFC 2606 reserves for examples.
- landline: real area code, then 9, with which only short codes begin; it may recur in big worlds.
- passport G9…, Hong Kong and Macau permit H9…: beyond the numbers that these series reached (K).
- military card: an issuer that does not exist, 演 (演示, demonstration).

(K): domain knowledge, not verified against the issuer.
"""

from __future__ import annotations

from array import array
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

from hongyan.integration.demo.divisions import CITY_FACTS, PROVINCE, City

UNASSIGNED_COUNTY = "99"
LATER_COUNTY = "98"  # unassigned as well: people who first come in a later delivery
MOBILE_SEGMENTS = ("154", "194")
LANDLINE_FIRST_DIGIT = "9"
ORGANISATION_SERIES = "YH"
PASSPORT_SERIES = "G9"
PERMIT_SERIES = "H9"
MILITARY_ISSUER = "演"
MAIL_DOMAINS = ("example.com", "example.net", "example.org")

_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_BIRTH = date(1900, 1, 1).toordinal()
_DAYS = 60_000
_SEQUENCES = 500  # of 1,000 in the standard, half are for each sex
_SEQUENCE_STEP = 173
# Coprime to 10 and to 31: scatters running numbers over each range without a repeat.
_STEP = 123_456_791
_LATER_DELIVERIES = 1_000
_FIRST = 12_345  # the numbers before it look too tidy
_CITY_INDEX = {prefix: index for index, prefix in enumerate(CITY_FACTS)}


class Numbers:
    """Hands out identifiers, each once in a world.

    delivery: 0 for the first load, the running number of the day for a later one; each takes its
    numbers from a part of the range that the others leave alone.
    """

    def __init__(self, *, delivery: int = 0) -> None:
        self._delivery = delivery
        self._county = LATER_COUNTY if delivery else UNASSIGNED_COUNTY
        self._taken: dict[str, int] = {}
        self._births = array("H", bytes(2 * 2 * len(CITY_FACTS) * _DAYS))

    def resident_id(self, city: City, *, birth: date, male: bool) -> str:
        """18-digit resident ID of somebody who does not exist.

        Errors: OverflowError when one city has more than 500 people of one sex born on one day.
        """
        day = birth.toordinal() - _FIRST_BIRTH
        slot = (_CITY_INDEX[city.code[:4]] * 2 + male) * _DAYS + day
        count = self._births[slot]
        if count == _SEQUENCES:
            raise OverflowError(f"no resident ID left for {birth} in {city.name}")
        self._births[slot] = count + 1
        sequence = 2 * ((day * 37 + (count + self._delivery) * _SEQUENCE_STEP) % _SEQUENCES) + male
        body = f"{city.code[:4]}{self._county}{birth:%Y%m%d}{sequence:03}"
        return body + ric.calc_check_digit(body + "0")

    def uscc(self, city: City, *, authority: str) -> str:
        """18-character USCC; authority is its first two characters (91 company, 12 institution, …)."""
        series = ORGANISATION_SERIES + _base31(self._next("organisation", size=31**6))
        body = f"{authority}{city.code[:4]}{UNASSIGNED_COUNTY}{series}{organisation_check(series)}"
        return body + uscc.calc_check_digit(body)

    def old_licence(self, city: City) -> str:
        """15-digit registration number of the licences issued before 2015."""
        body = f"{city.code[:4]}{UNASSIGNED_COUNTY}{self._next('licence', size=10**8):08}"
        return body + mod_11_10.calc_check_digit(body)

    def mobile(self) -> str:
        segment, subscriber = divmod(self._next("mobile", size=len(MOBILE_SEGMENTS) * 10**8), 10**8)
        return f"{MOBILE_SEGMENTS[segment]}{subscriber:08}"

    def landline(self, city: City) -> str:
        digits = city.subscriber_digits - 1
        subscriber = self._next(city.area_code, size=10**digits)
        return f"{city.area_code}-{LANDLINE_FIRST_DIGIT}{subscriber:0{digits}}"

    def passport(self) -> str:
        return f"{PASSPORT_SERIES}{self._next('passport', size=10**7):07}"

    def permit(self) -> str:
        return f"{PERMIT_SERIES}{self._next('permit', size=10**7):07}"

    def military(self) -> str:
        return f"{MILITARY_ISSUER}字第{self._next('military', size=10**7):07}号"

    def email(self) -> str:
        number = self._next("email", size=10**9)
        return f"u{number}@{MAIL_DOMAINS[number % len(MAIL_DOMAINS)]}"

    def _next(self, kind: str, *, size: int) -> int:
        taken = self._taken.get(kind, 0)
        self._taken[kind] = taken + 1
        start = size // 2 + self._delivery * (size // (2 * _LATER_DELIVERIES)) if self._delivery else _FIRST
        return (start + taken) * _STEP % size


def organisation_check(series: str) -> str:
    """Check character of an organisation code (GB 11714), itself part of the USCC.

    >>> organisation_check("60003734")
    '1'
    """
    total = sum(
        weight * _ORGANISATION_DIGITS.index(digit)
        for weight, digit in zip(_ORGANISATION_WEIGHTS, series, strict=True)
    )
    return "0123456789X"[(11 - total % 11) % 11]


def belongs_to_nobody(number: str) -> bool:
    """Whether a resident ID (15 or 18 digits), USCC, old licence or mobile follows the scheme above.

    >>> belongs_to_nobody("370199198001010012"), belongs_to_nobody("15412345678")
    (True, True)
    >>> belongs_to_nobody("370102198001010012"), belongs_to_nobody("13812345678")
    (False, False)
    """
    if len(number) == 11:
        return number[:3] in MOBILE_SEGMENTS
    if number.startswith(PROVINCE):
        return number[4:6] in (UNASSIGNED_COUNTY, LATER_COUNTY)
    return number[6:8] == UNASSIGNED_COUNTY and number[8:10] == ORGANISATION_SERIES


def fifteen_digits(resident_id: str) -> str:
    """The form used before 1999: no century, no check digit. Only for births before 2000.

    >>> fifteen_digits("370199198001010012")
    '370199800101001'
    """
    return resident_id[:6] + resident_id[8:17]


def _base31(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 31)
        digits = _USCC_DIGITS[digit] + digits
    return digits
