"""Administrative divisions (行政区划, GB/T 2260) at the head of an address or of a company's name.

Source: the table that python-stdnum ships (codes, names and the years in which each was in force).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

# GB/T 2260 §4 and the 1990 revision; 83 (Taiwan residents' permit, GB 11643 amendment) is no division.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_LINE = re.compile(r'\s*(\d+) (?:province|county)="([^"]*)"')
_NAME = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")
_COLLECTIVE = ("市辖区", "市区", "郊区", "县", "省直辖", "自治区直辖", "直辖县")
_LEVEL = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|林区|省|市|县|区|盟|旗)$")
_PEOPLES = re.compile(
    "(?:壮族|回族|维吾尔|蒙古族|蒙古|藏族|羌族|苗族|侗族|布依族|土家族|彝族|哈尼族|傣族|白族|景颇族|傈僳族|朝鲜族|哈萨克|"
    "柯尔克孜|满族|瑶族|黎族|畲族|仡佬族|水族|佤族|拉祜族|纳西族|怒族|独龙族|布朗族|裕固族|保安族|东乡族|撒拉族|土族|"
    "锡伯|塔吉克|达斡尔族|鄂伦春|鄂温克族|仫佬族|毛南族|普米族|各族)+$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The divisions named at the head of a text.

    Fields: ``code`` six digits, the lowest level that is certain, or empty; ``name`` the lowest level's name
    without its rank (苏州), or empty; ``rest`` what follows in the text.
    """

    code: str
    name: str
    rest: str


def locate(text: str, *, bare: bool = False) -> Place:
    """Split the leading province, city and county off a text in simplified characters.

    A name without its rank (江苏苏州姑苏区) counts only before another division, for 南京路 is a road and
    not a city; ``bare`` accepts it anywhere for provinces and cities, as in the names of companies. A
    county's name that several cities have (朝阳区) is split off, but gives no code by itself.

    >>> locate("江苏省苏州市姑苏区观前街1号")
    Place(code='320508', name='姑苏', rest='观前街1号')
    >>> locate("江苏苏州姑苏区观前街1号").code, locate("南京路1号").rest, locate("朝阳区建国路1号")
    ('320508', '南京路1号', Place(code='', name='朝阳', rest='建国路1号'))
    >>> locate("苏州鼎盛食品", bare=True)
    Place(code='320500', name='苏州', rest='鼎盛食品')
    """
    code, name, rest = "", "", text
    while step := _step(rest, code, bare):
        found, matched = step
        code = found or code
        name, rest = short_name(matched), rest[len(matched) :]
    return Place(code, name, rest)


@lru_cache(maxsize=8192)
def within(code: str) -> str:
    """The significant digits of a division code: two for a province, four for a city, six for a county.

    >>> within("320000"), within("320500"), within("320508"), within("unknown")
    ('32', '3205', '320508', '')
    """
    if not (len(code) >= 6 and code[:6].isdigit() and code[:2] in PROVINCES):
        return ""
    code = code[:6]
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def is_known(code: str) -> bool:
    """Whether a six-digit code is, or ever was, in force.

    >>> is_known("110103"), is_known("119999")
    (True, False)
    """
    return code in _codes()


@cache
def short_name(name: str) -> str:
    """A division's name without its rank.

    >>> [short_name(name) for name in ("苏州市", "湘西土家族苗族自治州", "内蒙古自治区", "丘县")]
    ['苏州', '湘西', '内蒙古', '丘县']
    """
    stem = _LEVEL.sub("", name)
    if stem != name and "自治" in name and stem != "内蒙古":
        stem = _PEOPLES.sub("", stem) or stem
    return stem if len(stem) > 1 else name


def _step(text: str, context: str, bare: bool) -> tuple[str, str] | None:
    """The division at the head of the text inside ``context``: (code, "" when uncertain; name)."""
    prefix = within(context)
    for name, codes, is_short in _names().get(text[:2], ()):
        if not text.startswith(name):
            continue
        inside = [code for code in codes if code.startswith(prefix) and code != context]
        if is_short:
            rest = text[len(name) :]
            if inside and ((bare and rest) or _step(rest, inside[0], bare=False)):
                return inside[0], name
        elif inside or not prefix:
            return (inside[0] if len(inside) == 1 else ""), name
    return None


@cache
def _table() -> tuple[tuple[str, str, bool], ...]:
    """Every (code, name, still in force) ever assigned."""
    rows: list[tuple[str, str, bool]] = []
    province = ""
    for line in files("stdnum").joinpath("cn/loc.dat").read_text("utf-8").splitlines():
        if not (found := _LINE.match(line)):
            continue
        number, value = found.groups()
        if len(number) == 2:
            province = number
            continue
        found_names = (_NAME.fullmatch(entry) for entry in value.split(","))
        rows.extend((province + number, parts[3], not parts[2]) for parts in found_names if parts)
    return tuple(rows)


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _, _ in _table())


@cache
def _names() -> dict[str, list[tuple[str, tuple[str, ...], bool]]]:
    """First two characters → (name, its codes in force, whether without rank), longest name first.

    Names without rank are those of provinces and cities only; a city called like its province (吉林) yields
    to it.
    """
    names: dict[str, list[str]] = defaultdict(list)
    shorts: dict[str, str] = {}
    for code, name, in_force in sorted(_table()):
        if not in_force or name.startswith(_COLLECTIVE):
            continue
        names[name].append(code)
        if code.endswith("00") and (short := short_name(name)) != name:
            shorts.setdefault(short, code)
    entries = [(name, tuple(codes), False) for name, codes in names.items()]
    entries += [(short, (code,), True) for short, code in shorts.items() if short not in names]
    heads: dict[str, list[tuple[str, tuple[str, ...], bool]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (-len(entry[0]), entry[0])):
        heads[entry[0][:2]].append(entry)
    return dict(heads)
