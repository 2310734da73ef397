"""How two models are compared on the same pairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.rules.measures import (
    Opinion,
    calibration,
    groups,
    is_held_out,
    measured,
    moves,
    rates,
)

JOIN, REVIEW, NEW = Opinion("join", 95), Opinion("review", 60), Opinion("new", 20)


def test_rates_go_down_to_a_band() -> None:
    judged = [(JOIN, True), (JOIN, False), (REVIEW, True), (NEW, True)]
    sure, shown = rates(judged, down_to="join"), rates(judged, down_to="review")
    assert sure is not None
    assert shown is not None
    assert (sure.precision, sure.recall) == (1 / 2, 1 / 3)
    assert (shown.precision, shown.recall) == (2 / 3, 2 / 3)


def test_nothing_judged_is_unknown_and_not_zero() -> None:
    assert rates([], down_to="join") is None
    assert rates([(NEW, True)], down_to="join") is None
    assert rates([(JOIN, False)], down_to="join") is None


def test_calibration_counts_every_step() -> None:
    steps = calibration([(JOIN, True), (REVIEW, False), (REVIEW, True)])
    assert [(step.low, step.pairs, step.same) for step in steps] == [
        (90, 1, 1), (80, 0, 0), (65, 0, 0), (50, 2, 1), (0, 0, 0),
    ]  # fmt: skip


def test_moves_and_measures() -> None:
    drawn = [(JOIN, JOIN), (REVIEW, JOIN), (REVIEW, NEW)]
    assert moves(drawn) == {("join", "join"): 1, ("review", "join"): 1, ("review", "new"): 1}
    kept = measured([(REVIEW, JOIN, True)], drawn)
    assert (kept["judged"], kept["same"], kept["drawn"]) == (1, 1, 3)
    assert kept["rates"] == {
        "before": {"join": None, "review": [1.0, 1.0, 1.0]},
        "after": {"join": [1.0, 1.0, 1.0], "review": [1.0, 1.0, 1.0]},
    }
    assert ["review", "new", 1] in kept["moves"]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=40))
def test_what_hangs_together_is_on_one_side(pairs: list[tuple[int, int]]) -> None:
    """Otherwise what training saw of one pair would tell about another that measures it."""
    together = groups(pairs)
    for one, other in pairs:
        assert together[one] == together[other]
        assert is_held_out(together[one]) == is_held_out(together[other])


def test_about_a_third_is_held_out() -> None:
    assert 250 < sum(is_held_out([number]) for number in range(1, 1001)) < 420
