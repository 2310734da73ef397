"""Acceptance example 2: assets plus liabilities of 10,000.00 yuan bring a customer in (PSB-008)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer
from hongyan.customer.rules.code import code_for
from hongyan.customer.tests.factory import HEAD, Given, make_organisation, take
from hongyan.ledger.actions.bank_intake import follow_delivery, recalculate
from hongyan.ledger.codes import Booked, FactKind
from hongyan.ledger.models import BankIntake
from hongyan.ledger.queries.digests import digest
from hongyan.ledger.tests.factory import book_rows, hold
from hongyan.org.queries.viewers import find_viewer

MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def bank(db: None) -> Iterator[None]:
    make_organisation()
    with scope.bulk():
        yield


def client(key: str, name: str) -> int:
    take(Given(name, key, system="psb", line="03", kind=Kind.FINANCIAL))
    return Customer.objects.get(name=name).id


def balance(account: str, amount: str, day: date = MONDAY, **more: Any) -> dict[str, Any]:
    return {"account": account, "amount": amount, "business_date": day, **more}


def states(*rows: dict[str, Any], delivery_id: int = 1) -> Booked:
    booked = book_rows(FactKind.BALANCE, *rows, system="psb", line="03", delivery_id=delivery_id)
    follow_delivery(delivery_id)
    return booked


def reached() -> dict[int, date]:
    return dict(BankIntake.objects.values_list("customer_id", "first_reached_on"))


def test_example_02_intake_threshold() -> None:
    """6,000 + 4,000 is in; 9,999.99 is not; 10,000.00 is."""
    both, below, exact = client("1", "王芳"), client("2", "李娜"), client("3", "张伟")
    hold("62170001", "1"), hold("62170002", "1"), hold("62170003", "2"), hold("62170004", "3")
    states(
        balance("62170001", "6000.00"),
        balance("62170002", "4000.00", kind="L"),
        balance("62170003", "9999.99"),
        balance("62170004", "10000.00"),
    )
    assert reached() == {both: MONDAY, exact: MONDAY}
    intake = BankIntake.objects.get(customer_id=both)
    assert (intake.assets, intake.liabilities) == (Decimal("6000.00"), Decimal("4000.00"))
    assert below not in reached()


def test_a_balance_holds_until_the_next_one() -> None:
    """Two accounts that are stated on different days stand together from the second day on."""
    customer = client("1", "王芳")
    hold("62170001", "1"), hold("62170002", "1")
    states(balance("62170001", "6000.00"))
    assert reached() == {}
    states(balance("62170002", "4000.00", MONDAY + timedelta(days=3)), delivery_id=2)
    assert reached() == {customer: MONDAY + timedelta(days=3)}


def test_a_late_balance_moves_the_day_and_a_correction_withdraws_it() -> None:
    customer = client("1", "王芳")
    hold("62170001", "1")
    states(balance("62170001", "12000.00"))
    states(balance("62170001", "10500.00", MONDAY - timedelta(days=7)), delivery_id=2)
    assert reached() == {customer: MONDAY - timedelta(days=7)}
    states(
        balance("62170001", "1200.00", version=2),
        balance("62170001", "1050.00", MONDAY - timedelta(days=7), version=2),
        delivery_id=3,
    )
    assert reached() == {}
    assert AuditEvent.objects.filter(act="ledger.intake_withdrawn").count() == 1


def test_balances_may_come_before_the_account_and_the_customer() -> None:
    states(balance("62170001", "12000.00", key="1"))
    assert reached() == {}
    customer = client("1", "王芳")
    assert reached() == {customer: MONDAY}
    hold("62170001", "1", delivery_id=2)
    follow_delivery(2)
    assert reached() == {customer: MONDAY}


def test_securities_do_not_count() -> None:
    client("1", "王芳")
    hold("62170001", "1")
    book_rows(FactKind.BALANCE, balance("62170001", "50000.00"), system="psb", line="05")
    follow_delivery(1)
    assert reached() == {}


@pytest.mark.parametrize("seed", range(4))
def test_the_day_is_that_of_a_plain_reckoning_in_any_order(seed: int) -> None:
    """Against a loop over days; the rows come shuffled, in several deliveries."""
    rng = random.Random(seed)
    customers = {str(n): client(str(n), name) for n, name in enumerate("赵钱孙李周吴", 1)}
    rows, accounts = [], []
    for key in customers:
        for n in range(rng.randint(1, 3)):
            account = f"6217{int(key):04}{n}"
            hold(account, key)
            accounts.append((account, key))
            for day in sorted(rng.sample(range(30), 6)):
                amount = f"{rng.randint(0, 7000)}.{rng.randint(0, 99):02}"
                rows.append(balance(account, amount, MONDAY + timedelta(days=day)))
    owner = dict(accounts)
    expected = {}
    for key, customer in customers.items():
        standing: dict[str, Decimal] = {}
        for day in range(30):
            at = MONDAY + timedelta(days=day)
            standing |= {
                row["account"]: Decimal(row["amount"])
                for row in rows
                if owner[row["account"]] == key and row["business_date"] == at
            }
            if sum(standing.values()) >= 10_000:
                expected[customer] = at
                break
    rng.shuffle(rows)
    for delivery, start in enumerate(range(0, len(rows), 20), 1):
        states(*rows[start : start + 20], delivery_id=delivery)
    assert reached() == expected
    before = digest()
    recalculate(customers.values())
    assert digest() == before


def test_who_is_merged_has_one_sum_and_two_again_after_a_split() -> None:
    """What caches a customer follows merges and splits: CustomersMerged, CustomersSplit."""
    one, other = client("1", "王芳"), client("2", "李娜")
    hold("62170001", "1"), hold("62170002", "2")
    states(balance("62170001", "6000.00"), balance("62170002", "4000.00"))
    assert reached() == {}
    head = find_viewer(HEAD)
    row = merge(head, code_for(one), code_for(other), reason="同一人")
    assert reached() == {one: MONDAY}
    split(head, row.pk, reason="不是一人")
    assert reached() == {}
