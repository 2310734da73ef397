"""What people may declare two customers to be to each other (L09, LOG-004, V36-i02)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.codes import PartyType, RelationType
from hongyan.customer.rules.declaring import ONE_ROLE, SORTS, Edge, Objection, Side, above, objection_to

PERSON, FIRM = PartyType.PERSON, PartyType.ORGANISATION
PEOPLE = st.tuples(st.integers(1, 5), st.sampled_from(PartyType))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(SORTS)),
        st.sampled_from(("upper", "lower", "")),
        st.integers(1, 5),
        st.integers(1, 5),
    ),
    max_size=25,
)


@pytest.mark.parametrize(
    ("role", "side", "own", "other", "standing", "says"),
    [
        ("spouse", "", (1, PERSON), (1, PERSON), [], Objection.SELF),
        ("spouse", "", (1, PERSON), (2, FIRM), [], Objection.TYPES),
        ("spouse", "upper", (1, PERSON), (2, PERSON), [], Objection.TYPES),
        ("employer", "upper", (1, PERSON), (2, FIRM), [], None),
        ("employer", "lower", (1, PERSON), (2, FIRM), [], Objection.TYPES),
        ("spouse", "", (1, PERSON), (2, PERSON), [Edge("spouse", 2, 1)], Objection.KNOWN),
        ("spouse", "", (1, PERSON), (2, PERSON), [Edge("spouse", 1, 3)], Objection.ONLY_ONE),
        ("spouse", "", (1, PERSON), (2, PERSON), [Edge("spouse", 3, 2)], Objection.ONLY_ONE),
        ("spouse", "", (1, PERSON), (2, PERSON), [Edge("sibling", 1, 2)], Objection.OTHER_ROLE),
        ("group", "upper", (1, FIRM), (2, FIRM), [Edge("branch", 3, 2), Edge("group", 1, 3)], Objection.CIRCLE),
        ("group", "lower", (1, FIRM), (2, FIRM), [Edge("branch", 3, 2), Edge("group", 1, 3)], None),
        ("branch", "lower", (1, FIRM), (2, FIRM), [Edge("branch", 3, 2)], Objection.ONLY_ONE),
        ("representative", "lower", (1, FIRM), (2, PERSON), [Edge("representative", 1, 3)], Objection.ONLY_ONE),
        ("representative", "lower", (1, FIRM), (2, PERSON), [Edge("representative", 4, 2)], None),
        ("guarantor", "upper", (1, FIRM), (2, FIRM), [Edge("guarantor", 1, 2)], None),
        # the same party in several roles
        ("sender", "upper", (1, FIRM), (2, FIRM), [Edge("payer", 2, 1), Edge("sender", 1, 2)], None),
        ("sender", "upper", (1, FIRM), (2, FIRM), [Edge("sender", 2, 1)], Objection.KNOWN),
    ],
)  # fmt: skip
def test_what_speaks_against_a_relation(
    role: str,
    side: Side,
    own: tuple[int, PartyType],
    other: tuple[int, PartyType],
    standing: list[Edge],
    says: Objection | None,
) -> None:
    assert objection_to(role, side, own, other, standing) == says


@given(STEPS, st.sampled_from(PartyType))
def test_whatever_is_declared_nobody_comes_to_stand_above_himself(
    steps: list[tuple[str, Side, int, int]], party_type: PartyType
) -> None:
    """Nor do two have two roles of a type that knows one, nor anybody two of what there is one of."""
    standing: list[Edge] = []
    for role, side, own, other in steps:
        if objection_to(role, side, (own, party_type), (other, party_type), standing) is None:
            standing.append(Edge(role, other, own) if side == "upper" else Edge(role, own, other))
    for customer in range(1, 6):
        for type_ in {sort.type for sort in SORTS.values() if sort.is_chain}:
            assert customer not in above(customer, type_, standing)
    assert all(edge.upper != edge.lower for edge in standing)
    singles = [(frozenset(edge[1:]), SORTS[edge.role].type) for edge in standing]
    of_one_role = [one for one in singles if one[1] in ONE_ROLE]
    assert len(of_one_role) == len(set(of_one_role))
    for role, sort in SORTS.items():
        edges = [edge for edge in standing if edge.role == role]
        if sort.one_above and not sort.is_level:
            assert len({edge.lower for edge in edges}) == len(edges)
        if sort.is_level and sort.one_above:
            assert len({end for edge in edges for end in edge[1:]}) == 2 * len(edges)


@given(st.sampled_from(sorted(SORTS)), PEOPLE, PEOPLE, st.sampled_from(("upper", "lower", "")))
def test_either_may_say_it(
    role: str, own: tuple[int, PartyType], other: tuple[int, PartyType], side: Side
) -> None:
    turned: Side = {"upper": "lower", "lower": "upper", "": ""}[side]  # type: ignore[assignment]
    assert objection_to(role, side, own, other, []) == objection_to(role, turned, other, own, [])


def test_every_type_of_relation_can_be_declared() -> None:
    assert {sort.type for sort in SORTS.values()} == set(RelationType)
