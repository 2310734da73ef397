"""Holdings: sealed numbers, shells, versions, and facts that come before them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection

from hongyan.core import scope, vault
from hongyan.customer.codes import Kind
from hongyan.customer.models import SourceParty
from hongyan.customer.tests.factory import LIXIA_OUTLET, Given, make_organisation, take
from hongyan.ledger.actions.take_in import take_in_products
from hongyan.ledger.codes import FactKind, HoldingKind, HoldingStatus, ProductRecord
from hongyan.ledger.models import Balance, Holding, HoldingVersion, MailEvent, SourceProduct, Transaction
from hongyan.ledger.queries.digests import digest
from hongyan.ledger.tests.factory import NOVEMBER, OCTOBER, SIGNED, book_rows, hold

ACCOUNT = "6217001234567890123"


@pytest.fixture(autouse=True)
def units(db: None) -> Iterator[None]:
    make_organisation()
    with scope.bulk():
        yield


def pay(number: str, amount: str) -> None:
    row = {"number": number, "amount": amount, "key": "C1", "account": ACCOUNT, "nature": "11"}
    book_rows(FactKind.TRANSACTION, row, system="psb", line="03")


def test_an_account_number_is_sealed_and_nowhere_in_the_open() -> None:
    pay("T1", "500.00")
    taken = hold(ACCOUNT, "C1", product_code="101", unit_code=LIXIA_OUTLET, amount=Decimal("500.00"))
    assert taken.new == 1
    holding = Holding.objects.get()
    assert holding.number_masked == "6217***********0123"
    assert vault.unseal(holding.sealed, record=holding.uuid, column="number") == ACCOUNT.encode()
    assert Transaction.objects.get().holding_id == holding.id
    with connection.cursor() as cursor:
        for table in ("ledger_holding", "ledger_holdingversion", "ledger_transaction"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{ACCOUNT}%"])
            assert cursor.fetchone() == (0,)


def test_a_fact_opens_a_shell_that_its_system_describes_later() -> None:
    pay("T1", "500.00")
    shell = Holding.objects.get()
    assert (shell.version, shell.party_id, shell.kind) == (0, None, "")
    assert hold(ACCOUNT, "C1", kind=HoldingKind.DEPOSIT, matures_on=NOVEMBER).new == 1
    holding = Holding.objects.get()
    assert (holding.id, holding.kind, holding.matures_on) == (shell.id, "deposit", NOVEMBER)
    assert holding.party == SourceParty.objects.get(key="C1")


def test_the_highest_version_is_shown_whatever_comes_last() -> None:
    states = [
        {"version": 1, "status": HoldingStatus.OPEN, "opened_on": OCTOBER},
        {"version": 2, "status": HoldingStatus.FROZEN, "opened_on": OCTOBER},
        {"version": 3, "status": HoldingStatus.CLOSED, "opened_on": OCTOBER, "closed_on": NOVEMBER},
    ]
    ends = set()
    for seed in range(4):
        random.Random(seed).shuffle(states)
        for state in (*states, states[0]):
            hold(ACCOUNT, "C1", **state)
        ends.add(str(digest()))
        assert Holding.objects.get().status == "closed"
        HoldingVersion.objects.all().delete()
        Holding.objects.all().delete()
    assert len(ends) == 1


def test_equal_states_are_unchanged_and_unequal_ones_of_a_version_conflict() -> None:
    hold(ACCOUNT, "C1")
    assert hold(ACCOUNT, "C1").unchanged == 1
    assert hold(ACCOUNT, "C1", status=HoldingStatus.CLOSED).conflicts == [2]
    assert Holding.objects.get().status == "open"


def test_a_shell_becomes_the_customers_when_the_customer_comes() -> None:
    """All that was booked belongs to the customer at once, without a fact being touched."""
    pay("T1", "500.00")
    before = digest()["ledger_transaction"]
    shell = SourceParty.objects.get(system="psb", key="C1")
    take(Given("王芳", "C1", system="psb", line="03", kind=Kind.FINANCIAL))
    party = SourceParty.objects.get(system="psb", key="C1")
    assert (party.id, party.first_seen_at) == (shell.id, shell.first_seen_at)
    assert party.customer.name == "王芳"
    assert digest()["ledger_transaction"] == before


def test_a_contact_of_a_shell_waits_for_the_customer() -> None:
    pay("T1", "500.00")
    done = take(Given("", "C1", system="psb", part="contact/1", fields={"contact_name": "周助理"}))
    assert len(done.orphans) == 1


def test_balances_are_booked_per_account_day_and_side() -> None:
    row = {"account": ACCOUNT, "amount": "500.00", "key": "C1"}
    booked = book_rows(FactKind.BALANCE, row, {**row, "kind": "L"}, system="psb", line="03")
    assert (booked.new, booked.sums["new"]["amount"]) == (2, Decimal("1000.00"))
    corrected = book_rows(
        FactKind.BALANCE, {**row, "amount": "400.00", "version": 2}, row, system="psb", line="03"
    )
    assert (corrected.corrected, corrected.unchanged) == (1, 1)
    assert sum(b.entry * b.amount for b in Balance.objects.filter(kind="A")) == Decimal("400.00")


def test_events_of_an_item_are_booked_once() -> None:
    rows = [
        {"number": "EB000717618HK", "code": "01"},
        {"number": "EB000717618HK", "code": "05", "event_time": "2026-10-07T09:00:00", "unit_code": ""},
    ]
    assert book_rows(FactKind.MAIL_EVENT, *rows, system="ems85", line="02").new == 2
    assert book_rows(FactKind.MAIL_EVENT, *rows, system="ems85", line="02").unchanged == 2
    assert MailEvent.objects.filter(unit=None).count() == 1


def test_products_get_their_names() -> None:
    pay("T1", "1.00")
    records = [
        ProductRecord(system="psb", code="P1", name="活期储蓄", row=2),
        ProductRecord(system="psb", code="P2", name="定期储蓄", row=3),
    ]
    taken = take_in_products(records, system="psb", line="03", known_at=SIGNED)
    assert (taken.new, taken.updated) == (1, 1)
    assert dict(SourceProduct.objects.values_list("code", "name")) == {"P1": "活期储蓄", "P2": "定期储蓄"}
