"""`hongyan ledger`: a sound ledger passes, an altered sum is named, a new threshold takes effect on demand."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from hongyan.cli.ledger import ledger
from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.codes import Kind
from hongyan.customer.tests.factory import Given, make_organisation, take
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import BankIntake, MonthlyFact
from hongyan.ledger.parameters import INTAKE_THRESHOLD_YUAN
from hongyan.ledger.tasks import make_partitions_ahead
from hongyan.ledger.tests.factory import book_rows, hold, sell


@pytest.fixture
def booked(db: None) -> None:
    make_organisation()
    book_rows(FactKind.TRANSACTION, sell("N1", "10.00"))
    make_partitions_ahead(0)


def test_a_sound_ledger_passes_and_an_altered_sum_is_named(booked: None) -> None:
    done = CliRunner().invoke(ledger, ["check", "--json"])
    assert json.loads(done.output)["monthly sums that differ"] == 0
    with scope.bulk():
        MonthlyFact.objects.update(revenue=11)
    refused = CliRunner().invoke(ledger, ["check"])
    assert refused.exit_code == 1
    assert "monthly sums differ" in refused.output


def test_a_new_threshold_takes_effect_on_demand(booked: None) -> None:
    take(Given("王芳", "1", system="psb", line="03", kind=Kind.FINANCIAL))
    hold("62170001", "1")
    book_rows(FactKind.BALANCE, {"account": "62170001", "amount": "6000.00"}, system="psb", line="03")
    assert json.loads(CliRunner().invoke(ledger, ["intake", "--json"]).output) == {"changed": 0}
    ParameterValue.objects.create(
        key=INTAKE_THRESHOLD_YUAN.key,
        value="5000",
        effective_from=date(2026, 1, 1),
        set_at=clock.now(),
        set_by="test",
    )
    assert json.loads(CliRunner().invoke(ledger, ["intake", "--json"]).output) == {"changed": 1}
    with scope.bulk():
        assert BankIntake.objects.count() == 1
