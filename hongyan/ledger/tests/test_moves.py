"""A fact that moves to another day, and again: it stands once, whichever of its days the source names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.core import scope
from hongyan.customer.tests.factory import make_organisation
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import FactMove, MonthlyFact, Transaction
from hongyan.ledger.queries.digests import days_without_fact, digest, facts_that_stand_twice, wrong_sums
from hongyan.ledger.tests.factory import book_rows, sell

SALE = FactKind.TRANSACTION
DAYS = (date(2026, 9, 30), date(2026, 10, 5), date(2026, 10, 6), date(2026, 11, 2))
FIRST, SECOND, THIRD, FOURTH = DAYS


@pytest.fixture(autouse=True)
def in_bulk(db: None):
    make_organisation()
    with scope.bulk():
        yield


def stated(version: int, on: date, amount: str, **more: Any) -> dict[str, Any]:
    return sell("N1", amount, version=version, business_date=on, **more)


def standing() -> dict[date, Decimal]:
    """Day → what stands there, without the days on which nothing does."""
    sums = Transaction.objects.values_list("business_date").annotate(
        entries=Sum("entry"), amount_of_all=Sum(F("entry") * F("amount"))
    )
    return {day: amount for day, entries, amount in sums if entries}


def revenue() -> Decimal:
    total: Decimal | None = MonthlyFact.objects.aggregate(Sum("revenue"))["revenue__sum"]
    return total or Decimal(0)


def assert_sound() -> None:
    assert (wrong_sums(), facts_that_stand_twice()) == (0, 0)


TWICE_MOVED = (
    stated(1, FIRST, "100.00"),
    stated(2, THIRD, "90.00", original_date=FIRST),
    stated(3, FOURTH, "80.00", original_date=FIRST),  # not the day it stood under last
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
def test_a_second_move_may_name_the_first_day(order: tuple[int, ...], at_once: bool) -> None:
    rows = [TWICE_MOVED[place] for place in order]
    for delivery, block in enumerate([rows] if at_once else [[row] for row in rows], 1):
        book_rows(SALE, *block, delivery_id=delivery)
    assert standing() == {FOURTH: Decimal("80.00")}
    assert revenue() == Decimal("80.00")
    assert_sound()


def test_a_moved_fact_may_be_corrected_or_voided_under_any_of_its_days() -> None:
    book_rows(SALE, *TWICE_MOVED)
    book_rows(SALE, stated(4, THIRD, "70.00"), delivery_id=2)
    assert standing() == {THIRD: Decimal("70.00")}
    book_rows(SALE, stated(5, FIRST, "0", void=1), delivery_id=3)
    assert standing() == {}
    assert_sound()


def test_the_same_version_under_two_days_stands_under_the_later() -> None:
    book_rows(SALE, stated(1, FIRST, "1.00"), stated(2, FOURTH, "2.00", original_date=FIRST))
    book_rows(SALE, stated(2, SECOND, "2.00", original_date=FIRST), delivery_id=2)
    assert standing() == {FOURTH: Decimal("2.00")}
    assert_sound()


def test_a_move_that_joins_what_two_others_said() -> None:
    """Known by then: something stands under the first day, something else under the last; the link comes late."""
    book_rows(SALE, stated(1, FIRST, "1.00"), stated(3, FOURTH, "3.00", original_date=THIRD))
    assert facts_that_stand_twice() == 0, "nobody said yet that they are one"
    assert days_without_fact() == 1
    book_rows(SALE, stated(2, THIRD, "2.00", original_date=FIRST), delivery_id=2)
    assert standing() == {FOURTH: Decimal("3.00")}
    assert days_without_fact() == 0
    assert_sound()


def test_the_same_number_on_other_days_is_another_fact() -> None:
    """Numbers of banks are unique per day only: what nobody said to be moved stays."""
    book_rows(SALE, stated(1, SECOND, "5.00"), stated(1, FIRST, "1.00"))
    book_rows(SALE, stated(2, THIRD, "2.00", original_date=FIRST), delivery_id=2)
    assert standing() == {SECOND: Decimal("5.00"), THIRD: Decimal("2.00")}
    assert_sound()


def test_a_row_that_is_refused_moves_nothing() -> None:
    book_rows(SALE, stated(1, FIRST, "1.00"), stated(2, THIRD, "2.00"))
    booked = book_rows(SALE, stated(2, THIRD, "2.01", original_date=FIRST), delivery_id=2)
    assert booked.conflicts == [2]
    assert standing() == {FIRST: Decimal("1.00"), THIRD: Decimal("2.00")}
    assert not FactMove.objects.exists()


def test_a_move_counts_as_a_correction() -> None:
    book_rows(SALE, TWICE_MOVED[0])
    booked = book_rows(SALE, TWICE_MOVED[1], delivery_id=2)
    assert (booked.new, booked.corrected) == (0, 1)


def test_the_check_sees_a_fact_that_stands_twice() -> None:
    book_rows(SALE, TWICE_MOVED[0], stated(2, THIRD, "2.00"))
    assert facts_that_stand_twice() == 0
    FactMove.objects.create(kind=SALE, number="N1", system="yy", business_date=FIRST, other_date=THIRD)
    FactMove.objects.create(kind=SALE, number="N1", system="yy", business_date=THIRD, other_date=FIRST)
    assert facts_that_stand_twice() == 1


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """Versions of one fact under days of their own, each naming any day it stood under before when it moves; and the
    places of the rows in the blocks in which they come: in any order, some twice.
    """
    rows: list[dict[str, Any]] = []
    been: list[date] = []
    for version in range(1, draw(st.integers(1, 6)) + 1):
        on = draw(st.sampled_from(DAYS))
        moved = {} if not been or on == been[-1] else {"original_date": draw(st.sampled_from(been))}
        void = {"void": 1} if draw(st.integers(0, 9)) == 0 else {}
        rows.append(stated(version, on, f"{draw(st.integers(1, 999))}.00", **moved, **void))
        been.append(on)
    places = draw(st.permutations(range(len(rows))))
    again = draw(st.lists(st.sampled_from(places), max_size=3))
    order = [*places, *again]
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)) | {len(order)})
    return rows, [order[first:last] for first, last in zip([0, *cuts], cuts, strict=False)]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_any_history_in_any_order_ends_in_its_last_version(
    history: tuple[list[Any], list[list[int]]],
) -> None:
    rows, blocks = history
    with transaction.atomic():
        book_rows(SALE, *rows)
        straight = digest()
        transaction.set_rollback(True)
    with transaction.atomic():
        for delivery, places in enumerate(blocks, 1):
            book_rows(SALE, *(rows[place] for place in places), delivery_id=delivery)
        last = rows[-1]
        amount = Decimal(0) if last.get("void") else Decimal(last["amount"])
        assert standing() == ({last["business_date"]: amount} if amount else {})
        assert revenue() == amount
        assert_sound()
        assert digest() == straight
        transaction.set_rollback(True)
