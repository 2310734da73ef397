"""Placing: no conflict inside a cluster, no dependence on order, what people decided stands above the evidence."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.identity.explain import sentence
from hongyan.identity.online.party import Party
from hongyan.identity.online.placing import NONE, Decisions, Placement, place
from hongyan.identity.tests.people import (
    MODELS,
    NOTHING_COUNTED,
    OTHER_PHONE,
    PHONE,
    citizen,
    credit_code,
    firm,
    person,
)

HOME = "苏州市姑苏区观前街12号3幢501室"
_PEOPLE = st.builds(
    lambda name, phone, number, birth: person(name, phone, credential_no=number, birth_date=birth),
    st.sampled_from(["张小丽", "张晓丽", "张*丽", "张女士", "张伟", "李娜", "Zhang Wei"]),
    st.sampled_from(["", PHONE, OTHER_PHONE]),
    st.sampled_from(["", citizen(), citizen(sequence=14), citizen(birth="19900203")]),
    st.sampled_from(["", "1980-01-02", "1990-02-03"]),
)
_FIRMS = st.builds(
    lambda name, phone, number: firm(name, phone, credential_no=number),
    st.sampled_from(
        ["苏州市鼎盛食品有限公司", "苏州鼎盛食品有限公司观前街门店", "鼎盛食品", "苏州远航物流有限公司"]
    ),
    st.sampled_from(["", PHONE]),
    st.sampled_from(["", credit_code(), credit_code("MA2XYWW2"), credit_code()[8:17]]),
)
_BATCH = st.lists(st.one_of(_PEOPLE, _FIRMS), max_size=10)
_CUSTOMERS = st.lists(st.lists(_PEOPLE, min_size=1, max_size=2), max_size=3).map(
    lambda found: dict(enumerate(found, 100))
)


def placed(
    fresh: Sequence[Party], known: Mapping[int, Sequence[Party]] | None = None, decisions: Decisions = NONE
) -> list[Placement]:
    return place(fresh, known or {}, models=MODELS, worth=NOTHING_COUNTED, decisions=decisions)


def _homes(placements: Sequence[Placement]) -> list[Any]:
    """Per new party what it shares with those of the same customer."""
    return [p.customer if p.customer is not None else ("new", p.group) for p in placements]


def _clusters(placements: Sequence[Placement]) -> set[tuple[int | None, frozenset[int]]]:
    members: dict[Any, set[int]] = defaultdict(set)
    for position, home in enumerate(_homes(placements)):
        members[home].add(position)
    return {(placements[min(found)].customer, frozenset(found)) for found in members.values()}


@given(_BATCH, _CUSTOMERS)
@settings(deadline=None)
def test_no_new_cluster_holds_two_ids(batch: list[Party], known: dict[int, list[Party]]) -> None:
    """CUS-003, DESIGN 3 Identity 4."""
    numbers: dict[Any, set[str]] = defaultdict(set)
    before = {id_: {p.row.get("id_key") for p in parties} - {None} for id_, parties in known.items()}
    for party, home in zip(batch, _homes(placed(batch, known)), strict=True):
        if party.row.get("id_key") and party.row.get("id_lifelong"):
            numbers[home, party.row["id_type"]].add(party.row["id_key"])
    for (home, _), found in numbers.items():
        assert len(found | (before.get(home, set()) if len(before.get(home, ())) < 2 else set())) <= 1 or (
            found <= before.get(home, set())
        )


@given(_BATCH, _CUSTOMERS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_records_changes_nothing(
    batch: list[Party], known: dict[int, list[Party]], chance: random.Random
) -> None:
    order = chance.sample(range(len(batch)), len(batch))
    shuffled = _clusters(placed([batch[index] for index in order], dict(reversed(known.items()))))
    back = {(customer, frozenset(order[position] for position in found)) for customer, found in shuffled}
    # Who says the same may change places with one another.
    said = [repr(party.row) for party in batch]
    assert _said(back, said) == _said(_clusters(placed(batch, known)), said)


def _said(clusters: set[tuple[int | None, frozenset[int]]], said: list[str]) -> list[tuple[int, list[str]]]:
    return sorted((customer or 0, sorted(said[index] for index in found)) for customer, found in clusters)


@given(_BATCH, _CUSTOMERS)
@settings(deadline=None)
def test_a_stranger_changes_nothing_and_twice_is_once(
    batch: list[Party], known: dict[int, list[Party]]
) -> None:
    stranger = person("司马青衫", "13712345672", credential_no=citizen(sequence=77, county="110105"))
    found = placed(batch, known)
    assert placed([*batch, stranger], known)[:-1] == found == placed(batch, known)


@given(_BATCH, _CUSTOMERS)
@settings(deadline=None)
def test_reasons_and_reviews_fit_the_placement(batch: list[Party], known: dict[int, list[Party]]) -> None:
    placements = placed(batch, known)
    homes = _homes(placements)
    for position, placement in enumerate(placements):
        alone = homes.count(homes[position]) == 1 and placement.customer is None
        assert (placement.verdict is None) == alone
        assert placement.verdict is None or placement.verdict.band == "join"
        for review in placement.reviews:
            other = review.customer if review.customer is not None else homes[review.position]
            assert other != homes[position]
            assert review.verdict.band in ("review", "join")


@given(_BATCH, _CUSTOMERS)
@settings(deadline=None)
def test_who_has_another_number_for_life_is_shown_for_a_contact_only(
    batch: list[Party], known: dict[int, list[Party]]
) -> None:
    """A steward has no time for namesakes whom their valid numbers tell apart."""
    found = placed(batch, known)
    homes = _homes(found)
    numbers: dict[Any, set[str]] = {id_: _numbers_for_life(parties) for id_, parties in known.items()}
    for home in set(homes) - set(known):
        numbers[home] = _numbers_for_life([p for p, own in zip(batch, homes, strict=True) if own == home])
    for placement, own in zip(found, homes, strict=True):
        for review in placement.reviews:
            other = homes[review.position] if review.customer is None else review.customer
            if numbers[own] and numbers[other] and numbers[own].isdisjoint(numbers[other]):
                said = {(one.code, one.outcome) for one in review.verdict.evidence}
                assert said & {("phone", "same"), ("email", "same"), ("address", "same")}


def _numbers_for_life(parties: Sequence[Party]) -> set[str]:
    return {
        party.row["id_key"] for party in parties if party.kind == "person" and party.row.get("id_lifelong")
    }


def test_namesakes_with_two_ids_are_nobodys_work() -> None:
    """One of each has an ID; who states none has a rare name and the county in common with both."""
    name, county = "欧阳映雪", "江苏省苏州市姑苏区"
    one = person(name, "", credential_no=citizen(), address=f"{county}观前街12号")
    other = person(name, "", credential_no=citizen(sequence=14), address=f"{county}平江路30号")
    (found,) = placed([person(name, "", address=f"{county}十梓街5号")], {100: [one], 101: [other]})
    assert {review.customer for review in found.reviews} <= {100, 101}
    (beside,) = placed(
        [person(name, "", credential_no=citizen(), address=f"{county}十梓街5号")], {101: [other]}
    )
    assert beside.reviews == ()


def test_a_customer_that_exists_takes_her_record() -> None:
    known = {7: [person("张晓丽", PHONE)], 8: [person("李娜", PHONE)]}
    (found,) = placed([person("张小丽", PHONE)], known)
    assert (found.customer, found.verdict.rule, found.reviews) == (7, "same_person", ())


def test_a_join_on_id_beats_a_join_on_phone() -> None:
    newcomer = person("张三", PHONE, credential_no=citizen())
    known = {7: [person("张三", credential_no=citizen())], 8: [person("张三", PHONE)]}
    (found,) = placed([newcomer], known)
    assert found.customer == 7
    assert [(review.customer, review.verdict.band) for review in found.reviews] == [(8, "join")]


def test_who_fits_two_customers_equally_well_joins_neither() -> None:
    """A steward, or two births, say that they are two; nothing tells whose record it is."""
    known = {
        7: [person("张三", PHONE, id_=1, birth_date="1980-01-02", address=HOME)],
        8: [person("张三", PHONE, id_=2, birth_date="1955-07-08", address=HOME)],
    }
    (found,) = placed([person("张三", PHONE)], known, Decisions(cannot=[(2, 1)]))
    assert found.customer is None
    assert sorted(review.customer for review in found.reviews) == [7, 8]
    assert {(review.verdict.band, review.verdict.rule) for review in found.reviews} == {("review", "torn")}


def test_two_customers_who_are_plainly_one_are_a_steward_s_to_merge() -> None:
    """The record has its place; the case asks for the merge."""
    same = person("张三", PHONE, credential_no=citizen())
    (found,) = placed([same], {7: [same], 8: [same]})
    assert found.customer == 7
    assert [(review.customer, review.verdict.band) for review in found.reviews] == [(8, "join")]


def test_new_parties_of_one_person_share_a_group() -> None:
    one, two = (person("张三", PHONE, credential_no=citizen()) for _ in range(2))
    other = person("李四", PHONE, credential_no=citizen(sequence=14))
    assert [placement.group for placement in placed([one, other, two])] == [0, 1, 0]


def test_persons_and_organisations_never_meet() -> None:
    found = placed([person("鼎盛", PHONE), firm("鼎盛", PHONE)], {7: [firm("鼎盛", PHONE, address=HOME)]})
    assert [placement.customer for placement in found] in ([None, 7], [None, None])
    assert found[0].reviews == ()


def test_a_bridge_between_two_ids_is_refused_and_shown() -> None:
    batch = [
        person("张三", PHONE, credential_no=citizen()),
        person("张三", PHONE),
        person("张三", PHONE, credential_no=citizen(sequence=14)),
    ]
    found = placed(batch)
    assert len(set(_homes(found))) == 2
    assert [review.verdict.rule for placement in found for review in placement.reviews] == ["contradiction"]


def test_a_phone_of_many_names_is_counted_inside_the_chunk() -> None:
    """A courier's phone: his parcels' receivers are not one, however alike two of their names."""
    pair = [person("张三", PHONE), person("张三", PHONE, gender="1")]
    crowd = [person(name, PHONE) for name in ("李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十")]
    alone, among = (placed([*pair, *others])[1].verdict for others in ([], crowd))
    assert alone is not None
    assert among is not None
    assert alone.bits - among.bits == 3  # eight names, three doublings
    assert "手机号相同,电话为多人共用" in sentence(among, "zh")


@pytest.mark.parametrize("known", [False, True])
def test_what_is_decided_stands_above_the_evidence(known: bool) -> None:
    """CUS-004, SM11: a steward's word is must-link or cannot-link."""
    one, two = person("张三", PHONE, id_=1), person("李四", OTHER_PHONE, id_=2)
    alike = person("张三", PHONE, id_=3)

    def together(first: Party, second: Party, decisions: Decisions) -> bool:
        if known:
            return placed([second], {7: [first]}, decisions)[0].customer == 7
        return len(set(_homes(placed([first, second], None, decisions)))) == 1

    assert together(one, alike, NONE)
    assert not together(one, alike, Decisions(cannot=[(1, 3)]))
    assert not together(one, two, NONE)
    assert together(one, two, Decisions(must=[(2, 1)]))
    assert not together(one, two, Decisions(must=[(1, 2)], cannot=[(2, 1)]))


def test_two_ids_need_the_word_of_two() -> None:
    one = person("张三", PHONE, id_=1, credential_no=citizen())
    two = person("张三", PHONE, id_=2, credential_no=citizen(sequence=14))
    must = [(1, 2)]
    apart = placed([two], {7: [one]}, Decisions(must=must))
    assert (apart[0].customer, [r.verdict.rule for r in apart[0].reviews]) == (None, ["contradiction"])
    joined = placed([two], {7: [one]}, Decisions(must=must, override=must))
    assert (joined[0].customer, joined[0].verdict.rule) == (7, "decided_same")
    # Who holds two numbers takes a record with either.
    (again,) = placed([person("张三", PHONE, credential_no=citizen())], {7: [one, two]})
    assert again.customer == 7


def test_a_decision_keeps_apart_also_through_others() -> None:
    """Cannot-link holds between whole customers: no third record brings the two together."""
    one, two = person("张三", PHONE, id_=1), person("张三", PHONE, id_=2, birth_date="1980-01-02")
    third = person("张三", PHONE, id_=3, email="z@example.com")
    homes = _homes(placed([one, two, third], None, Decisions(cannot=[(1, 2)])))
    assert homes[0] != homes[1]
