"""BARS A 3 for facts: twenty kills at random points of files that correct each other, in random order, one end.

pytest -m slow tests/prove/test_ledger_kills.py -s
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from conftest import clear_tables
from hongyan.core import scope
from hongyan.customer.tests.factory import make_organisation
from hongyan.integration.actions import apply
from hongyan.integration.tests.killing import POINTS, apply_and_die
from hongyan.integration.tests.ledger_factory import sale
from hongyan.integration.tests.test_facts import CHUNK, checked, signed, small_chunks
from hongyan.ledger.queries.digests import digest, wrong_sums

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLS = 20
SALES = 120
SEED = 20261122
FIRST_DAY = 20261020


def files() -> list[list[dict[str, str]]]:
    """Four days: sales, then corrections of money and customer, voids, moved days, repeats."""
    draw = random.Random(SEED)
    days: list[list[dict[str, str]]] = [[], [], [], []]
    for number in range(1, SALES + 1):
        row = sale(
            number, 金额=f"{draw.randint(1, 900)}.{draw.randint(0, 99):02}", 客户号=f"YY{number % 9:08}"
        )
        first = draw.randint(0, 3)
        days[first].append(row)
        for version in range(2, draw.randint(1, 3) + 1):
            changes = draw.choice(
                [
                    {"金额": f"{draw.randint(1, 900)}.00"},
                    {"客户号": "YY00000077"},
                    {"作废标志": "1"},
                    {"业务日期": "20260930", "原业务日期": "20261020"},
                ]
            )
            days[draw.randint(0, 3)].append({**row, "修改序号": str(version), **changes})
        if draw.random() < 0.1:
            days[draw.randint(0, 3)].append(row)
    return days


def outcome() -> dict[str, Any]:
    with scope.bulk():
        assert wrong_sums() == 0
        return digest()


def fresh() -> None:
    clear_tables()
    make_organisation()
    small_chunks()


def test_twenty_kills_of_facts(owner_dsn: str) -> None:
    days = files()
    fresh()
    for number, rows in enumerate(days):
        signed(rows, str(FIRST_DAY + number))
    undisturbed = outcome()
    draw = random.Random(SEED)
    landed = 0
    while landed < KILLS:
        fresh()
        for number in draw.sample(range(len(days)), len(days)):
            delivery = checked(days[number], str(FIRST_DAY + number))
            point, chunk = draw.choice(POINTS), draw.randint(1, max(delivery.staged_rows // CHUNK - 1, 1))
            assert apply_and_die(delivery.id, point, chunk, owner_dsn=owner_dsn) == -9
            landed += 1
            apply(delivery.id)
        assert outcome() == undisturbed, f"after kill {landed}"
