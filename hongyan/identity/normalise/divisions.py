"""Administrative divisions (行政区划, GB/T 2260) at the head of an address or of a company's name.

Source: the table that python-stdnum ships (codes, names and the years in which each was in force).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from hongyan.identity.normalise.text import words

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
_CHAIN = re.compile(r"(?:[^\W\d路街道镇乡村]{1,9}?(?:[省市县盟旗州]|地区|(?<!小)区)){1,3}")
_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_ZONE = re.compile(
    r"(?:国家级?)?(?:工业园|高新|经济技术开发|经济开发|经开|技术开发|开发区|新区|保税区|自贸|旅游度假|度假区)"
)
_ROAD = re.compile(r"[东西南北中]?(?:路|街|大道|大街|道|巷|桥|村|镇|乡|广场)")
_EVERYDAY = words(
    """
    东方 凤凰 和平 同心 友谊 方正 朝阳 大城 清水 永和 三江 三河 九龙 公安 兴业 兴隆 共和 合作 华安 华容 康乐 永安
    长乐 新安 新星 新和 新兴 新民 新乐 江山 安康 安宁 大同 大通 大方 大安 太和 天长 天全 天台 天柱 天峻 宁静 富民
    富源 福安 福海 福泉 吉安 吉利 吉水 建宁 建德 开平 开阳 广安 德清 德兴 金门 金沙 金塔 金堂 金湖 金阳 青龙 青山
    白水 蓝山 红星 红河 民乐 民和 民丰 双龙 龙门 龙江 龙泉 龙山 麒麟 祥云 瑞金 瑞丽 瑞安 盛泽 泰和 泰顺 通海 通达
    """
)
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
    if (head := _CHAIN.match(text)) and (known := _chain(head[0])):
        code, name, rest = *known, text[head.end() :]
    while step := _step(rest, code, bare):
        found, matched = step
        code = found or code
        name, rest = short_name(matched), rest[len(matched) :]
    return Place(code, name, rest)


@lru_cache(maxsize=65536)
def _chain(head: str) -> tuple[str, str] | None:
    """(code, name) of a text that is nothing but divisions with their ranks, else None.

    Addresses begin with few different ones, so that remembering them saves most of the search.
    """
    code, name, rest = "", "", head
    while step := _step(rest, code, bare=False):
        found, matched = step
        code = found or code
        name, rest = short_name(matched), rest[len(matched) :]
    return None if rest else (code, name)


def locate_short(text: str) -> Place:
    """Split off a province or city that is written without its rank, where what follows tells that it is one.

    That is a county of it, with or without rank, a city of the province, or a development zone.

    >>> locate_short("苏州工业园区星湖街1号").code, locate_short("北京朝阳建国路88号").code
    ('320500', '110105')
    >>> locate_short("南京路1号").rest, locate_short("苏州吴中东路1号").rest
    ('南京路1号', '苏州吴中东路1号')
    """
    code, name, rest = "", "", text
    while found := _short_at(rest, code):
        code, name = found
        rest = rest[len(name) :]
    deep = len(within(code)) > 4 or (len(within(code)) == 4 and text[: len(text) - len(rest)] != name)
    if deep or (code and _ZONE.match(rest)):
        return Place(code, name, rest)
    return Place("", "", text)


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


@cache
def county_names() -> frozenset[str]:
    """The two-character names without rank of counties and county-level cities in force (昆山, 长兴, 景宁).

    Districts are left out, and so are counties called by everyday words: 新华, 鼓楼; 公安, 和平.

    >>> {"昆山", "长兴", "景宁"} <= county_names(), county_names().isdisjoint({"鼓楼", "公安", "苏州"})
    (True, True)
    """
    shorts = {
        short_name(name)
        for code, name, in_force in every_division()
        if in_force and not code.endswith("00") and name[-1] in "县市旗" and not name.startswith(_COLLECTIVE)
    }
    return frozenset(short for short in shorts - _EVERYDAY if len(short) == 2)


def is_division_name(text: str) -> bool:
    """Whether a text is the name of a division in force without its rank.

    >>> is_division_name("苏州"), is_division_name("鼓楼"), is_division_name("集团")
    (True, True, False)
    """
    return text in _shorts()


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
    named = _names().get(text[:2])
    if named is None:
        return None
    prefix = within(context)
    for name, codes, is_short in named:
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


def _short_at(text: str, context: str) -> tuple[str, str] | None:
    """(code, name) of the division without rank at the head of the text inside ``context``, if there is one."""
    prefix = within(context)
    for length in (4, 3, 2):
        name = text[:length]
        if _ROAD.match(text[length:]):
            continue
        inside = [code for code in _shorts().get(name, ()) if code.startswith(prefix) and code != context]
        if context and len(inside) == 1:
            return inside[0], name
        if not context and inside and inside[0].endswith("00"):
            return inside[0], name
    return None


@cache
def _shorts() -> dict[str, tuple[str, ...]]:
    """Name without rank → codes in force, provinces before cities before counties."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, name, in_force in sorted(every_division(), key=lambda row: (len(within(row[0])), row)):
        if in_force and not name.startswith(_COLLECTIVE) and (short := short_name(name)) != name:
            found[short].append(code)
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def every_division() -> tuple[tuple[str, str, bool], ...]:
    """Every (code, name, whether in force today) that ever was, as GB/T 2260 lists them."""
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


def _city(code: str) -> str:
    """What a county belongs to: its city, or the municipality."""
    return code[:2] if code[:2] in _MUNICIPALITIES else code[:4]


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _, _ in every_division())


@cache
def _names() -> dict[str, list[tuple[str, tuple[str, ...], bool]]]:
    """First two characters → (name, its codes, whether without rank), longest name first.

    Names without rank are those of provinces and cities only; a city called like its province (吉林) yields
    to it. A name of former times leads to the division in force that has its place: the same name with
    another rank in the same city (吴江市, 吴江区), else to its old code.
    """
    names: dict[str, list[str]] = defaultdict(list)
    shorts: dict[str, str] = {}
    today: dict[tuple[str, str], str] = {}
    for code, name, in_force in sorted(every_division()):
        if not in_force or name.startswith(_COLLECTIVE):
            continue
        names[name].append(code)
        today[_city(code), short_name(name)] = code
        if code.endswith("00") and (short := short_name(name)) != name:
            shorts.setdefault(short, code)
    for code, name, in_force in sorted(every_division()):
        former = not in_force and name not in names and not name.endswith("办事处")
        if former and not name.startswith(_COLLECTIVE) and len(name) > 2:
            names[name].append(today.get((_city(code), short_name(name)), code))
    entries = [(name, tuple(dict.fromkeys(codes)), False) for name, codes in names.items()]
    entries += [(short, (code,), True) for short, code in shorts.items() if short not in names]
    heads: dict[str, list[tuple[str, tuple[str, ...], bool]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (-len(entry[0]), entry[0])):
        heads[entry[0][:2]].append(entry)
    return dict(heads)
