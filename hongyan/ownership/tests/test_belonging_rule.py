"""The three-step rule of belonging, whatever it is asked (PSB-010, X-03)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.ownership.rules import Standing, Step, belongs_to, window_before

X = Standing("X", Decimal(90_000), Decimal(40_000), date(2020, 1, 1))
Y = Standing("Y", Decimal(90_000), Decimal(60_000), date(2021, 1, 1))


@pytest.mark.parametrize(
    ("standings", "outlet", "step"),
    [
        ([X, Y], "Y", Step.ASSETS),
        ([X, Y._replace(assets=X.assets)], "X", Step.EARLIEST),
        ([X._replace(total=Decimal("90000.01")), Y], "X", Step.TOTAL),
        ([X._replace(opened_on=None), Y._replace(assets=X.assets)], "Y", Step.EARLIEST),
        ([Y._replace(assets=X.assets, opened_on=X.opened_on), X], "X", Step.TIE),
        ([X], "X", Step.ONLY),
    ],
)
def test_the_steps_follow_one_another(standings: list[Standing], outlet: str, step: Step) -> None:
    found, why = belongs_to(standings)
    assert (found.outlet, why) == (outlet, step)


few = st.integers(0, 3).map(lambda one: Decimal(one) * 1000)
days = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 3))
standings = st.lists(
    st.builds(Standing, st.text("0123456789", min_size=1, max_size=3), few, few, days),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.outlet,
)


@given(standings, st.randoms())
def test_the_order_of_asking_does_not_matter(found: list[Standing], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert belongs_to(found) == belongs_to(shuffled)


@given(standings)
def test_nobody_is_better_and_the_step_tells_what_decided(found: list[Standing]) -> None:
    best, step = belongs_to(found)

    def rank(one: Standing) -> tuple[Decimal, Decimal, int]:
        return one.total, one.assets, -(one.opened_on or date.max).toordinal()

    assert all(rank(one) <= rank(best) for one in found)
    rivals = [rank(one) for one in found if one != best]
    equal = max((sum(a == b for a, b in zip(one, rank(best), strict=True)) for one in rivals), default=0)
    prefix = max((_same_steps(one, rank(best)) for one in rivals), default=-1)
    assert step == Step(prefix + 1)
    assert step <= equal + 1


def _same_steps(one: tuple[object, ...], other: tuple[object, ...]) -> int:
    """How many steps in a row leave two outlets equal."""
    count = 0
    for left, right in zip(one, other, strict=True):
        if left != right:
            break
        count += 1
    return count


@given(standings)
def test_whoever_loses_does_not_matter(found: list[Standing]) -> None:
    best, _ = belongs_to(found)
    rest = [one for one in found if one != best]
    if rest:
        assert belongs_to([best, rest[0]])[0] == best


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_the_window_is_whole_months_that_are_over(day: date, months: int) -> None:
    window = window_before(day, months)
    assert window.first.day == 1
    assert (window.last + timedelta(days=1)).day == 1
    assert window.last <= day < window.last + timedelta(days=32)
    number = (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    assert number == months
