"""`hongyan ownership`: finds what the bank's rule says, refuses a day to come; lets pools rise."""

from __future__ import annotations

import json
from datetime import date, timedelta

from click.testing import CliRunner

from hongyan.cli.ownership import ownership
from hongyan.core import clock, scope
from hongyan.customer.codes import Kind
from hongyan.customer.models import Ownership
from hongyan.customer.tests.factory import LIXIA_OUTLET, Given, make_organisation, take
from hongyan.ledger.tests.factory import hold
from hongyan.ownership.models import Belonging


def test_it_proposes_and_refuses_a_day_to_come(db: None) -> None:
    make_organisation()
    take(Given("王芳", "1", system="psb", line="03", kind=Kind.FINANCIAL))
    hold("62170001", "1", unit_code=LIXIA_OUTLET, opened_on=date(2021, 1, 1))
    hold("62170002", "1", unit_code="370102002", opened_on=date(2020, 1, 1))
    done = CliRunner().invoke(ownership, ["belong", "--as-of", "2026-11-22", "--json"])
    answer = json.loads(done.stdout)
    assert (answer["first"], answer["last"], answer["proposed"]) == ("2026-08-01", "2026-10-31", 1)
    with scope.bulk():
        assert Belonging.objects.get().to_unit.code == "370102002"
    refused = CliRunner().invoke(ownership, ["belong", "--as-of", "2199-01-01"])
    assert refused.exit_code == 1


def test_pools_rise_once(db: None) -> None:
    make_organisation()
    take(Given("王芳", "1", manager=""))
    with scope.bulk():
        Ownership.objects.update(since=clock.now() - timedelta(days=31))
    risen = [json.loads(CliRunner().invoke(ownership, ["rise", "--json"]).stdout)["risen"] for _ in range(2)]
    assert risen == [1, 0]
