"""The second wall: what the database itself shows of the ledger in a scope."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from hongyan.core import scope
from hongyan.core.scope import Scope
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    LI,
    LIXIA_OUTLET,
    ZHANG,
    Given,
    make_organisation,
    take,
)
from hongyan.ledger.actions.bank_intake import follow_delivery
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import (
    Balance,
    BankIntake,
    Holding,
    HoldingVersion,
    MailEvent,
    MailItem,
    MonthGrain,
    MonthlyFact,
    Transaction,
    UnitMonth,
)
from hongyan.ledger.tests.factory import book_rows, hold, sell
from hongyan.org.models import Place

WALLED = (
    Transaction,
    MailItem,
    MailEvent,
    Balance,
    MonthlyFact,
    UnitMonth,
    Holding,
    HoldingVersion,
    BankIntake,
)


@pytest.fixture(autouse=True)
def two_counties(db: None) -> None:
    """王芳 and 赵敏 are 历下's, 李娜 is 槐荫's; both bought something at the other's outlet, walk-ins did at both."""
    make_organisation()
    take(Given("王芳", "K1", system="yy"), Given("李娜", "K2", system="yy", unit=HUAIYIN_OUTLET, manager=LI))
    take(Given("赵敏", "C1", system="psb", line="03", kind=Kind.FINANCIAL))
    book_rows(
        FactKind.TRANSACTION,
        sell("own-here", "1.00", "K1"),
        sell("own-there", "2.00", "K1", unit_code=HUAIYIN_OUTLET),
        sell("strange-here", "4.00", "K2"),
        sell("strange-there", "8.00", "K2", unit_code=HUAIYIN_OUTLET),
        sell("nobody-here", "16.00", None),
        sell("nobody-there", "32.00", None, unit_code=HUAIYIN_OUTLET),
        sell("shell-here", "64.00", "K9"),
        sell("shell-there", "128.00", "K9", unit_code=HUAIYIN_OUTLET),
    )
    items = [
        {"number": "EB000717618HK", "key": "K1"},
        {"number": "EB000717621HK", "key": "K2", "unit_code": HUAIYIN_OUTLET},
    ]
    book_rows(FactKind.MAIL_ITEM, *items)
    book_rows(FactKind.MAIL_EVENT, *({"number": item["number"], "unit_code": ""} for item in items))
    hold("6217000000000001", "C1")
    book_rows(
        FactKind.BALANCE, {"account": "6217000000000001", "amount": "10000.00"}, system="psb", line="03"
    )
    with scope.bulk():
        follow_delivery(1)


def seen_in(unit: str, model: type[Model], column: str = "number") -> set[str]:
    place = Place.objects.get(unit__code=unit)
    with scope.acting(Scope(place.lo, place.hi)):
        return {str(value) for value in model.objects.values_list(column, flat=True)}


def test_an_outlet_sees_what_it_booked_and_what_its_customers_did() -> None:
    expected = {"own-here", "own-there", "strange-here", "nobody-here", "shell-here"}
    assert seen_in(LIXIA_OUTLET, Transaction) == expected


def test_months_follow_the_same_rule() -> None:
    assert seen_in(LIXIA_OUTLET, MonthlyFact, "revenue") == {
        "1.00",
        "2.00",
        "4.00",
        "16.00",
        "64.00",
        "20.00",
    }
    assert seen_in(LIXIA_OUTLET, UnitMonth, "unit__code") == {LIXIA_OUTLET}


def test_the_grain_of_reports_tells_nothing_of_other_peoples_customers() -> None:
    """V36-i03: the rows of the months, each with the customer only where the viewer may know them."""
    place = Place.objects.get(unit__code=LIXIA_OUTLET)
    with scope.acting(Scope(place.lo, place.hi)):
        grain = MonthGrain.objects.values_list("revenue", "sub_code", "manager_no", "org_no")
        told = {str(revenue): rest for revenue, *rest in grain}
        own = Customer.objects.get(name="王芳").code
        assert MonthGrain.objects.get(revenue=1).customer_code == own
    assert told["1.00"] == ["K1", ZHANG, place.lo]
    assert told["4.00"] == told["64.00"] == told["16.00"] == [None, None, place.lo]
    assert told.keys() == {"1.00", "2.00", "4.00", "16.00", "64.00", "20.00"}


def test_events_go_with_their_item() -> None:
    assert seen_in(LIXIA_OUTLET, MailItem) == seen_in(LIXIA_OUTLET, MailEvent) == {"EB000717618HK"}


def test_accounts_balances_and_intake_are_the_owners() -> None:
    for model in (Holding, HoldingVersion, Balance, BankIntake):
        assert len(seen_in(LIXIA_OUTLET, model, "pk")) == 1
        assert seen_in(HUAIYIN_OUTLET, model, "pk") == set()


@pytest.mark.parametrize("model", WALLED)
def test_without_a_scope_nothing_and_with_the_groups_everything(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        assert cursor.fetchone() == (0,)
    with scope.acting(scope.EVERYTHING):
        assert model.objects.exists()


@pytest.mark.parametrize("table", ["transaction", "mailitem", "mailevent", "balance"])
@pytest.mark.parametrize("statement", ["UPDATE ledger_{} SET entry = 0", "DELETE FROM ledger_{}"])
@pytest.mark.parametrize("role", ["none", "hongyan_group", "hongyan_bulk"])
def test_no_role_of_the_application_may_change_a_fact(role: str, statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as(role, statement.format(table))


@pytest.mark.parametrize(
    "table", ["transaction", "mailitem", "mailevent", "balance", "monthlyfact", "unitmonth"]
)
@pytest.mark.parametrize("role", ["none", "hongyan_group"])
def test_only_bulk_jobs_write_facts_and_their_sums(role: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as(role, f"INSERT INTO ledger_{table} SELECT * FROM ledger_{table}")


def run_as(role: str, statement: str) -> None:
    """Run a statement as one of the roles the application may take."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(statement)
