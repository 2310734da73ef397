"""Which characters of a title a typed text stands for: as written, or by their pinyin (高亮)."""

from __future__ import annotations

from django.utils.safestring import SafeString

from hongyan.identity.normalise.pinyin import READINGS
from hongyan.ui.cells import filled

Text = object
"""What a cell takes: a string, or one that is translated when it is shown."""


def lit(title: Text, typed: str) -> SafeString:
    """A title with what was found marked.

    >>> lit("王帅 & 王小明", "ws"), lit("审批", "shenpi"), lit("AG-01", "g-"), lit("王", "x")
    ('<mark>王帅</mark> &amp; 王小明', '<mark>审批</mark>', 'A<mark>G-</mark>01', '王')
    """
    words = str(title)
    span = span_of(words, typed)
    if span is None:
        return filled("{}", words)
    return filled("{}<mark>{}</mark>{}", words[: span[0]], words[span[0] : span[1]], words[span[1] :])


def span_of(title: str, typed: str) -> tuple[int, int] | None:
    """From where to where a text stands in a title: as written, else in full pinyin, else by initials.

    >>> span_of("王小明", "小明"), span_of("王小明", "xiaom"), span_of("王小明", "xm"), span_of("王小明", "ming x")
    ((1, 3), (1, 3), (1, 3), None)
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return None
    start = title.casefold().find(wanted)
    if start >= 0:
        return start, start + len(wanted)
    letters = wanted.replace(" ", "")
    if not letters.isascii():
        return None
    read = [READINGS[char] or char.casefold() for char in title]
    return _run(read, letters) or _run([one[:1] for one in read], letters)


def _run(read: list[str], letters: str) -> tuple[int, int] | None:
    """The first run of characters whose readings, one after another, begin with some letters."""
    for start in range(len(read)):
        said, end = "", start
        while end < len(read) and len(said) < len(letters) and letters.startswith(said):
            said, end = said + read[end], end + 1
        if said.startswith(letters):
            return start, end
    return None
