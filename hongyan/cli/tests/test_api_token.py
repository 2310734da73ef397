"""The command `hongyan api-token`: a token it makes opens the API, until it is revoked."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from hongyan.cli.api_token import api_token
from hongyan.core import scope
from hongyan.org.models import ApiToken
from hongyan.org.tests.factory import small_organisation

pytestmark = pytest.mark.django_db

UNITS = "/api/v1/organisation/units"


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()


def run(*arguments: str):
    return CliRunner().invoke(api_token, [*arguments, "--json"])


def test_makes_a_token_that_works():
    made = json.loads(run("create", "--staff", "zhang", "--name", "报表").stdout)
    client = Client(headers={"Authorization": f"Bearer {made['token']}"})
    assert client.get(UNITS).status_code == 200
    assert list(json.loads(run("list", "--staff", "zhang").stdout)) == [str(made["id"])]
    assert run("revoke", "--staff", "zhang", str(made["id"])).exit_code == 0
    assert client.get(UNITS).status_code == 401


def test_refuses_somebody_unknown():
    assert run("create", "--staff", "nobody", "--name", "x").exit_code == 1
    assert not ApiToken.objects.exists()
