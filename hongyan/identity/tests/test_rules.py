"""The safeguards (DESIGN 3 Identity): who joins, who is looked at, who stays apart."""

from __future__ import annotations

import pytest

from hongyan.identity.explain import _PHRASES, _RULES, explain
from hongyan.identity.profile import Profile, merge_profiles
from hongyan.identity.rules import _POINTS, BAND_SCORES, Settings, compare
from hongyan.identity.tests.people import OTHER_PHONE, PHONE, citizen, credit_code, firm, person

ID, OTHER_ID = citizen(), citizen(sequence=14)
HOME = "苏州市姑苏区观前街12号3幢501室"
TWIN = {"birth_date": "2001-05-06", "address": HOME}


def _id(name: str, number: str = ID, **fields: str) -> Profile:
    return person(name, credential_no=number, **fields)


def _passport(number: str) -> Profile:
    return person("张三", PHONE, credential_type="09", credential_no=number)


PERSONS = {
    "same ID, homophone": (_id("张小丽"), _id("张晓丽"), "join"),
    "same ID, traditional": (_id("張曉麗"), _id("张晓丽"), "join"),
    "same ID, Latin": (_id("Zhang Xiaoli"), _id("张晓丽"), "join"),
    "same ID, reordered": (_id("晓丽张"), _id("张晓丽"), "join"),
    "same ID, one character": (_id("张晓丽"), _id("张晓红"), "join"),
    "same ID, masked": (_id("张*丽"), _id("张晓丽"), "join"),
    "same ID, title": (_id("张女士"), _id("张晓丽"), "join"),
    "same ID, surname": (_id("张伟"), _id("张晓丽"), "join"),
    "old and new ID": (_id("张三", ID[:6] + ID[8:17]), _id("张三"), "join"),
    "same ID, other name": (_id("李娜"), _id("张晓丽"), "review"),
    "two IDs": (
        person("张三", PHONE, credential_no=ID),
        person("张三", PHONE, credential_no=OTHER_ID),
        "new",
    ),
    "name and phone": (person("张三", PHONE), person("张三", PHONE, credential_no=ID), "join"),
    "name only": (person("张三", PHONE), person("张三", OTHER_PHONE), "new"),
    "name and address": (person("张三", address=HOME), person("张三", address=HOME), "review"),
    "name, birth, address": (person("张三", **TWIN), person("张三", **TWIN), "join"),
    "father and son": (person("张建国", PHONE, address=HOME), person("张小明", PHONE, address=HOME), "new"),
    "twins": (person("张小明", PHONE, **TWIN), person("张小亮", PHONE, **TWIN), "new"),
    "homophone and phone": (person("张小丽", PHONE), person("张晓丽", PHONE), "review"),
    "masked and phone": (person("张*丽", PHONE), person("张晓丽", PHONE), "review"),
    "two births": (
        person("张三", PHONE, birth_date="1980-01-02"),
        person("张三", PHONE, birth_date="2004-01-02"),
        "review",
    ),
    "two genders": (person("张三", PHONE, gender="1"), person("张三", PHONE, gender="2"), "review"),
    "renewed passport": (_passport("E10258836"), _passport("E20258831"), "review"),
    "a wrong ID counts nothing": (
        person("张三", PHONE, credential_no=ID[:17] + "Z"),
        person("张三", PHONE, credential_no=ID),
        "join",
    ),
    "person and firm": (person("鼎盛", PHONE), firm("鼎盛", PHONE), "new"),
}

FULL, CODE, OTHER_CODE = "苏州市鼎盛食品有限公司", credit_code(), credit_code("MA2XYWW2")
SHOP, PLACE = FULL + "观前街门店", {"division": "320508"}


def _code(name: str, number: str = CODE, **fields: str) -> Profile:
    return firm(name, credential_no=number, **fields)


FIRMS = {
    "same code, same name": (_code(FULL), _code(FULL), "join"),
    "same code, short name": (_code(FULL), _code("鼎盛食品"), "join"),
    "same code, other name": (_code(FULL), _code("无锡远航物流有限公司"), "review"),
    "code and the one inside": (_code(FULL), _code(FULL, CODE[8:17]), "join"),
    "branch, same code": (_code(FULL), _code(SHOP), "review"),
    "branch, same phone": (firm(FULL, PHONE, **PLACE), firm(SHOP, PHONE, **PLACE), "new"),
    "union of the firm": (firm(FULL, PHONE, **PLACE), firm(FULL + "工会", PHONE, **PLACE), "new"),
    "full name, place": (firm(FULL, **PLACE), firm("苏州鼎盛食品有限责任公司", **PLACE), "join"),
    "full name alone": (firm(FULL), firm(FULL), "review"),
    "two codes": (_code(FULL, **PLACE), _code(FULL, OTHER_CODE, **PLACE), "new"),
    "short name, place": (firm("鼎盛食品", **PLACE), firm("鼎盛食品", **PLACE), "review"),
}
CASES = PERSONS | FIRMS


@pytest.mark.parametrize(("left", "right", "band"), CASES.values(), ids=CASES)
def test_bands(left: Profile, right: Profile, band: str) -> None:
    verdict = compare(left, right)
    assert verdict.band == band
    assert compare(right, left).band == band
    assert compare(right, left).score == verdict.score
    low, high = BAND_SCORES[verdict.band]
    assert low <= verdict.score <= high
    for language in ("zh", "en"):
        assert all(explain(verdict, language))


def test_a_hot_phone_joins_nobody() -> None:
    one = person("张三", PHONE)
    (phone,) = one.phones
    assert compare(one, one, phone_names={phone: 5}).band == "join"
    assert compare(one, one, phone_names={phone: 6}).band == "review"


@pytest.mark.parametrize(
    ("setting", "left", "right"),
    [
        (Settings(join_on_name_and_phone=False), person("张三", PHONE), person("张三", PHONE)),
        (Settings(join_on_name_birth_and_address=False), person("张三", **TWIN), person("张三", **TWIN)),
        (
            Settings(join_on_surname_with_id=False),
            person("张伟", credential_no=ID),
            person("张晓丽", credential_no=ID),
        ),
    ],
)
def test_parameters_turn_joins_into_reviews(setting: Settings, left: Profile, right: Profile) -> None:
    assert (compare(left, right).band, compare(left, right, settings=setting).band) == ("join", "review")


def test_a_customer_with_two_ids_takes_either_back() -> None:
    both = merge_profiles([person("张三", credential_no=ID), person("张三", credential_no=OTHER_ID)])
    assert compare(both, person("张三", credential_no=ID)).band == "join"
    third = merge_profiles(
        [person("张三", credential_no=ID), person("张三", credential_no=citizen(sequence=16))]
    )
    assert compare(both, third).band == "review"


def test_no_evidence_shows_an_identifier() -> None:
    verdict = compare(person("张三", PHONE, credential_no=ID), person("张三", PHONE, credential_no=ID))
    assert ID not in repr(verdict)
    assert PHONE not in repr(verdict)


def test_every_outcome_and_rule_has_words_in_both_languages() -> None:
    outcomes = {(code, outcome) for code, points in _POINTS.items() for outcome in points}
    assert set(_PHRASES["zh"]) == set(_PHRASES["en"]) == outcomes
    assert set(_RULES["zh"]) == set(_RULES["en"])
