"""Search tokens (检索词): what a customer can be found by, compared for equality only.

Equality is leakproof and indexed under row-level security; pattern matching is neither (STACK, Search).
"""

from __future__ import annotations

TOKEN_LENGTH = 40


def is_chinese(char: str) -> bool:
    """Whether a character is an ideograph.

    >>> is_chinese("鸿"), is_chinese("A"), is_chinese("𫘧")
    (True, False, True)
    """
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def bigrams(text: str) -> list[str]:
    """Each pair of neighbouring characters, once.

    >>> bigrams("王小明"), bigrams("王")
    (['王小', '小明'], [])
    """
    return list(dict.fromkeys(text[start : start + 2] for start in range(len(text) - 1)))


def person_tokens(name_key: str, syllables: tuple[str, ...], given_from: int) -> list[str]:
    """Tokens of a person: characters, bigrams, full pinyin, pinyin of the given name, initials.

    `given_from` is how many syllables the surname has.

    >>> person_tokens("王小明", ("wang", "xiao", "ming"), 1)
    ['王', '小', '明', '王小', '小明', 'wangxiaoming', 'xiaoming', 'wxm']
    """
    characters = [char for char in name_key if is_chinese(char)]
    phonetic = ["".join(syllables), "".join(syllables[given_from:]), initials(syllables)]
    return _distinct([*characters, *bigrams(name_key), *phonetic])


def organisation_tokens(
    name_key: str, syllables: tuple[str, ...], stem_syllables: tuple[str, ...]
) -> list[str]:
    """Tokens of an organisation: bigrams of the name; pinyin and initials of the name and of its stem (字号).

    >>> organisation_tokens("鼎盛", ("ding", "sheng"), ("ding", "sheng"))
    ['鼎盛', 'dingsheng', 'ds']
    """
    phonetic = ["".join(syllables), initials(syllables), "".join(stem_syllables), initials(stem_syllables)]
    return _distinct([*bigrams(name_key), *phonetic])


def initials(syllables: tuple[str, ...]) -> str:
    """First letters of the syllables.

    >>> initials(("wang", "xiao", "ming"))
    'wxm'
    """
    return "".join(syllable[:1] for syllable in syllables)


def _distinct(tokens: list[str]) -> list[str]:
    return list(dict.fromkeys(token[:TOKEN_LENGTH] for token in tokens if token))
