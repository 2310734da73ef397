"""Households, company trees and legal representatives by the rules alone (DESIGN 3, Identity 4; L09)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.identity.model.conditions import Row
from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.credentials import credit_code_check
from hongyan.identity.record import Kind, Record
from hongyan.identity.relations.derive import Limits, derive
from hongyan.identity.relations.grounds import STRENGTH, Ground, confidence
from hongyan.identity.relations.keys import asked_keys, standing_keys
from hongyan.identity.relations.members import Member, member
from hongyan.identity.relations.words import GROUNDS, reasons

HOME = "江苏省苏州市姑苏区观前街12号幸福里3号楼1单元501"
NEXT_DOOR = "江苏省苏州市姑苏区观前街12号幸福里3号楼1单元502"
OTHER_ENTRANCE = "江苏省苏州市姑苏区观前街12号幸福里3号楼2单元501"


def row(name: str, kind: Kind = "person", **said: str) -> Row:
    phone = said.pop("phone", "")
    found = normalise(Record("a", "1", kind, name, phones=(phone,) if phone else (), **said)).row()  # type: ignore[arg-type]
    return {key: value for key, value in found.items() if value is not None}


def person(id_: int, name: str, *others: Row, **said: str) -> Member:
    return member(id_, "person", [row(name, **said), *others])


def company(id_: int, name: str, **said: str) -> Member:
    return member(id_, "organisation", [row(name, "organisation", **said)])


def told(members: Sequence[Member]) -> list[tuple[int, int, str, int | None]]:
    return [(one.one, one.other, one.role, one.upper) for one in derive(members)]


def of_two(one: Member, other: Member) -> tuple[str, int | None] | None:
    found = told([one, other])
    return (found[0][2], found[0][3]) if found else None


# --- households


@pytest.mark.parametrize(
    ("first", "second", "role"),
    [
        (
            {"name": "孙建国", "birth_date": "1961-10-01"},
            {"name": "孙伟", "birth_date": "1987-03-09"},
            ("parent", 1),
        ),
        (
            {"name": "孙建国", "birth_date": "1961-10-01", "gender": "1"},
            {"name": "周兰", "birth_date": "1963-05-05", "gender": "2"},
            ("spouse", None),
        ),
        (
            {"name": "孙小军", "birth_date": "1990-01-01", "gender": "1"},
            {"name": "孙小燕", "birth_date": "1993-01-01", "gender": "2"},
            ("sibling", None),
        ),
        ({"name": "孙建国"}, {"name": "周兰"}, ("household", None)),
        # a couple of one sex, or far apart in age: nothing tells
        (
            {"name": "孙建国", "birth_date": "1961-10-01", "gender": "1"},
            {"name": "周强", "birth_date": "1963-05-05", "gender": "1"},
            ("household", None),
        ),
    ],
)
def test_ages_and_names_tell_who_lives_together(
    first: dict[str, str], second: dict[str, str], role: tuple[str, int | None]
) -> None:
    assert of_two(person(1, **first, address=HOME), person(2, **second, address=HOME)) == role


@pytest.mark.parametrize("name", ["孙建国", "孙建囯", "孙先生", "孙*国", "孙建", "sun jianguo", "孙健国"])
def test_who_may_be_the_same_is_no_relative(name: str) -> None:
    one = person(1, "孙建国", address=HOME, phone="13812345678")
    assert of_two(one, person(2, name, address=HOME, phone="13812345678")) is None


def test_doors_are_compared_to_the_room() -> None:
    one = person(1, "孙建国", address=HOME)
    assert of_two(one, person(2, "周兰", address=NEXT_DOOR)) is None
    assert of_two(one, person(2, "周兰", address=OTHER_ENTRANCE)) is None
    assert of_two(one, person(2, "周兰", address=HOME.replace("1单元", ""))) == ("household", None)
    assert of_two(one, person(2, "周兰", address=HOME.replace("姑苏", "吴中"))) is None


def test_a_phone_alone_may_have_had_another_owner() -> None:
    one = person(1, "孙建国", phone="13812345678", birth_date="1961-10-01")
    assert of_two(one, person(2, "周兰", phone="13812345678")) is None
    assert of_two(one, person(2, "孙伟", phone="13812345678", birth_date="1987-03-09")) == ("parent", 1)


def test_what_many_share_says_nothing() -> None:
    names = ("孙建国", "周兰", "吴六", "郑七", "王一", "李二", "赵四", "冯五", "陈十")
    members = [person(number, name, address=HOME) for number, name in enumerate(names)]
    assert derive(members[:8])
    assert derive(members) == []
    assert len(derive(members, limits=Limits(most=9))) == 36
    (door,) = members[0].doors
    assert derive(members[:2], crowded={door}) == []


# --- companies

HEAD = "苏州市鼎盛食品有限公司"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("苏州鼎盛食品有限公司观前街门店", "branch"),
        ("苏州鼎盛食品有限公司无锡分公司", "branch"),
        ("苏州市鼎盛食品有限公司工会委员会", "department"),
    ],
)
def test_a_part_belongs_to_the_company_it_is_named_after(name: str, role: str) -> None:
    assert told([company(1, HEAD), company(2, name), company(3, "苏州鼎新食品有限公司")]) == [(1, 2, role, 1)]


def test_of_two_companies_of_one_name_the_one_with_more_in_common_is_meant() -> None:
    one, two = company(1, HEAD), company(2, HEAD, phone="0512-65123456")
    assert told([one, two, company(3, f"{HEAD}工会")]) == []
    assert told([one, two, company(3, f"{HEAD}工会", phone="0512-65123456")]) == [(2, 3, "department", 2)]


def test_a_code_in_common_ties_a_part_whatever_it_is_called() -> None:
    code = "91320508MA1MBBB43"
    number = {"credential_no": code + credit_code_check(code)}
    found = derive([company(1, HEAD, **number), company(2, "苏州优选商贸有限公司观前街门店", **number)])
    assert [(one.upper, [ground.code for ground in one.grounds]) for one in found] == [(1, ["code"])]
    both = [company(1, HEAD, **number), company(2, "苏州优选商贸有限公司", **number)]
    assert derive(both) == [], "perhaps one company under another name: a review case, no relation"


def test_companies_of_one_trade_name_and_owner_are_affiliated() -> None:
    one = company(1, HEAD, legal_person="孙建国", phone="0512-65123456")
    two = company(2, "苏州鼎盛物流有限公司", legal_person="孙建国", phone="0512-65123456")
    group = company(3, "苏州鼎盛集团有限公司", legal_person="孙建国", phone="0512-65123456")
    other = company(4, "苏州鼎盛物流有限公司", legal_person="周兰", phone="0512-65123456")
    assert of_two(one, two) == ("affiliate", None)
    assert of_two(one, group) == ("group", 3)
    assert of_two(one, other) is None


def test_a_legal_representative_is_tied_by_more_than_a_name() -> None:
    firm = company(1, HEAD, legal_person="孙建国", phone="13812345678")
    assert of_two(firm, person(2, "孙建国", phone="13812345678")) == ("representative", 1)
    assert of_two(firm, person(2, "孙建国")) is None
    assert of_two(firm, person(2, "周兰", phone="13812345678")) is None


# --- all of it

NAMES = st.sampled_from(["孙建国", "孙建军", "孙伟", "周兰", "周小兰", "吴六", "孙先生", "wu liu"])
SAID = st.fixed_dictionaries(
    {
        "address": st.sampled_from(["", HOME, NEXT_DOOR, OTHER_ENTRANCE]),
        "phone": st.sampled_from(["", "13812345678", "13812345679", "0512-65123456"]),
        "birth_date": st.sampled_from(["", "1961-10-01", "1987-03-09", "1990-01-01"]),
        "gender": st.sampled_from(["", "1", "2"]),
    }
)
FIRMS = st.sampled_from(
    [HEAD, f"{HEAD}工会", f"{HEAD}观前街门店", "鼎盛食品有限公司", "苏州鼎盛物流有限公司"]
)


@st.composite
def towns(draw: st.DrawFn) -> list[Member]:
    people = draw(st.lists(st.tuples(NAMES, SAID), max_size=8))
    firms = draw(st.lists(st.tuples(FIRMS, st.sampled_from(["", "孙建国"]), SAID), max_size=6))
    found = [person(number, name, **_given(said)) for number, (name, said) in enumerate(people)]
    for number, (name, boss, said) in enumerate(firms, len(found)):
        contact = {key: said[key] for key in ("address", "phone")}
        found.append(company(number, name, **_given({**contact, "legal_person": boss})))
    return found


def _given(said: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in said.items() if value}


@given(towns(), st.randoms())
def test_the_order_of_customers_changes_nothing(town: list[Member], chance: Random) -> None:
    found = derive(town)
    chance.shuffle(town)
    assert derive(town) == found
    assert derive(town) == found


@given(towns())
def test_relations_are_of_two_in_order_and_sure_enough(town: list[Member]) -> None:
    found = derive(town)
    assert all(one.one < one.other and one.confidence >= Limits().least for one in found)
    assert all(one.upper in {None, one.one, one.other} for one in found)
    assert len({(one.one, one.other, one.type) for one in found}) == len(found)
    parts = [one.one + one.other - (one.upper or 0) for one in found if one.type == "branch"]
    assert len(parts) == len(set(parts)), "a part belongs to one company"


@given(towns())
def test_whoever_is_related_is_found_by_keys(town: list[Member]) -> None:
    """What `asked_keys` look for, the other one stands under; phones and numbers stand under their kind's own keys."""
    by_id = {one.id: one for one in town}

    def standing(one: Member) -> set[tuple[str, str]]:
        own = {(key.name, key.value) for told_ in one.rows for key in standing_keys(told_)}
        own |= {(f"{one.kind}.phone", number) for number in one.numbers}
        own |= {("organisation.code", code) for code in one.said("organisation_code")}
        return own | {
            ("organisation.name", name) for name in one.said("name_key") if one.kind == "organisation"
        }

    for found in derive(town):
        one, other = by_id[found.one], by_id[found.other]
        for asking, asked in ((one, other), (other, one)):
            assert {(key.name, key.value) for key in asked_keys(asking)} & standing(asked), found


def test_every_ground_has_words_in_both_languages() -> None:
    assert set(GROUNDS) == set(STRENGTH)
    for code in STRENGTH:
        for language in ("zh", "en"):
            (words,) = reasons([Ground(code, "周")], language)  # type: ignore[arg-type]
            assert words
            assert "{" not in words


def test_more_grounds_are_surer() -> None:
    codes = [Ground(code) for code in ("mobile", "surname", "ages")]
    sure = [confidence(codes[: number + 1]) for number in range(len(codes))]
    assert sure == sorted(sure)
