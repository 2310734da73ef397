"""Chinese postal addresses: division, road, number and the path to the room."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hongyan.identity.normalise.divisions import locate, within
from hongyan.identity.normalise.text import HAN, clean, simplify

_NOTES = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_BLANKS = re.compile(r"[\s,，.。;；:：、'\"]+")
_TOWN = re.compile(rf"(?:[{HAN}]{{2,6}}?(?:街道办事处|街道办|街道|镇|乡))(?=[{HAN}\d])")
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九十百]+(?=号|弄|栋|幢|座|单元|室|楼|层|组)")
_HEAD = re.compile(r"((?:[GSXY]?\d+(?:国道|省道|县道|乡道)|第\d+大街)?[^\dA-Z#]*)(.*)")
_NUMBER = re.compile(r"(\d+(?:[-之]\d+)?)(?:号(?!楼|栋|幢|院)|弄)")
_FLOOR = re.compile(r"(?<!\d)\d+层|(?<=[栋幢座元])\d+楼")
_STEPS = re.compile(r"\d+|[A-Z](?=[\d座栋幢区-])")
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Address:
    """One address in comparable form.

    Fields: ``division`` GB/T 2260 code, given or read from the text, or empty; ``road`` the road, village
    or estate; ``number`` on the road; ``room`` the numbers from building to room, joined by hyphens;
    ``plain`` the text in one spelling; ``key`` equal for equal places, empty when neither number nor room
    is known.
    """

    division: str
    road: str
    number: str
    room: str
    plain: str
    key: str


def address(text: str, division: str = "") -> Address:
    """Read an address; ``division`` is the code the source gave, which wins over the text.

    >>> address("江苏省苏州市姑苏区观前街12号3幢2单元501室").key
    '320508|观前街|12|3-2-501'
    >>> address("觀前街十二号 3-2-501", "320508").key
    '320508|观前街|12|3-2-501'
    >>> address("阳光花园３栋５０１").key, address("观前街").key
    ('|阳光花园||3-501', '')
    """
    plain = _BLANKS.sub("", _NOTES.sub("", simplify(clean(text)))).upper()
    place = locate(plain)
    code = division if within(division) else place.code
    rest = _CHINESE_NUMBER.sub(_arabic, place.rest[_town_end(place.rest) :])
    head = _HEAD.fullmatch(rest)
    if head is None:
        return Address(code, "", "", "", plain, "")
    road, tail = head.groups()
    number = ""
    if found := _NUMBER.match(tail):
        number, tail = found[1].replace("之", "-"), tail[found.end() :]
    room = "-".join(_STEPS.findall(_FLOOR.sub("", tail)))
    key = "|".join((code, road, number, room)) if number or room else ""
    return Address(code, road, number, room, plain, key)


def _town_end(text: str) -> int:
    found = _TOWN.match(text)
    return found.end() if found else 0


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
