"""Chinese postal addresses: division, road, number, estate and the path to the room."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hongyan.identity.normalise.divisions import Place, locate, locate_short, within
from hongyan.identity.normalise.text import HAN, LONGEST, clean, simplify, words

# What an address needs cleaning for; most have none of it.
_UNUSUAL = re.compile(r"[\s(\[{【〔,，.。;；:：、'\"|]|^[\d\x00-\x7f]|^中国|^[无不未暂同自保空]|\d{6}$")
_NOTES = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_CHUNKS = re.compile(r"[\s,，;；、|]+")
_BETWEEN_NUMBERS = re.compile(r"(?<=[\dA-Z])[\s,，.。;；:：、'\"]+(?=[\dA-Z])")
_BLANKS = re.compile(r"[\s,，.。;；:：、'\"|]+")
_POSTCODE = re.compile(rf"^(?:邮编:?)?\d{{6}}(?=[{HAN}])|^中国(?!路|街)|邮编:?\d{{6}}$")
_NOWHERE = words("无 不详 未知 暂无 同上 自提 保密 空 NULL NONE NAN N/A - 0")
_ZONE = re.compile(
    rf"(?:[^\W\d路街道巷村号]{{0,8}}?(?:技术产业开发区|技术开发区|经济开发区|开发区|高新区|经开区|新区|保税区|自贸区|管理区|合作区|度假区)|"
    rf"(?:国家级?)?(?:工业园区|工业园|产业园区))(?=[{HAN}]{{2}})"
)
_TOWN = re.compile(
    rf"(?:[{HAN}]{{2,10}}?(?:街道办事处|街道办|街道|镇(?!路|街|巷)|乡(?!路|街)|苏木))(?=[{HAN}\d])"
)
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九十百]+(?=号|弄|栋|幢|座|单元|室|楼|层|组|#)")
_HAS_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九十百][号弄栋幢座单室楼层组#]")
_HEAD = re.compile(r"((?:[GSXY]?\d+(?:国道|省道|县道|乡道)|第\d+大街)?[^\dA-Z#]*)(.*)")
_ROAD = re.compile(r"[路街道巷弄线]|胡同|大街|公路|条|[东西南北]里")
# 科技园南区深南大道: what stands before the road says little more.
_BEFORE_ROAD = re.compile(r"^.+(?:社区|小区|园|新村|[东西南北]区|村)(?=.{2,}(?:路|街|道|巷)$)")
_NUMBER = re.compile(r"(\d+(?:[-之]\d+)?)(?:号(?!楼|栋|幢|院)|弄|#(?!楼|栋|幢))")
_BARE_NUMBER = re.compile(r"(\d+)(?![\d号]*(?:栋|幢|座|单元|室|层|楼|号|组|#))-?")
# 大王庄村8组18号: people leave the group of a village out.
_GROUP = re.compile(r"^第?\d+(?:组|队|社)(?=\d)")
_FLOOR = re.compile(r"(?<!\d)\d+层|(?<=[栋幢座元])\d+楼")
_ESTATE = re.compile(rf"[号弄院]?([{HAN}]{{3,14}}?)(?=[\dA-Z]|$)")
_STEPS = re.compile(r"\d+|[A-Z](?=[\d座栋幢区-])")
_LATIN_NUMBER = re.compile(r"^(?:(?:UNIT|FLAT|APT|ROOM|SHOP) *(\w+) )?(?:NO )?(\d+[A-Z]?)\b")
_LATIN_NOISE = re.compile(r"[^A-Z0-9]+")
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Address:
    """One address in comparable form.

    Fields: ``division`` GB/T 2260 code, given or read from the text, or empty; ``road`` the road, village
    or estate it begins with; ``number`` on the road; ``estate`` the estate, village or building, whether a
    road stands before it or not; ``room`` the numbers from building to room, joined by hyphens; ``plain``
    the text in one spelling; ``key`` equal for equal places, empty when neither number nor room is known.
    """

    division: str
    road: str
    number: str
    room: str
    plain: str
    key: str
    estate: str = ""


def address(text: str, division: str = "") -> Address:
    """Read an address; ``division`` is the code the source gave, which wins over the text.

    >>> address("江苏省苏州市姑苏区观前街12号3幢2单元501室").key
    '320508|观前街|12|3-2-501'
    >>> address("觀前街十二号 3-2-501", "320508").key
    '320508|观前街|12|3-2-501'
    >>> address("阳光花园３栋５０１").key, address("观前街").key
    ('|阳光花园||3-501', '')
    >>> address("大王庄村8组18号").key == address("大王庄村18号").key == "|大王庄村|18|"
    True
    >>> address("观前街12号，姑苏区，苏州市").key, address("观前街12号阳光花园3栋501").estate
    ('320508|观前街|12|', '阳光花园')
    """
    written = simplify(clean(text[:LONGEST])).upper()
    plain = written
    if _UNUSUAL.search(written):
        written = _NOTES.sub("", written)
        if written in _NOWHERE:
            return Address(division if within(division) else "", "", "", "", "", "")
        if written.isascii():
            return _latin(written, division)
        plain = _joined(written)
    place, plain = _placed(written, plain)
    code = division if within(division) else place.code
    head = _HEAD.fullmatch(_in_digits(_below_town(place.rest)))
    if head is None:
        return Address(code, "", "", "", plain, "")
    road, tail = head.groups()
    is_road = _ROAD.search(road) is not None
    road = _BEFORE_ROAD.sub("", road) if is_road else road
    number, tail = "", _GROUP.sub("", tail)
    if found := _NUMBER.match(tail) or (_BARE_NUMBER.match(tail) if is_road else None):
        number, tail = found[1].replace("之", "-"), tail[found.end() :]
    estate = (found[1] if (found := _ESTATE.match(tail)) else "") if is_road else road
    room = "-".join(_STEPS.findall(_FLOOR.sub("", tail)))
    key = "|".join((code, road, number, room)) if number or room else ""
    return Address(code, road, number, room, plain, key, estate)


def _placed(written: str, plain: str) -> tuple[Place, str]:
    """(the divisions at the head, the text in one spelling), whichever way round it was written."""
    place = locate(plain)
    if place.name:
        return place, plain
    if _CHUNKS.search(written):
        in_order = _joined(_in_order(written))
        if (place := locate(in_order)).name:
            return place, in_order
    return locate_short(plain), plain


def _below_town(rest: str) -> str:
    """Without development zone and town, which people leave out."""
    if found := _ZONE.match(rest):
        rest = rest[found.end() :]
    found = _TOWN.match(rest)
    return rest[found.end() :] if found else rest


def _in_digits(rest: str) -> str:
    return _CHINESE_NUMBER.sub(_arabic, rest) if _HAS_CHINESE_NUMBER.search(rest) else rest


def _joined(written: str) -> str:
    """Without blanks and postcode; a blank between two numbers keeps them apart."""
    return _POSTCODE.sub("", _BLANKS.sub("", _BETWEEN_NUMBERS.sub("-", written)))


def _in_order(written: str) -> str:
    """The chunks of an address from large to small, whichever way round it was written.

    >>> _in_order("3幢501室, 观前街12号, 姑苏区, 苏州市")
    '苏州市姑苏区观前街12号3幢501室'
    """
    chunks = [chunk for chunk in _CHUNKS.split(written) if chunk]
    divisions = [chunk for chunk in chunks if not locate(chunk).rest]
    if not divisions:
        return written
    others = [chunk for chunk in chunks if chunk not in divisions]
    if locate("".join(divisions)).rest:
        divisions.reverse()
        others.reverse()
    return "".join(divisions + others)


def _latin(written: str, division: str) -> Address:
    """An address in Latin script: what can be had is one spelling, the first number and the words behind it."""
    plain = _LATIN_NOISE.sub(" ", written).strip()
    found = _LATIN_NUMBER.search(plain)
    number = found[2] if found else ""
    road = plain[found.end() :].strip() if found else plain
    room = found[1] or "" if found else ""
    key = f"{division}|{road}|{number}|{room}" if number and road else ""
    return Address(division if within(division) else "", road, number, room, plain, key)


def _arabic(found: re.Match[str]) -> str:
    """A Chinese number below one thousand in digits.

    >>> [_arabic(re.match(".+", text)) for text in ("十二", "二十", "一百零五", "五〇一")]
    ['12', '20', '105', '501']
    """
    written = found[0]
    if not set(written) & {"十", "百"}:
        return "".join(str(_DIGIT[char]) for char in written)
    total, digit = 0, 0
    for char in written:
        if char in _DIGIT:
            digit = _DIGIT[char]
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return str(total + digit)
