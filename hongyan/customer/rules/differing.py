"""Where two spellings differ (逐字比对), character by character, so that an eye finds it at once."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby

Marks = tuple[bool, ...]
"""One mark a character: whether the other side has no counterpart for it."""


def marks_against(value: str, others: Sequence[str]) -> Marks:
    """The characters of a value that the nearest of some other values lacks; none where another is equal.

    With nothing to compare with, nothing differs.

    >>> marks_against("张小丽", ["张晓丽", "李四"])
    (False, True, False)
    >>> marks_against("13812345678", ["13812345687"]).index(True)
    9
    """
    if not others or value in others:
        return (False,) * len(value)
    return min((_marks(value, other) for other in others), key=sum)


def _marks(value: str, other: str) -> Marks:
    if len(value) == len(other):  # numbers of one kind: place by place says more than an alignment
        placed = tuple(left != right for left, right in zip(value, other, strict=True))
        if sum(placed) * 2 <= len(value):
            return placed
    marks = [True] * len(value)
    for block in SequenceMatcher(None, value, other, autojunk=False).get_matching_blocks():
        marks[block.a : block.a + block.size] = [False] * block.size
    return tuple(marks)


def onto_masked(marks: Marks, plain: str, masked: str) -> Marks:
    """Marks of a plain value for its masked form: the places that are hidden differ or do not, and stay hidden.

    Where a mask hides the length too, its head keeps its marks and the rest is marked as a whole.

    >>> onto_masked((False, True), "12", "1*"), onto_masked((False, False, True), "A街9号"[:3], "A******")
    ((False, True), (False, True, True, True, True, True, True))
    """
    if len(plain) == len(masked):
        return marks
    head = next((place for place, pair in enumerate(zip(plain, masked, strict=False)) if len({*pair}) > 1), 0)
    return (*marks[:head], *(any(marks[head:]),) * (len(masked) - head))


def runs(text: str, marks: Marks) -> list[tuple[str, bool]]:
    """A text cut into pieces of equal marks, ready for a page.

    >>> runs("张小丽", (False, True, False))
    [('张', False), ('小', True), ('丽', False)]
    """
    pairs = zip(text, marks, strict=True)
    return [
        ("".join(character for character, _ in group), mark)
        for mark, group in groupby(pairs, key=lambda pair: pair[1])
    ]
