"""Decisions and clusters: one best join, no conflict inside a cluster, no dependence on order."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.identity.profile import Profile
from hongyan.identity.resolve import cluster, link, place
from hongyan.identity.rules import Settings
from hongyan.identity.tests.people import PHONE, citizen, credit_code, firm, person

_IDS = ("", citizen(), citizen(sequence=14), citizen(birth="19900203"))
_PEOPLE = st.builds(
    lambda name, phone, number, birth: person(name, phone, credential_no=number, birth_date=birth),
    st.sampled_from(["张小丽", "张晓丽", "张*丽", "张伟", "李娜", "Zhang Wei"]),
    st.sampled_from(["", PHONE, "13912345671"]),
    st.sampled_from(_IDS),
    st.sampled_from(["", "1980-01-02", "1990-02-03"]),
)
_FIRMS = st.builds(
    lambda name, number, division: firm(name, credential_no=number, division=division),
    st.sampled_from(
        ["苏州市鼎盛食品有限公司", "苏州鼎盛食品有限公司观前街门店", "鼎盛食品", "苏州远航物流有限公司"]
    ),
    st.sampled_from(["", credit_code(), credit_code("MA2XYWW2"), credit_code()[8:17]]),
    st.sampled_from(["", "320508"]),
)
_BATCH = st.lists(st.one_of(_PEOPLE, _FIRMS), max_size=14)


def _groups(labels: list[int]) -> list[list[int]]:
    groups = defaultdict(list)
    for index, label in enumerate(labels):
        groups[label].append(index)
    return list(groups.values())


@given(_BATCH)
@settings(deadline=None)
def test_no_cluster_holds_two_ids_two_births_or_a_branch_and_its_company(batch: list[Profile]) -> None:
    for members in _groups(cluster(batch)):
        numbers = defaultdict(set)
        for index in members:
            for type_, number in batch[index].credentials:
                numbers[type_].add(number)
        assert all(len(found) == 1 for found in numbers.values())
        assert len(frozenset().union(*(batch[index].birth_dates for index in members))) <= 1
        assert len(frozenset().union(*(batch[index].branches for index in members))) <= 1


@given(_BATCH, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_records_changes_nothing(batch: list[Profile], chance: random.Random) -> None:
    order = list(range(len(batch)))
    chance.shuffle(order)
    shuffled = cluster([batch[index] for index in order])
    back = sorted(sorted(order[position] for position in members) for members in _groups(shuffled))
    assert back == sorted(_groups(cluster(batch)))


@given(_BATCH)
@settings(deadline=None)
def test_a_stranger_changes_no_cluster_and_twice_is_once(batch: list[Profile]) -> None:
    stranger = person("司马青衫", "13712345672", credential_no=citizen(sequence=77))
    assert cluster([*batch, stranger])[:-1] == cluster(batch) == cluster(batch)


@given(_BATCH)
@settings(deadline=None)
def test_joins_connect_exactly_the_clusters(batch: list[Profile]) -> None:
    found = link(batch)
    assert len(batch) - len(found.joins) == len(set(found.labels))
    assert all(found.labels[edge.left] == found.labels[edge.right] for edge in found.joins)
    assert all(found.labels[edge.left] != found.labels[edge.right] for edge in found.reviews)


def test_a_bridge_between_two_ids_is_refused() -> None:
    batch = [
        person("张三", PHONE, credential_no=citizen()),
        person("张三", PHONE),
        person("张三", PHONE, credential_no=citizen(sequence=14)),
    ]
    found = link(batch)
    assert len(set(found.labels)) == 2
    assert [edge.verdict.band for edge in found.reviews] == ["join"]


def test_a_hot_phone_is_counted_inside_the_batch() -> None:
    crowd = [person(name, PHONE) for name in ("张三", "李四", "王五", "赵六", "钱七", "孙八")]
    twice = [*crowd, person("张三", PHONE, gender="1")]
    assert len(set(cluster(twice))) == 7
    assert len(set(cluster(twice, settings=Settings(hot_phone_names=6)))) == 6


def test_a_crowded_key_is_still_one_party() -> None:
    batch = [person("张三", f"138{index:08}", credential_no=citizen()) for index in range(300)]
    assert set(cluster(batch, settings=Settings(block_window=8))) == {0}


def test_people_known_by_name_only_stay_apart() -> None:
    assert cluster([person("张三"), person("张三")]) == [0, 1]


def test_a_join_on_id_beats_a_join_on_phone() -> None:
    newcomer = person("张三", PHONE, credential_no=citizen())
    customers = {7: person("张三", credential_no=citizen()), 8: person("张三", PHONE)}
    (placement,) = place([newcomer], customers)
    assert placement.customer == 7
    assert [(review.customer, review.verdict.band) for review in placement.reviews] == [(8, "join")]


def test_two_customers_by_phone_alone_are_for_a_steward() -> None:
    """Nothing tells them apart, so the newcomer joins neither."""
    customers = {
        7: person("张三", PHONE, birth_date="1980-01-02"),
        8: person("张三", PHONE, email="z@example.com"),
    }
    (placement,) = place([person("张三", PHONE)], customers)
    assert placement.customer is None
    assert sorted(review.customer for review in placement.reviews) == [7, 8]


def test_known_customers_are_never_united() -> None:
    same = person("张三", PHONE, credential_no=citizen())
    (placement,) = place([same], {7: same, 8: same})
    assert placement.customer in (7, 8)
    assert len(placement.reviews) == 1


def test_new_parties_of_one_person_share_a_group() -> None:
    one, two, other = (
        person(name, PHONE, credential_no=number)
        for name, number in (("张三", citizen()), ("张三", citizen()), ("李四", citizen(sequence=14)))
    )
    groups = [placement.group for placement in place([one, other, two], {})]
    assert groups == [0, 1, 0]
