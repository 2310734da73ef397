"""The safeguards (DESIGN 3 Identity 4): who joins, who is looked at, who stays apart, with nothing counted yet."""

from __future__ import annotations

import pytest

from hongyan.identity.explain import explain
from hongyan.identity.online.party import Party
from hongyan.identity.tests.people import (
    OTHER_PHONE,
    PHONE,
    citizen,
    compared,
    credit_code,
    firm,
    person,
)

ID, OTHER_ID = citizen(), citizen(sequence=14)
HOME = "苏州市姑苏区观前街12号3幢501室"
TWIN = {"birth_date": "2001-05-06", "address": HOME}


def _id(name: str, number: str = ID, **fields: str) -> Party:
    return person(name, credential_no=number, **fields)


def _passport(number: str) -> Party:
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
    "name and address": (person("张三", address=HOME), person("张三", address=HOME), "join"),
    "name, birth, address": (person("张三", **TWIN), person("张三", **TWIN), "join"),
    "father and son": (person("张建国", PHONE, address=HOME), person("张小明", PHONE, address=HOME), "new"),
    "twins on a parent's phone": (person("张小明", PHONE, **TWIN), person("张小亮", PHONE, **TWIN), "review"),
    "twins": (person("张小明", PHONE, **TWIN), person("张小亮", OTHER_PHONE, **TWIN), "review"),
    "brothers": (
        person("张建国", PHONE, address=HOME),
        person("张建军", OTHER_PHONE, address=HOME),
        "new",
    ),
    "homophone and phone": (person("张小丽", PHONE), person("张晓丽", PHONE), "join"),
    "masked and phone": (person("张*丽", PHONE), person("张晓丽", PHONE), "join"),
    "two births": (
        person("张三", PHONE, birth_date="1980-01-02"),
        person("张三", PHONE, birth_date="2004-01-02"),
        "join",
    ),
    "renewed passport": (_passport("E10258836"), _passport("E20258831"), "join"),
    "a wrong ID counts nothing": (
        person("张三", PHONE, credential_no=ID[:17] + "Z"),
        person("张三", PHONE, credential_no=ID),
        "join",
    ),
}

FULL, CODE, OTHER_CODE = "苏州市鼎盛食品有限公司", credit_code(), credit_code("MA2XYWW2")
SHOP, PLACE = FULL + "观前街门店", {"division": "320508"}


def _code(name: str, number: str = CODE, **fields: str) -> Party:
    return firm(name, credential_no=number, **fields)


FIRMS = {
    "same code, same name": (_code(FULL), _code(FULL), "join"),
    "same code, short name": (_code(FULL), _code("鼎盛食品"), "join"),
    "same code, other name": (_code(FULL), _code("无锡远航物流有限公司"), "review"),
    "code and the one inside": (_code(FULL), _code(FULL, CODE[8:17]), "join"),
    "branch, same code": (_code(FULL), _code(SHOP), "new"),
    "branch, same code and phone": (
        firm(FULL, PHONE, credential_no=CODE),
        firm(SHOP, PHONE, credential_no=CODE),
        "review",
    ),
    "branch, same code and door": (_code(FULL, address=HOME), _code(SHOP, address=HOME), "review"),
    "branch, same phone": (firm(FULL, PHONE, **PLACE), firm(SHOP, PHONE, **PLACE), "new"),
    "union of the firm": (firm(FULL, PHONE, **PLACE), firm(FULL + "工会", PHONE, **PLACE), "new"),
    "full name, place": (firm(FULL, **PLACE), firm("苏州鼎盛食品有限责任公司", **PLACE), "join"),
    "full name alone": (firm(FULL), firm(FULL), "join"),
    "two codes": (_code(FULL, **PLACE), _code(FULL, OTHER_CODE, **PLACE), "new"),
    "short name, place": (firm("鼎盛食品", **PLACE), firm("鼎盛食品", **PLACE), "new"),
    "short name, phone": (firm("鼎盛食品", PHONE), firm(FULL, PHONE), "join"),
}
CASES = PERSONS | FIRMS


@pytest.mark.parametrize(("left", "right", "band"), CASES.values(), ids=CASES)
def test_bands(left: Party, right: Party, band: str) -> None:
    verdict = compared(left, right)
    assert verdict.band == band, explain(verdict, "zh")
    assert compared(right, left).band == band


def test_a_veto_is_shown_whatever_else_agrees() -> None:
    verdict = compared(*PERSONS["two IDs"][:2])
    assert [item.code for item in verdict.evidence if item.veto] == ["id"]
    assert verdict.rule == "two_ids"
    assert verdict.score < 50
    assert verdict.bits > 10
