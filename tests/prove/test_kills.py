"""The proof of BARS A 3: twenty kills at random, recorded points, twenty times the same end. Part of `make prove`.

pytest -m slow tests/prove/test_kills.py -s
"""

from __future__ import annotations

import random

import pytest

from conftest import clear_tables
from hongyan.integration.actions import apply
from hongyan.integration.tests.factory import customer, kgc_file
from hongyan.integration.tests.killing import POINTS, apply_and_die, digest
from hongyan.integration.tests.test_recovery import CHUNK, arrange

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLS = 20
ROWS = 300
SEED = 20261121


def delivery_content() -> bytes:
    """Customers of which some come twice, once unchanged and once changed."""
    rows = [customer(number) for number in range(1, ROWS + 1)]
    again = [rows[5], customer(7, 邮编="250009"), rows[200]]
    return kgc_file([*rows[:250], *again, *rows[250:]])


def test_twenty_kills(owner_dsn: str) -> None:
    apply(arrange(delivery_content()).id)
    undisturbed = digest()
    draw = random.Random(SEED)
    landed = []
    for _ in range(KILLS):
        clear_tables()
        delivery = arrange(delivery_content())
        point, chunk = draw.choice(POINTS), draw.randint(1, ROWS // CHUNK - 1)
        assert apply_and_die(delivery.id, point, chunk, owner_dsn=owner_dsn) == -9
        delivery.refresh_from_db()
        assert 0 <= delivery.applied_rows < delivery.staged_rows, (
            "the kill must land in the middle of the file"
        )
        landed.append((point, chunk, delivery.applied_rows))
        apply(delivery.id)
        assert digest() == undisturbed, f"kill {point} chunk {chunk}"
    print(f"{len(landed)} kills (point, chunk, committed rows): {landed}")
