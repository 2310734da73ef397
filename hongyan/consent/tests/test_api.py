"""Consent over the API (SEC-i01)."""

from __future__ import annotations

import pytest

from hongyan.consent.models import Consent
from hongyan.consent.tests.factory import publish_all
from hongyan.core import scope
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import LI, ZHANG, code_of
from hongyan.customer.tests.test_api import api

pytestmark = pytest.mark.django_db

GIVEN = {
    "purpose": "marketing", "line": "04", "channels": ["sms"], "source": "app", "proof": "electronic",
    "reference": "LOG-77",
}  # fmt: skip


@pytest.fixture
def town(db: None) -> None:
    factory.make_town()
    publish_all()


def ask(client, what: str) -> dict[str, object]:
    return client.get(f"/api/v1/customers/{code_of('王小明')}/may-contact?{what}").json()


def post(client, tail: str, body: dict[str, object]) -> object:
    return client.post(f"/api/v1/customers/{code_of('王小明')}/{tail}", body, content_type="application/json")


def test_a_program_asks_says_and_asks_again(town: None) -> None:
    client = api(ZHANG)
    what = "purpose=marketing&line=04&channel=sms"
    assert ask(client, what) == {"is_allowed": False, "why": "no_consent", "word": None}
    answer = post(client, "consent/given", GIVEN)
    assert answer.status_code == 201
    assert ask(client, what) == {"is_allowed": True, "why": "allowed", "word": answer.json()[0]}
    assert post(client, "silences", {"channels": ["sms"], "source": "app"}).status_code == 201
    assert ask(client, what)["why"] == "silent"
    assert post(client, "consent/withdrawn", {"source": "app"}).status_code == 201
    assert ask(client, what)["why"] == "withdrawn"
    found = client.get(f"/api/v1/customers/{code_of('王小明')}/consent").json()
    assert [(one["is_given"], one["purpose"], one["channel"]) for one in found["words"]] == [
        (False, "", ""),
        (True, "marketing", "sms"),
    ]
    assert [one["channels"] for one in found["silences"]] == [["sms"]]


def test_out_of_scope_is_absent_and_nothing_is_written(town: None) -> None:
    client = api(LI)
    assert post(client, "consent/given", GIVEN).status_code == 404
    assert post(client, "consent/withdrawn", {"source": "app"}).status_code == 404
    assert client.get(f"/api/v1/customers/{code_of('王小明')}/consent").status_code == 404
    with scope.bulk():
        assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        ("consent/given", {**GIVEN, "purpose": "anything"}),
        ("consent/given", {**GIVEN, "purpose": "service"}),
        ("consent/given", {**GIVEN, "reference": "13812345678"}),
        ("consent/withdrawn", {}),
        ("silences", {"source": "app", "opens": "20:00"}),
    ],
)
def test_what_cannot_be_is_refused(town: None, tail: str, body: dict[str, object]) -> None:
    assert post(api(ZHANG), tail, body).status_code == 422
    with scope.bulk():
        assert not Consent.objects.exists()


def test_a_channel_is_needed_where_there_is_one(town: None) -> None:
    code = code_of("王小明")
    answer = api(ZHANG).get(f"/api/v1/customers/{code}/may-contact?purpose=marketing&line=04")
    assert answer.status_code == 422
    assert ask(api(ZHANG), "purpose=profiling&line=04")["why"] == "no_consent"
