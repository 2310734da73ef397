"""`hongyan customers`: it acts in one person's post and sees no more than they do."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from hongyan.cli.customers import customers
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
