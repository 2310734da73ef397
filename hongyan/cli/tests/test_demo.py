"""The demo's truth held against the database: what the files mean is what the ledger says, to the fen."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hongyan.cli.demo import load_folder
from hongyan.core import clock, scope
from hongyan.integration.demo import generate, generate_increment
from hongyan.integration.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMERS, SEED, MONTHS = 250, 11, 2
DAYS = 3
CODES = {
    "transaction": dict(zip("SFPRIO", ("01", "02", "03", "04", "11", "12"), strict=True)),
    "mail_item": {"": ""},
    "mail_event": {letter: f"0{number}" for number, letter in enumerate("ABCDEFG", start=1)},
    "balance": {"A": "A", "L": "L"},
}
"""Natures as truth names them and as the ledger does."""
QUERIES = {
    "transaction": "SELECT system, nature, month, sum(entry), sum(entry * amount), sum(entry * quantity)"
    " FROM ledger_transaction",
    "mail_item": "SELECT system, '', month, sum(entry), sum(entry * postage), sum(entry * weight_g)"
    " FROM ledger_mailitem",
    "mail_event": "SELECT system, code, month, sum(entry), 0, 0 FROM ledger_mailevent",
    "balance": "SELECT holding.system, fact.kind, month, sum(entry), sum(entry * fact.amount), 0"
    " FROM ledger_balance fact JOIN ledger_holding holding ON holding.id = fact.holding_id",
}
REVENUE = ("01", "02", "03", "04")

Place = tuple[str, str, str, str]
Sums = tuple[int, Decimal, int]


def stated(*truths: Path) -> dict[Place, Sums]:
    """(target, system, nature, yyyy-mm) → facts, amount and volume of the first load and the days after it."""
    totals: dict[Place, Sums] = {}
    for path in truths:
        for place, measure in json.loads(path.read_text("utf-8"))["months"].items():
            target, system, nature, month = place.split("/")
            key = (target, system, CODES[target][nature], month)
            facts, amount, volume = totals.get(key, (0, Decimal(0), 0))
            totals[key] = (
                facts + measure["facts"],
                amount + Decimal(measure["amount"]),
                volume + measure["volume"],
            )
    return {key: sums for key, sums in totals.items() if any(sums)}


def found() -> dict[Place, Sums]:
    """The same as the ledger's entries say."""
    totals: dict[Place, Sums] = {}
    with scope.bulk(), connection.cursor() as cursor:
        for target, query in QUERIES.items():
            with_month = query.replace(" month,", " to_char(business_date, 'YYYY-MM'),")
            cursor.execute(f"{with_month} WHERE entry <> 0 GROUP BY 1, 2, 3")
            for system, nature, month, facts, amount, volume in cursor.fetchall():
                totals[target, system, nature, month] = (facts, Decimal(amount), volume)
    return {key: sums for key, sums in totals.items() if any(sums)}


def monthly_facts() -> dict[str, tuple[Decimal, Decimal, Decimal, int]]:
    """Month → revenue, inflow, outflow, weight of all parties together."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(month, 'YYYY-MM'), sum(revenue), sum(inflow), sum(outflow), sum(weight_g)"
            " FROM ledger_monthlyfact GROUP BY 1"
        )
        return {month: tuple(measures) for month, *measures in cursor.fetchall()}


def measured(truth: dict[Place, Sums]) -> dict[str, tuple[Decimal, Decimal, Decimal, int]]:
    """The same from the truth: sales, fees, premiums, refunds and postage are revenue."""
    months = sorted({month for *_, month in truth})
    money: Counter[Any] = Counter()
    for (target, _, nature, month), (_, amount, volume) in truth.items():
        if target == "mail_item":
            money["revenue", month] += amount
            money["weight", month] += volume
        elif target == "transaction":
            measure = "revenue" if nature in REVENUE else "inflow" if nature == "11" else "outflow"
            money[measure, month] += amount
    return {
        month: tuple(Decimal(money[measure, month]) for measure in ("revenue", "inflow", "outflow", "weight"))
        for month in months
        if any(money[measure, month] for measure in ("revenue", "inflow", "outflow", "weight"))
    }


def shells(keys: set[str]) -> set[str]:
    """Those of the keys that no customer has come for yet."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM customer_sourceparty WHERE customer_id IS NULL AND key = ANY(%s)", [list(keys)]
        )
        return {key for (key,) in cursor.fetchall()}


def test_ledger_is_the_truth(tmp_path: Path) -> None:
    """First load and three days after it: corrections, repeats, stragglers, voids and customers who come late."""
    as_of = clock.business_date() - timedelta(days=DAYS)
    generate(CUSTOMERS, SEED, tmp_path, as_of=as_of, months=MONTHS)
    load_folder(tmp_path, [], lambda *_: None)
    first = tmp_path / "truth.json"
    assert found() == stated(first)
    assert monthly_facts() == measured(stated(first))
    late = {entry["key"] for entry in json.loads((tmp_path / "withheld.json").read_text("utf-8"))}
    assert shells(late)

    for day in range(1, DAYS + 1):
        generate_increment(tmp_path, SEED, day)
    load_folder(tmp_path, [], lambda *_: None)
    truths = [first, *(tmp_path / f"truth_{later(as_of, day)}.json" for day in range(1, DAYS + 1))]
    assert found() == stated(*truths)
    assert monthly_facts() == measured(stated(*truths))
    assert not shells(late)
    with scope.bulk():
        sums = [delivery.sums for delivery in Delivery.objects.exclude(sums={})]
    assert sums
    assert {
        Decimal(measure["difference"])
        for kinds in sums
        for kind in kinds.values()
        for measure in kind.values()
    } == {Decimal(0)}


def later(day: date, days: int) -> str:
    return f"{day + timedelta(days=days):%Y%m%d}"
