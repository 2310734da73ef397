"""Explanations: every outcome and every rule has words in both languages, and the bits add up."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hongyan.identity.explain import Language, conclusion, explain, phrase, sentence, waterfall
from hongyan.identity.model.comparisons import COMPARISONS, UNKNOWN
from hongyan.identity.model.safeguards import SAFEGUARDS
from hongyan.identity.online.scoring import READING
from hongyan.identity.record import Kind
from hongyan.identity.tests.people import KINDS, PHONE, citizen, compared, firm, person
from hongyan.identity.verdict import Evidence, Verdict

NAMES = (("left", "甲"), ("right", "乙"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_outcome_has_words(kind: Kind) -> None:
    """CUS-003: a new outcome without words fails here."""
    for comparison in COMPARISONS[kind]:
        code = "organisation_name" if (kind, comparison.name) == ("organisation", "name") else comparison.name
        said = set()
        for outcome in set(comparison.outcomes) - {UNKNOWN}:
            item = Evidence(code, outcome, 1.0, params=NAMES)
            chinese, english = phrase(item, "zh"), phrase(item, "en")
            assert chinese != english
            assert english.isascii() or "甲" in english
            said |= {chinese, english}
        assert len(said) == 2 * (len(comparison.outcomes) - 1), comparison.name
        assert comparison.name in READING


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_has_words(kind: Kind) -> None:
    codes = [guard.code for guard in SAFEGUARDS[kind]]
    for rule in (*codes, f"same_{kind}", "likely", "too_little", "torn", "contradiction", "decided_same"):
        verdict = Verdict("review", 60, rule)
        assert conclusion(verdict, "zh") != conclusion(verdict, "en")


def test_a_sentence_says_what_a_steward_would() -> None:
    one = person("张小丽", PHONE, credential_no=citizen())
    other = person("张晓丽", PHONE, credential_no=citizen())
    verdict = compared(one, other)
    assert (
        sentence(verdict, "zh")
        == "身份证号一致,姓名同音(张小丽/张晓丽),出生日期相同,性别相同,手机号相同 → 同一人"
    )
    assert sentence(verdict, "en") == (
        "same ID card number, names sound the same (张小丽/张晓丽), same birth date, same gender,"
        " same mobile number → the same person"
    )
    twin_firms = compared(firm("苏州鼎盛食品有限公司", PHONE), firm("苏州鼎盛食品有限公司观前街门店", PHONE))
    assert sentence(twin_firms, "zh").endswith("总部与分支、或不同分支(本部/观前街门店) → 分支机构不等于总部")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_waterfall_ends_where_the_verdict_stands(language: Language) -> None:
    verdict = compared(person("张小丽", PHONE, birth_date="1980-01-02"), person("张晓丽", PHONE))
    steps = waterfall(verdict, language)
    assert len(steps) == len(verdict.evidence)
    assert steps[0].total == steps[0].bits < 0
    assert steps[-1].total == pytest.approx(verdict.bits)
    assert all(later.total - step.total == pytest.approx(later.bits) for step, later in pairwise(steps))


def test_what_was_stored_under_the_first_rules_can_still_be_read() -> None:
    """Links and cases keep the words of their day."""
    stored = (
        Evidence("credential", "renewed", -6, params=(("type", "09"),)),
        Evidence("name", "fits", 3, params=(("left", "张"), ("right", "张三"))),
        Evidence("branch", "different", -12, params=(("left", ""), ("right", "门店"))),
        Evidence("phone", "hot", 2),
    )
    verdict = Verdict("review", 60, "same_id_but_conflict", stored)
    assert explain(verdict, "zh") == (
        "护照号不同(可能换证)",
        "姓名不完整但相符(张/张三)",
        "总部与分支、或不同分支(本部/门店)",
        "电话相同,但为多人共用",
        "证件一致但资料矛盾,需人工核实",
    )
