"""Facts never wait: all files of the demo, forwards and backwards, end in one and the same ledger.

pytest -m slow tests/prove/test_ledger_orders.py
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import clear_tables
from hongyan.core import scope
from hongyan.customer.models import SourceParty
from hongyan.integration.actions import apply, check, receive_file, sign_as
from hongyan.integration.actions.check import SYSTEM
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.demo import generate
from hongyan.integration.descriptors import all_descriptors
from hongyan.ledger.queries.digests import digest, wrong_sums

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CUSTOMERS, SEED, MONTHS = 100, 20261122, 1


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    generate(CUSTOMERS, SEED, tmp_path, as_of=date(2026, 11, 21), months=MONTHS)
    organisation, *others = sorted(_drops(tmp_path), key=lambda file: (_system(file) != "erp", file.name))
    forwards = _end_of([organisation, *others])
    empty = {table for table, (rows, _) in forwards.items() if not rows}
    assert empty <= {"ledger_factmove"}, "every table has its share, but nothing moves in a first load"
    clear_tables()
    assert _end_of([organisation, *reversed(others)]) == forwards


def _drops(folder: Path) -> Iterable[Path]:
    return (file for file in folder.iterdir() if _system(file))


def _system(file: Path) -> str:
    return next((one.code for one in all_descriptors() if one.match(file.name)), "")


def _end_of(files: Iterable[Path]) -> dict[str, Any]:
    """The ledger after some files, each taken in whole before the next."""
    for file in files:
        delivery = receive_file(
            file, system=_system(file), channel=Channel.COMMAND, actor=SYSTEM, in_background=False
        ).delivery
        if check(delivery.id, in_background=False).state == DeliveryState.CHECKED:
            sign_as(SYSTEM, delivery.id, in_background=False)
        assert apply(delivery.id).state == DeliveryState.APPLIED, file.name
    with scope.bulk():
        assert wrong_sums() == 0
        assert SourceParty.objects.filter(customer=None).exists(), "some facts came before their customer"
        return digest()
