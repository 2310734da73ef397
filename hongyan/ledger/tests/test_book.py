"""Booking: entries, shells, monthly sums, corrections, and that the end does not depend on the order."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum

from hongyan.core import scope
from hongyan.customer.models import SourceParty
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, make_organisation
from hongyan.ledger.codes import ANONYMOUS, FactKind
from hongyan.ledger.models import MailItem, MonthlyFact, SourceProduct, Transaction, UnitMonth
from hongyan.ledger.queries.digests import digest, wrong_sums
from hongyan.ledger.tests.factory import NOVEMBER, OCTOBER, SIGNED, block, book_rows, sell

TRANSACTION, MAIL_ITEM = FactKind.TRANSACTION, FactKind.MAIL_ITEM


@pytest.fixture(autouse=True)
def units(db: None) -> None:
    make_organisation()


@pytest.fixture
def in_bulk(units: None):
    with scope.bulk():
        yield


def test_a_new_fact_opens_what_it_names(in_bulk: None) -> None:
    booked = book_rows(TRANSACTION, sell("N1", "12.50"), sell("N2", "7.50", key=None, quantity=3))
    assert booked.new == 2
    assert booked.sums == {"new": {"amount": Decimal("20.00"), "quantity": Decimal(4)}}
    party = SourceParty.objects.get(system="yy", key="K1")
    assert party.customer_id is None
    assert SourceProduct.objects.get().product_id is None
    months = dict(MonthlyFact.objects.values_list("party_id", "revenue"))
    assert months == {party.id: Decimal("12.50"), ANONYMOUS: Decimal("7.50")}
    unit = UnitMonth.objects.get()
    assert (unit.items, unit.quantity, unit.revenue) == (2, 4, Decimal("20.00"))


def test_the_same_block_again_changes_nothing(in_bulk: None) -> None:
    rows = sell("N1", "12.50"), sell("N2", "7.50", version=2)
    book_rows(TRANSACTION, *rows)
    before = digest()
    again = book_rows(TRANSACTION, *rows, delivery_id=2)
    assert (again.new, again.unchanged) == (0, 2)
    assert again.sums["unchanged"]["amount"] == Decimal("20.00")
    assert digest() == before


def test_a_correction_is_two_entries_and_yesterday_can_be_asked(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "100.00"))
    tomorrow = SIGNED + timedelta(days=1)
    booked = book_rows(TRANSACTION, sell("N1", "80.00", version=2), known_at=tomorrow, delivery_id=2)
    assert booked.corrected == 1
    entries = Transaction.objects.order_by("version", "-entry").values_list("version", "entry", "amount")
    assert list(entries) == [
        (1, 1, Decimal("100.00")),
        (1, -1, Decimal("100.00")),
        (2, 1, Decimal("80.00")),
    ]
    assert MonthlyFact.objects.get().revenue == Decimal("80.00")
    known = Transaction.objects.annotate(counted=F("entry") * F("amount"))
    assert known.filter(known_at__lte=SIGNED).aggregate(Sum("counted"))["counted__sum"] == Decimal("100.00")
    assert known.filter(known_at__lte=tomorrow).aggregate(Sum("counted"))["counted__sum"] == Decimal("80.00")


def test_an_older_version_that_comes_late_is_booked_and_reversed(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "80.00", version=2))
    booked = book_rows(TRANSACTION, sell("N1", "100.00"), delivery_id=2)
    assert (booked.new, booked.corrected, booked.stale) == (0, 0, 1)
    assert MonthlyFact.objects.get().revenue == Decimal("80.00")
    assert MonthlyFact.objects.get().items == 1


def test_the_same_version_with_other_content_is_a_conflict(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "80.00"))
    booked = book_rows(TRANSACTION, sell("N1", "80.01"), sell("N2", "1.00"), delivery_id=2)
    assert (booked.new, booked.conflicts) == (1, [2])
    assert booked.sums["conflict"]["amount"] == Decimal("80.01")
    assert MonthlyFact.objects.get().revenue == Decimal("81.00")


def test_one_block_may_hold_a_fact_several_times(in_bulk: None) -> None:
    booked = book_rows(
        TRANSACTION,
        sell("N1", "10.00"),
        sell("N1", "10.00"),
        sell("N1", "11.00"),
        sell("N1", "30.00", version=3),
        sell("N1", "20.00", version=2),
    )
    assert (booked.new, booked.corrected, booked.stale) == (1, 1, 1), "as if the rows had come one by one"
    assert (booked.unchanged, booked.conflicts) == (1, [4])
    assert MonthlyFact.objects.get().revenue == Decimal("30.00")
    assert MonthlyFact.objects.get().items == 1


def test_a_row_that_voids_takes_the_number_out(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "10.00"))
    book_rows(TRANSACTION, sell("N1", "0", version=2, void=1), delivery_id=2)
    assert MonthlyFact.objects.get().revenue == 0
    assert MonthlyFact.objects.get().items == 0


def test_a_fact_that_moves_to_another_day_leaves_its_old_month(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "10.00"))
    book_rows(
        TRANSACTION,
        sell("N1", "10.00", version=2, business_date=NOVEMBER, original_date=OCTOBER),
        delivery_id=2,
    )
    assert dict(MonthlyFact.objects.values_list("month", "revenue")) == {
        OCTOBER.replace(day=1): 0,
        NOVEMBER.replace(day=1): Decimal("10.00"),
    }


def test_amounts_count_by_their_nature(in_bulk: None) -> None:
    book_rows(
        TRANSACTION,
        sell("N1", "5.00", nature="01"),
        sell("N2", "-2.00", nature="04"),
        sell("N3", "700.00", nature="11"),
        sell("N4", "300.00", nature="12"),
    )
    month = MonthlyFact.objects.get()
    assert (month.revenue, month.inflow, month.outflow) == (3, 700, 300)


def test_mail_items_weigh(in_bulk: None) -> None:
    booked = book_rows(
        MAIL_ITEM,
        {"number": "EB000717618HK", "key": "K1", "postage": "21.30", "weight_g": 1_200},
        {"number": "EB000717621HK", "key": "K1", "postage": "20.00", "weight_g": 500},
    )
    assert booked.sums["new"] == {"postage": Decimal("41.30"), "weight_g": Decimal(1_700)}
    month = MonthlyFact.objects.get()
    assert (month.items, month.quantity, month.weight_g, month.revenue) == (2, 2, 1_700, Decimal("41.30"))
    assert MailItem.objects.first().promised_at is None


def test_instants_are_in_chinese_time(in_bulk: None) -> None:
    book_rows(TRANSACTION, sell("N1", "1.00", event_time="2026-10-05T10:00:00"))
    assert Transaction.objects.get().event_time.isoformat() == "2026-10-05T02:00:00+00:00"


def test_a_row_of_an_unknown_unit_is_refused_whole(units: None) -> None:
    with pytest.raises(ValueError, match="1 rows came"):
        book_rows(TRANSACTION, sell("N1", "1.00", unit_code="999"))


# --- the end does not depend on the way


def _history(rng: random.Random) -> list[dict[str, Any]]:
    """Thirty facts with up to four versions: corrections of money, party and unit, voids, moved days."""
    rows: list[dict[str, Any]] = []
    for number in range(30):
        name = f"N{number}"
        for version in range(1, rng.randint(1, 4) + 1):
            more: dict[str, Any] = {"unit_code": HUAIYIN_OUTLET} if rng.random() < 0.2 else {}
            key = rng.choice(["K1", "K2", "K3", None])
            rows.append(
                sell(name, f"{rng.randint(1, 999)}.{rng.randint(0, 99):02}", key, version=version, **more)
            )
        if number % 5 == 0:
            rows.append(sell(name, "0", version=9, void=1))
        elif number % 7 == 0:
            rows.append(sell(name, "77.70", version=8, business_date=NOVEMBER, original_date=OCTOBER))
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_cut_end_in_the_same_ledger(seed: int, in_bulk: None) -> None:
    """Every row comes at least once, most twice, in a random order and random blocks."""
    rng = random.Random(1)
    rows = _history(rng)
    with transaction.atomic():
        book_rows(TRANSACTION, *rows)
        straight = digest()
        assert wrong_sums() == 0
        transaction.set_rollback(True)
    rng = random.Random(seed)
    shuffled = [*rows, *rng.sample(rows, len(rows) // 2)]
    rng.shuffle(shuffled)
    delivery = 0
    while shuffled:
        cut = rng.randint(1, 25)
        delivery += 1
        book_rows(TRANSACTION, *shuffled[:cut], delivery_id=delivery)
        shuffled = shuffled[cut:]
    assert digest() == straight
    assert wrong_sums() == 0
    last = {row["number"]: row for row in sorted(rows, key=lambda row: row["version"])}
    expected = sum(Decimal(row["amount"]) for row in last.values() if not row.get("void"))
    assert MonthlyFact.objects.aggregate(Sum("revenue"))["revenue__sum"] == expected


def test_a_block_may_come_in_pieces(units: None) -> None:
    from hongyan.ledger.actions.book import book

    text, rows = block(TRANSACTION, [sell("N1", "1.00"), sell("N2", "2.00")])
    pieces = [memoryview(text)[:17], memoryview(text)[17:]]
    with transaction.atomic(), scope.bulk():
        booked = book(TRANSACTION, pieces, rows, system="yy", line="01", known_at=SIGNED, delivery_id=1)
    assert booked.new == 2
