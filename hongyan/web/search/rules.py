"""What a text typed into the search box can mean (检索意图), so that nobody is asked who cannot know. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum

from hongyan.customer.rules.code import serial_of
from hongyan.customer.rules.tokens import initials, is_chinese
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.normalise.text import clean

LONGEST = 100
_MOBILE_DIGITS = 11
_FEWEST_DIGITS = 3
_SHORTEST_WORD = 2
_LONGEST_SHORT = 10
"""Characters of the longest staff number and unit code; longer numbers ask neither."""
_SHORTEST_CREDENTIAL = 15
"""Characters of an identity number of the first generation; nearly any shorter text is some passport's number."""
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/.-]{2,59}")
_WORD = re.compile(r"[A-Za-z][A-Za-z '.-]*")


class Part(StrEnum):
    """Where to look: everywhere, or in the part that the first character names."""

    ALL = ""
    PAGES = "/"
    PEOPLE = "@"
    UNITS = "#"
    ACTIONS = ">"


class Meaning(Enum):
    """What a text may be. None excludes another, unless its name says so."""

    NAME = "characters of a name"
    WORD = "pinyin, initials, an English word"
    CODE = "a customer's code"
    NUMBER = "a number of the house: agreement, item, account"
    SHORT_NUMBER = "a number short enough for a person's or a unit's"
    PHONE = "a phone"
    CREDENTIAL = "a credential"
    EMAIL = "an e-mail address"


_PREFIXES = {
    "/": Part.PAGES, "／": Part.PAGES, "、": Part.PAGES,
    "@": Part.PEOPLE, "＠": Part.PEOPLE,
    "#": Part.UNITS, "＃": Part.UNITS,
    ">": Part.ACTIONS, "＞": Part.ACTIONS, "》": Part.ACTIONS,
}  # fmt: skip
"""The same keys under a Chinese input method write their full-width forms."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as it was meant: where to look, for what, and what that can be."""

    part: Part = Part.ALL
    text: str = ""
    meanings: frozenset[Meaning] = frozenset()

    def concerns(self, part: Part, meanings: Collection[Meaning]) -> bool:
        """Whether those of a part, who know things by some meanings, can answer."""
        return self.part in (Part.ALL, part) and not self.meanings.isdisjoint(meanings)

    def __bool__(self) -> bool:
        return bool(self.part or self.text)

    @property
    def may_be_told(self) -> bool:
        """Whether the text may be repeated on a page: a number could be somebody's."""
        return self.meanings <= {Meaning.NAME, Meaning.WORD, Meaning.CODE}


def read_asked(typed: str) -> Asked:
    """Where to look and for what.

    >>> read_asked("＠ 张").part.name, read_asked("＠ 张").text, read_asked("a@b.cn").part.name
    ('PEOPLE', '张', 'ALL')
    """
    text = typed.strip()[: LONGEST + 1]
    part = _PREFIXES.get(text[:1], Part.ALL)
    text = (text if part is Part.ALL else text[1:]).strip()[:LONGEST]
    # pages and acts are few: their prefix alone lists them
    lists_all = part in (Part.PAGES, Part.ACTIONS) and len(text) < _SHORTEST_WORD
    return Asked(part, text, meanings_of(text) or frozenset({Meaning.WORD} if lists_all else ()))


def meanings_of(text: str) -> frozenset[Meaning]:
    """Everything a text may be, from its form alone; nothing for less than one character of Chinese or two others.

    >>> sorted(one.name for one in meanings_of("王")), sorted(one.name for one in meanings_of("ws"))
    (['NAME'], ['WORD'])
    >>> sorted(one.name for one in meanings_of("138 1234 5678")), sorted(one.name for one in meanings_of("AG-26-001"))
    (['PHONE'], ['NUMBER', 'SHORT_NUMBER'])
    """
    written = clean(text)[:LONGEST]
    if any(map(is_chinese, written)):
        return frozenset({Meaning.NAME})
    if "@" in written:
        return frozenset({Meaning.EMAIL})
    found = set()
    if _WORD.fullmatch(written) and len(written) >= _SHORTEST_WORD:
        found.add(Meaning.WORD)
    digits = sum(map(str.isdigit, written))
    if digits < _FEWEST_DIGITS:
        return frozenset(found)
    if serial_of(written) is not None:
        found.add(Meaning.CODE)
    if any(phone.valid for phone in phones(written)):
        found.add(Meaning.PHONE)
    if _is_credential(written):
        found.add(Meaning.CREDENTIAL)
    is_mobile = Meaning.PHONE in found and digits >= _MOBILE_DIGITS
    joined = _BLANKS.sub("", written)
    if not is_mobile and Meaning.CREDENTIAL not in found and _NUMBER.fullmatch(joined):
        found |= {Meaning.NUMBER, Meaning.SHORT_NUMBER} if len(joined) <= _LONGEST_SHORT else {Meaning.NUMBER}
    return frozenset(found)


def _is_credential(written: str) -> bool:
    read = (credential(kind, "", written) for kind in ("person", "organisation"))
    return any(one and one.valid and len(one.number) >= _SHORTEST_CREDENTIAL for one in read)


def fits(label: str, text: str) -> int | None:
    """How well a label answers a text: 0 its beginning, 1 its beginning in pinyin or initials, 2 within; else None.

    >>> fits("审批", "审"), fits("审批", "sp"), fits("客户申请", "申请"), fits("Approvals", "app"), fits("审批", "xx")
    (0, 1, 2, 0, None)
    """
    wanted, label = text.casefold().strip(), label.casefold()
    if label.startswith(wanted):
        return 0
    syllables = syllables_of(label)
    letters = wanted.replace(" ", "")
    if letters.isascii() and (
        "".join(syllables).startswith(letters) or initials(syllables).startswith(letters)
    ):
        return 1
    return 2 if wanted in label else None
