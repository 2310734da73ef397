"""How relations follow the evidence, and when people's words hold them (L09)."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.codes import RelationSource, RelationState
from hongyan.customer.rules.relations import Changes, Stored, pair_of, reconcile
from hongyan.identity.relations.grounds import Ground, Relation, related

GROUNDS = st.lists(
    st.sampled_from([Ground("room"), Ground("mobile"), Ground("surname", "孙")]), min_size=1, unique=True
)
FOUND = st.builds(
    lambda one, span, role, grounds: related((one, one + span), "household", role, grounds),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["household", "spouse"]),
    GROUNDS,
)
FINDINGS = st.lists(FOUND, unique_by=pair_of, max_size=6)


def stored(found: Sequence[Relation], states: Sequence[str]) -> list[Stored]:
    """Findings as they stand after they were written and judged."""
    return [
        Stored(
            number,
            pair_of(one),
            one.role,
            one.upper,
            RelationSource.DERIVED,
            state,
            one.confidence,
            one.grounds,
        )
        for number, (one, state) in enumerate(zip(found, states, strict=False), 1)
    ]


def applied(before: Sequence[Stored], changes: Changes) -> list[Stored]:
    """What stands after changes were written."""
    kept = [
        one._replace(confidence=new.confidence, grounds=new.grounds)
        if (new := changes.altered.get(one.id))
        else one
        for one in before
        if one.id not in changes.ended
    ]
    opened = stored(changes.opened, [RelationState.PROPOSED] * len(changes.opened))
    return [*kept, *(one._replace(id=one.id + 100) for one in opened)]


STATES = st.lists(st.sampled_from(RelationState.values), min_size=6, max_size=6)


@given(FINDINGS, STATES, FINDINGS)
def test_doing_it_again_changes_nothing(
    before: list[Relation], states: list[str], now: list[Relation]
) -> None:
    standing = applied(known := stored(before, states), reconcile(known, now))
    assert reconcile(standing, now) == Changes()


@given(FINDINGS, STATES, FINDINGS)
def test_one_relation_stands_for_a_pair_and_nothing_is_lost(
    before: list[Relation], states: list[str], now: list[Relation]
) -> None:
    known = stored(before, states)
    standing = applied(known, reconcile(known, now))
    assert len({one.pair for one in standing}) == len(standing)
    assert {pair_of(one) for one in now} <= {one.pair for one in standing}


@given(FINDINGS, STATES, FINDINGS)
def test_nobody_overrules_people(before: list[Relation], states: list[str], now: list[Relation]) -> None:
    known = stored(before, states)
    changes = reconcile(known, now)
    wanted = {pair_of(one): {ground.code for ground in one.grounds} for one in now}
    for one in known:
        if one.state == RelationState.CONFIRMED:
            assert one.id not in {*changes.ended, *changes.altered}
        if one.state == RelationState.REFUSED:
            new = wanted.get(one.pair, set()) - {ground.code for ground in one.grounds}
            assert (one.id in changes.ended) == bool(new)


def test_another_role_is_another_relation() -> None:
    (one,) = stored([related((1, 2), "household", "household", [Ground("room")])], [RelationState.PROPOSED])
    changes = reconcile([one], [related((1, 2), "household", "spouse", [Ground("room")])])
    assert (changes.ended, [new.role for new in changes.opened]) == ([1], ["spouse"])
