"""A verdict in words (判断依据), for stewards and for customers' questions, in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate
from typing import Literal, NamedTuple

from hongyan.identity.verdict import Evidence, Verdict
from hongyan.identity.words import (
    CREDENTIALS,
    EARLIER,
    EARLIER_RULES,
    HEAD_OFFICE,
    OUTCOMES,
    PHONES,
    RULES,
    SUBJECTS,
    Words,
)

Language = Literal["zh", "en"]

_OF_A_PAIR = re.compile(r" ?\([^()]*\{(?:left|right)\}[^()]*\)")
_SLIGHT = 0.5
"""What counts fewer bits is left out of a sentence."""


class Step(NamedTuple):
    """One bar of the waterfall: what was found, its bits, the sum so far."""

    label: str
    bits: float
    total: float


def explain(verdict: Verdict, language: Language) -> tuple[str, ...]:
    """What speaks for and against, and the conclusion last; without what hardly counts.

    >>> same_id = Evidence("id", "same", 23.2, params=(("type", "01"),))
    >>> name = Evidence("name", "homophone", 12, params=(("left", "张小丽"), ("right", "张晓丽")))
    >>> phone = Evidence("phone", "same", 18.9, params=(("phone", "mobile"),))
    >>> explain(Verdict("join", 100, "same_person", (Evidence("prior", "start", -16.6), same_id, name, phone)), "zh")
    ('身份证号一致', '姓名同音(张小丽/张晓丽)', '手机号相同', '同一人')
    """
    told = (item for item in verdict.evidence if _is_told(item))
    return (*(phrase(item, language) for item in told), conclusion(verdict, language))


def sentence(verdict: Verdict, language: Language) -> str:
    """The explanation on one line.

    >>> sentence(Verdict("new", 10, "two_ids", (Evidence("id", "conflict", -7.9, True, (("type", "01"),)),)), "zh")
    '身份证号均有效但不同 → 证件不同,不是同一客户'
    >>> sentence(Verdict("new", 10, "same_name_only"), "en")
    'the same name alone proves nothing'
    """
    *found, last = explain(verdict, language)
    separator = "," if language == "zh" else ", "
    return f"{separator.join(found)} → {last}" if found else last


def waterfall(verdict: Verdict, language: Language) -> tuple[Step, ...]:
    """Every piece of evidence in order, for a chart; the last total is what the score follows from.

    >>> found = (Evidence("prior", "start", -16.6), Evidence("phone", "same", 18.9))
    >>> [(step.label, round(step.total, 1)) for step in waterfall(Verdict("join", 90, "same_person", found), "en")]
    [('starting point: any two records', -16.6), ('same phone', 2.3)]
    """
    totals = accumulate(item.weight for item in verdict.evidence)
    return tuple(
        Step(phrase(item, language), item.weight, total)
        for item, total in zip(verdict.evidence, totals, strict=True)
    )


def conclusion(verdict: Verdict, language: Language) -> str:
    """What follows, by the rule that decided."""
    return _in(language, RULES.get(verdict.rule) or EARLIER_RULES[verdict.rule])


def phrase(item: Evidence, language: Language) -> str:
    """One piece of evidence in words.

    >>> phrase(Evidence("phone", "hot", 2), "zh")
    '电话相同,但为多人共用'
    >>> phrase(Evidence("worth", "common", -4, params=(("of", "name"),)), "en")
    'common name'
    """
    params = dict(item.params)
    names = {side: params[side] or _in(language, HEAD_OFFICE) for side in ("left", "right") if side in params}
    kinds: Mapping[str, str] = {
        "credential": _in(language, CREDENTIALS.get(params.get("type", ""), CREDENTIALS[""])),
        "phone": _in(language, PHONES[params.get("phone", "")]),
        "of": _in(language, SUBJECTS[params["of"]]) if "of" in params else "",
    }
    words = OUTCOMES.get(item.code, {}).get(item.outcome) or EARLIER[item.code][item.outcome]
    return _in(language, words).format(**names, **kinds)


def level(comparison: str, outcome: str, language: Language) -> str:
    """What an outcome is called apart from any pair, for the table of a model's weights.

    >>> level("name", "homophone", "zh"), level("id", "same", "en"), level("phone", "same", "zh")
    ('姓名同音', 'same ID number', '电话相同')
    """
    words = OUTCOMES[comparison][outcome]
    general = tuple(_OF_A_PAIR.sub("", one) for one in words)
    kinds = {"credential": _in(language, CREDENTIALS[""]), "phone": _in(language, PHONES[""])}
    return _in(language, (general[0], general[1])).format(**kinds)


def _is_told(item: Evidence) -> bool:
    if item.veto:
        return True
    return item.code != "prior" and abs(item.weight) >= _SLIGHT


def _in(language: Language, words: Words) -> str:
    return words[0] if language == "zh" else words[1]
