"""Characters: width, script and spacing, the first step of every normaliser."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SPACES = re.compile(r"\s+")
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""The Chinese characters, as the inside of a regular expression's class."""
LONGEST = 300
"""What a name, an address or a field of phones is read of at most: more is no such thing, and costs its square."""
_ALL_HAN = re.compile(f"[{HAN}]+")


def clean(text: str) -> str:
    """The text with one width, without invisible characters, its white space collapsed to single blanks.

    >>> clean("  张　三\\u200b（ＡＢ１２）")
    '张 三(AB12)'
    """
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    # Printable text without blanks has nothing left to remove: the usual case, and the cheap one.
    if text.isprintable() and " " not in text:
        return text
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def simplify(text: str) -> str:
    """The text in simplified characters, character by character.

    Source: OpenCC TSCharacters. Phrases are left aside on purpose: a key must not depend on its neighbours.

    >>> simplify("張曉麗")
    '张晓丽'
    """
    return text if text.isascii() else text.translate(_simplified())


def is_han(text: str) -> bool:
    """Whether the text is not empty and Chinese throughout.

    >>> is_han("张三"), is_han("张San"), is_han("")
    (True, False, False)
    """
    return _ALL_HAN.fullmatch(text) is not None


def words(table: str) -> frozenset[str]:
    """The words of a table written as running text.

    >>> sorted(words("male  female"))
    ['female', 'male']
    """
    return frozenset(table.split())


def email_key(text: str) -> str:
    """The comparable form of an e-mail address, empty when it cannot be one.

    >>> email_key(" Zhang.San@Example.COM "), email_key("无")
    ('zhang.san@example.com', '')
    """
    address = clean(text).replace(" ", "").casefold()
    return address if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", address) else ""


@cache
def _simplified() -> dict[int, str]:
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    table = {
        ord(traditional): choices.split(" ")[0] for traditional, choices in pairs if len(traditional) == 1
    }
    # A simplified character too, read qian in names; the traditional 乾 for 干 stands in no name.
    table.pop(ord("乾"), None)
    return table
