"""Comparing character by character, and samples: pure rules (REQUIREMENTS 5.5 screen 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.rules.differing import marks_against, onto_masked, runs
from hongyan.customer.rules.sampling import is_drawn, wilson


def lit(value: str, *others: str) -> str:
    """The value with what differs in brackets."""
    return "".join(f"[{text}]" if mark else text for text, mark in runs(value, marks_against(value, others)))


@pytest.mark.parametrize(
    ("value", "others", "shown"),
    [
        ("王小明", ["王小明"], "王小明"),
        ("王小明", [], "王小明"),
        ("王小明", ["王大明"], "王[小]明"),
        ("王小明", ["李四", "王大明"], "王[小]明"),
        ("鼎盛食品有限公司市中门店", ["鼎盛食品有限公司"], "鼎盛食品有限公司[市中门店]"),
        ("1990-01-02", ["1990-02-01"], "1990-0[1]-0[2]"),
        ("欧阳娜娜", ["娜娜"], "[欧阳]娜娜"),
    ],
)
def test_what_the_nearest_other_value_lacks_is_lit(value: str, others: list[str], shown: str) -> None:
    assert lit(value, *others) == shown


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3))
def test_there_is_one_mark_a_character_and_the_pieces_make_the_text(value: str, others: list[str]) -> None:
    marks = marks_against(value, others)
    assert len(marks) == len(value)
    assert "".join(text for text, _ in runs(value, marks)) == value
    assert not (value in others and any(marks))


@given(st.text("0123456789", min_size=8, max_size=18), st.text("0123456789", min_size=8, max_size=18))
def test_a_mask_keeps_its_length_and_tells_no_digit(plain: str, other: str) -> None:
    masked = plain[:3] + "*" * (len(plain) - 7) + plain[-4:]
    marks = onto_masked(marks_against(plain, [other]), plain, masked)
    assert len(marks) == len(masked)
    assert "".join(text for text, _ in runs(masked, marks)) == masked


def test_about_the_share_is_drawn() -> None:
    from hashlib import sha256

    lots = [sha256(str(number).encode()).digest() for number in range(10_000)]
    assert 400 < sum(is_drawn(lot, 5) for lot in lots) < 600
    assert not any(is_drawn(lot, 0) for lot in lots)
    assert all(is_drawn(lot, 100) for lot in lots)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(
    checked: int, data: st.DataObject
) -> None:
    agreed = data.draw(st.integers(0, checked))
    estimate = wilson(agreed, checked)
    assert estimate is not None
    assert 0 <= estimate.low <= estimate.share + 1e-9
    assert estimate.share - 1e-9 <= estimate.high <= 1
    assert estimate.high - estimate.low < 1
