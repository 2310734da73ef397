"""Places in words (地名): administrative divisions of China by their code, countries by theirs.

Sources: the table of GB/T 2260 that python-stdnum ships, with the years in which each name was in force; the names of
countries in CLDR, as Babel ships them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale
from stdnum import numdb

_NAME = re.compile(r"(?:\[\d*-(?P<until>\d*)\])?(?P<name>.+)")
_COLLECTIVE = re.compile(r"市辖区|市区|郊区|县|.*直辖.*")
"""Rows of the table that gather counties and are nobody's address."""


@lru_cache(maxsize=4096)
def division_name(code: str) -> str:
    """A division with those above it; the code itself where the table has none.

    >>> division_name("370102"), division_name("370100"), division_name("110101"), division_name("999999")
    ('山东省济南市历下区', '山东省济南市', '北京市东城区', '999999')
    """
    names = [_own_name(above) for above in (f"{code[:2]}0000", f"{code[:4]}00", code)]
    return "".join(dict.fromkeys(filter(None, names))) or code


def _own_name(code: str) -> str:
    """The name of one division, the one in force before those that were; empty for none and for collective rows."""
    stated = [values["county"] for _digits, values in numdb.get("cn/loc").info(code) if "county" in values]
    found = [match for entry in ",".join(stated).split(",") if (match := _NAME.fullmatch(entry))]
    names = [match["name"] for match in sorted(found, key=lambda match: bool(match["until"]))]
    return "" if not names or _COLLECTIVE.fullmatch(names[0]) else names[0]


def country_name(code: str, language: str) -> str:
    """A country in a language, by its ISO 3166 code; the code itself where there is none, as for those agreed on.

    >>> country_name("CN", "zh-hans"), country_name("HK", "en"), country_name("QZ", "en")
    ('中国', 'Hong Kong SAR China', 'QZ')
    """
    return str(_locale(language).territories.get(code, code))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("zh_Hans" if language.startswith("zh") else language, sep="_")
