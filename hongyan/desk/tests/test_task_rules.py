"""When what repeats comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.desk.codes import Repeat
from hongyan.desk.task_rules import next_due

BEGUN = datetime(2020, 1, 1, tzinfo=BUSINESS_ZONE)


@given(first=st.integers(0, 5_000_000), wait=st.integers(0, 2_000_000), repeat=st.sampled_from(Repeat))
def test_what_repeats_comes_back_later_and_soon(first: int, wait: int, repeat: Repeat) -> None:
    """The next turn is after the instant asked for, by a turn at most, at the same time of day. Minutes."""
    begun = BEGUN + timedelta(minutes=first)
    after = begun + timedelta(minutes=wait)
    turn = next_due(begun, repeat, after=after)
    longest = {Repeat.DAILY: 1, Repeat.WEEKLY: 7, Repeat.MONTHLY: 31, Repeat.YEARLY: 366}[repeat]
    assert after < turn <= after + timedelta(days=longest)
    assert turn.time() == begun.time()
