"""Readings of characters and of Latin spellings of Chinese names (拼音), without tones, ü written v.

Name search and matching need one reading per character, quickly; the phrase dictionaries of ``pypinyin`` are
made for running text and read 单 in a name as *dan*. Surnames with a reading of their own are in
``surnames``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c\u0302"))
# Spellings in passports and on keyboards that stand for ü (GB/T 28039-2011: LYU, NYU).
_UMLAUT = (("lyu", "lv"), ("nyu", "nv"), ("lue", "lve"), ("nue", "nve"))
_SYLLABLE = re.compile(r"[bpmfdtnlgkhjqxzcsryw]?h?[aeiouv][aeiouvngr]*")


# In names read otherwise than most often in running text, and what else a bearer may say.
_IN_NAMES = {"长": "chang", "晟": "sheng", "曾": "zeng", "洗": "xian", "员": "yun"}
_OTHER = dict(
    entry.split()
    for entry in (
        *(
            "晟 cheng",
            "茜 xi",
            "乐 yue",
            "朝 zhao",
            "长 zhang",
            "重 chong",
            "娜 nuo",
            "行 hang",
            "柏 bo",
            "单 shan",
        ),
        *(
            "莞 wan",
            "传 zhuan",
            "盛 cheng",
            "偲 cai",
            "栖 xi",
            "蔚 yu",
            "莎 suo",
            "曾 ceng",
            "翟 di",
            "车 ju",
        ),
        *("藏 zang", "都 du", "婼 chuo"),
    )
)


class _Readings(dict[str, str]):
    """Character → its most frequent syllable; filled as characters are met, to start at once."""

    def __missing__(self, char: str) -> str:
        found = _IN_NAMES.get(char) or _dictionary().get(ord(char), "").split(",")[0]
        reading = self[char] = _toneless(found)
        return reading


READINGS = _Readings()


def syllables_of(text: str) -> tuple[str, ...]:
    """One syllable per Chinese character; characters without a reading are passed over.

    >>> syllables_of("晓丽"), syllables_of("绿")
    (('xiao', 'li'), ('lv',))
    """
    return tuple(reading for char in text if (reading := READINGS[char]))


def other_readings(text: str, syllables: tuple[str, ...]) -> tuple[str, ...]:
    """Full pinyin of a text as another person or system might spell it: one syllable read otherwise, ü as u.

    ``syllables`` is how the text is read, one a character.

    >>> other_readings("李茜", ("li", "qian")), other_readings("吕娜", ("lv", "na"))
    (('lixi',), ('lvnuo', 'luna'))
    """
    if _OTHER.keys().isdisjoint(text) and not any("v" in syllable for syllable in syllables):
        return ()
    found = [
        "".join((*syllables[:place], other, *syllables[place + 1 :]))
        for place, char in enumerate(text)
        if (other := _OTHER.get(char)) and other != syllables[place]
    ]
    if any("v" in syllable for syllable in syllables):
        found.append("".join(syllables).replace("v", "u"))
    return tuple(found)


@cache
def legal_syllables() -> frozenset[str]:
    """Every syllable a Chinese character can have.

    >>> "zhuang" in legal_syllables(), "john" in legal_syllables()
    (True, False)
    """
    written = (_toneless(reading) for readings in _dictionary().values() for reading in readings.split(","))
    return frozenset(syllable for syllable in set(written) if _SYLLABLE.fullmatch(syllable))


def segment(word: str) -> tuple[str, ...]:
    """The syllables of one Latin word in lower case, empty when it is not pinyin throughout.

    The reading with the fewest syllables wins; an apostrophe separates.

    >>> segment("xiaoming"), segment("xi'an"), segment("lyu"), segment("john")
    (('xiao', 'ming'), ('xi', 'an'), ('lv',), ())
    """
    for spelling, standard in _UMLAUT:
        word = word.replace(spelling, standard)
    found: list[str] = []
    for part in word.split("'"):
        syllables = _segment(part)
        if not syllables:
            return ()
        found.extend(syllables)
    return tuple(found)


def _segment(part: str) -> tuple[str, ...]:
    # best[i] holds the shortest segmentation of the first i letters.
    best: list[tuple[str, ...] | None] = [()] + [None] * len(part)
    for end in range(1, len(part) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or part[start:end] not in legal_syllables():
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = (*before, part[start:end])
    return best[-1] or ()


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").translate(_TONES)
    return plain.replace("ê", "e")


@cache
def _dictionary() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT  # slow to import, wanted only where names are read

    return PINYIN_DICT
