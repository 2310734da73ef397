"""Constrained agglomeration: what a safeguard keeps apart never meets, whatever connects it."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.identity.batch.clusters import Edge, Forest, agglomerate
from hongyan.identity.model.conditions import Row


def _person(name: str, number: str | None = None, form: str = "han", **more: object) -> Row:
    return {
        "name_key": name,
        "name_form": form,
        "name_complete": form == "han",
        "pinyin": name,
        "readings": [name],
        "surname_pinyin": name[0],
        "id_type": number and "01",
        "id_number": number,
        "id_status": number and "valid",
        "id_key": number and f"01:{number}",
        "id_lifelong": True if number else None,
        **more,
    }


def _groups(leaders: dict[int, int]) -> set[frozenset[int]]:
    return {frozenset(p for p in leaders if leaders[p] == leader) for leader in leaders.values()}


def test_a_bridge_between_two_ids_is_refused() -> None:
    rows = {1: _person("张三", "A"), 2: _person("张三"), 3: _person("张三", "B")}
    found = agglomerate("person", [Edge(1, 2, 20.0), Edge(2, 3, 19.0)], rows)
    assert _groups(found.leaders) == {frozenset({1, 2}), frozenset({3})}
    assert found.refused == [Edge(2, 3, 19.0)]


def test_an_incomplete_name_that_fits_two_people_joins_neither() -> None:
    rows = {1: _person("王小明"), 2: _person("王*明", form="masked"), 3: _person("王大明")}
    found = agglomerate("person", [Edge(1, 2, 9.0), Edge(2, 3, 8.0)], rows)
    assert len(_groups(found.leaders)) == 3
    numbered = {**rows, 2: {**rows[2], "id_number": "1804974", "id_status": "unverified"}}
    found = agglomerate("person", [Edge(1, 2, 9.0), Edge(2, 3, 8.0)], numbered)
    assert _groups(found.leaders) == {frozenset({1, 2}), frozenset({3})}
    clear = agglomerate("person", [Edge(1, 2, 19.0), Edge(2, 3, 8.0)], rows)
    assert _groups(clear.leaders) == {frozenset({1, 2}), frozenset({3})}


def test_a_number_attests_two_names_of_one_person() -> None:
    """She married: both names stand under one ID, and a third record knows only the new one."""
    rows = {1: _person("李娜", "A"), 2: _person("王娜娜", "A"), 3: _person("王娜娜")}
    edges = [Edge(1, 2, 20.0), Edge(2, 3, 15.0)]
    assert _groups(agglomerate("person", edges, rows).leaders) == {frozenset({1, 2, 3})}


def test_an_incomplete_name_is_no_bridge_between_two_people() -> None:
    rows = {1: _person("李娜", "A"), 2: _person("李*", form="masked"), 3: _person("李四")}
    found = agglomerate("person", [Edge(1, 2, 20.0), Edge(2, 3, 10.0)], rows)
    assert _groups(found.leaders) == {frozenset({1, 2}), frozenset({3})}


def test_a_branch_never_joins_its_company() -> None:
    firm = {
        "name_key": "鼎盛有限公司",
        "name_form": "formal",
        "stem": "鼎盛",
        "pinyin": "dingsheng",
        "core": "鼎盛",
    }
    shop = {**firm, "name_key": "鼎盛有限公司门店", "branch": "门店", "branch_kind": "branch"}
    found = agglomerate("organisation", [Edge(1, 2, 50.0)], {1: firm, 2: shop})
    assert len(_groups(found.leaders)) == 2


def test_a_weak_edge_between_two_groups_raises_an_alarm() -> None:
    rows = {party: _person("张三") for party in range(6)}
    strong = [Edge(0, 1, 20.0), Edge(1, 2, 20.0), Edge(3, 4, 20.0), Edge(4, 5, 20.0)]
    found = agglomerate("person", [*strong, Edge(2, 3, 3.0)], rows)
    assert [(bridge.edge, bridge.sizes) for bridge in found.bridges] == [(Edge(2, 3, 3.0), (3, 3))]
    assert not agglomerate("person", [*strong, Edge(2, 3, 13.0)], rows).bridges


_ROWS = st.lists(
    st.builds(
        _person,
        st.sampled_from(["张三", "张小三", "李四", "张大三"]),
        st.sampled_from([None, None, "A", "B"]),
    ),
    min_size=2,
    max_size=8,
)


@given(_ROWS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_edges_means_nothing_and_no_cluster_holds_two_ids(
    drawn: list[Row], chance: random.Random
) -> None:
    rows = dict(enumerate(drawn))
    edges = [
        Edge(a, b, float(chance.randint(2, 30)))
        for a in rows
        for b in rows
        if a < b and chance.random() < 0.6
    ]
    found = agglomerate("person", edges, rows)
    shuffled = chance.sample(edges, len(edges))
    assert agglomerate("person", shuffled, rows).leaders == found.leaders
    for members in _groups(found.leaders):
        assert len({rows[party]["id_key"] for party in members} - {None}) <= 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_a_forest_is_the_connected_components(pairs: list[tuple[int, int]]) -> None:
    forest = Forest(31)
    sets = {number: {number} for number in range(31)}
    for one, other in pairs:
        assert forest.unite(one, other) == (sets[one] is not sets[other])
        if sets[one] is not sets[other]:
            union = sets[one] | sets[other]
            sets |= dict.fromkeys(union, union)
    assert list(forest.leaders()) == [min(sets[number]) for number in range(31)]
