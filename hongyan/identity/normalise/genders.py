"""What sources write for a person's sex (L04: 1 male, 2 female)."""

from __future__ import annotations

from hongyan.identity.normalise.text import clean, words

_CODES = dict.fromkeys(words("1 01 m male man 男 男性 男士 先生 mr"), "1") | dict.fromkeys(
    words("2 02 f female woman 女 女性 女士 小姐 ms mrs"), "2"
)


def gender_code(text: str) -> str:
    """``1`` or ``2``, empty when the text tells neither.

    >>> gender_code("男"), gender_code(" Female "), gender_code("2"), gender_code("9"), gender_code("未知")
    ('1', '2', '2', '', '')
    """
    return _CODES.get(text) or _CODES.get(clean(text).casefold().removesuffix(".0").strip("."), "")
