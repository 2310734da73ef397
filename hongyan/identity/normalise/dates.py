"""Dates as source systems write them."""

from __future__ import annotations

import re
from datetime import date

from hongyan.identity.normalise.text import clean

_PARTS = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
# 58.01.02, 580102: of the last century where the year is past _CENTURY.
_SHORT = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:日|号)?|(\d{2})(\d{2})(\d{2})")
_CENTURY = 30
# What systems store for "unknown": the epochs of spreadsheets and databases and the end of time.
_UNKNOWN = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1901, 1, 1)})
_UNKNOWN_DIGITS = frozenset(day.strftime("%Y%m%d") for day in _UNKNOWN) | {"00000000", "99991231", "11111111"}
_FIRST_YEAR, _LAST_YEAR = 1850, 2100


def calendar_date(text: str | None) -> date | None:
    """The day a text names, or None when it names none or stands for "unknown".

    >>> calendar_date("1980-01-02"), calendar_date("1980年1月2日"), calendar_date("19800102")
    (datetime.date(1980, 1, 2), datetime.date(1980, 1, 2), datetime.date(1980, 1, 2))
    >>> calendar_date("1980/1/2 00:00:00"), calendar_date("80.1.2"), calendar_date("050102")
    (datetime.date(1980, 1, 2), datetime.date(1980, 1, 2), datetime.date(2005, 1, 2))
    >>> calendar_date("1900-01-01"), calendar_date("1980-02-30"), calendar_date("")
    (None, None, None)
    """
    if not text:
        return None
    text = clean(text)
    parts = _parts(text)
    return day_of(*parts) if parts else None


def day_digits(text: str) -> str:
    """The eight digits of the day a text names, even one that the calendar has not; empty for "unknown".

    A slip in a birthday (19800230) still tells most of it.

    >>> day_digits("1980年2月30日"), day_digits("19800102"), day_digits("1900-01-01"), day_digits("1980")
    ('19800230', '19800102', '', '')
    """
    parts = _parts(clean(text))
    if parts is None:
        return ""
    year, month, day = parts
    digits = f"{year}{month:0>2}{day:0>2}"
    return "" if digits in _UNKNOWN_DIGITS else digits


def _parts(text: str) -> tuple[str, str, str] | None:
    """(year with four digits, month, day) as written, of whatever form."""
    if found := _PARTS.match(text) or _DIGITS.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _SHORT.fullmatch(text):
        year, month, day = filter(None, found.groups())
        return f"{'19' if int(year) > _CENTURY else '20'}{year}", month, day
    return None


def day_of(year: str, month: str, day: str) -> date | None:
    """The day made of three texts of digits, or None when the calendar has no such day.

    >>> day_of("1996", "02", "29"), day_of("1997", "02", "29")
    (datetime.date(1996, 2, 29), None)
    """
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year < _LAST_YEAR and found not in _UNKNOWN else None
