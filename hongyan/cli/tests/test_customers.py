"""`hongyan customers`: it acts in one person's post and sees no more than they do."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from hongyan.cli.customers import customers
from hongyan.core import clock, scope
from hongyan.customer.codes import PartyType, Status
from hongyan.customer.models import Customer, IdentityModel, Relationship
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import PHONE
from hongyan.org.codes import Viewer


@pytest.fixture
def town(db: None) -> None:
    factory.make_town()


def test_the_command_acts_in_one_persons_post(town: None) -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(customers, [*arguments, "--json"])

    code = factory.code_of("王小明")
    assert list(json.loads(run("find", PHONE, "--as", "zhang").output)) == [code]
    assert json.loads(run("find", PHONE, "--as", "li").output) == {}
    assert json.loads(run("show", code, "--as", "zhang").output)["code"] == code
    assert run("show", code, "--as", "li").exit_code == 1
    assert run("show", code, "--as", "nobody").exit_code == 1


def test_finding_needs_the_right_to_read_customers(town: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Viewer, "may", lambda _viewer, _right: False)
    run = CliRunner().invoke(customers, ["find", PHONE, "--as", "zhang", "--json"])
    assert run.exit_code == 1
    assert factory.code_of("王小明") not in run.output


def test_relations_of_all_customers_are_derived(town: None) -> None:
    factory.take(
        factory.Given("济南市鼎盛食品有限公司工会", "K9", party_type=PartyType.ORGANISATION),
    )
    answers = [json.loads(CliRunner().invoke(customers, ["relate", "--json"]).output) for _ in range(2)]
    assert answers[0] == {"customers": 4, "opened": 1, "ended": 0, "altered": 0}
    assert answers[1] == {"customers": 4, "opened": 0, "ended": 0, "altered": 0}


def test_a_training_is_started_by_the_group_alone(town: None) -> None:
    def run(staff_no: str) -> Result:
        arguments = ["train-model", "--kind", "person", "--as", staff_no, "--json"]
        return CliRunner().invoke(customers, arguments)

    assert run("zhang").exit_code == 1
    assert IdentityModel.objects.count() == 0
    told = json.loads(run(factory.HEAD).output)
    assert (told["model"], IdentityModel.objects.get().run_id) == ("MP0001", told["run"])
    # one of a kind at a time
    assert run(factory.HEAD).exit_code == 1
    assert IdentityModel.objects.count() == 1


def test_closed_customers_become_nameless_and_a_dry_run_changes_nothing(town: None) -> None:
    code = factory.code_of("王小丽")
    with scope.bulk():
        Relationship.objects.filter(customer__code=code).update(status=Status.DEREGISTERED)
        long_ago = clock.now() - timedelta(days=4000)
        Customer.objects.filter(code=code).update(status=Status.DEREGISTERED, created_at=long_ago)
    dry = json.loads(CliRunner().invoke(customers, ["anonymise", "--dry-run", "--json"]).output)
    assert (dry["customers"], code in dry, factory.code_of("王小丽")) == (1, True, code)
    assert json.loads(CliRunner().invoke(customers, ["anonymise", "--json"]).output) == dry
    with scope.bulk():
        assert not Customer.objects.filter(name="王小丽").exists()
