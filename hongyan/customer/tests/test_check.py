"""The check for duplicates at its doors: who is told what, in both languages (CUS-003, journey 5.1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ID, PHONE, SECRETS
from hongyan.customer.tests.test_api import api

CHECK = "/api/v1/customers/check"


@pytest.fixture
def zhang(town: None) -> Client:
    return api(factory.ZHANG)


@pytest.fixture
def li(town: None) -> Client:
    return api(factory.LI)


def ask(client: Client, **record: str) -> Any:
    answer = client.post(CHECK, json.dumps(record), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def checks() -> list[AuditEvent]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act="customer.check"))


def test_another_spelling_of_a_known_customer_is_found_with_reasons(zhang: Client) -> None:
    """Issue 5, acceptance 4: 王晓明 with the phone of 王小明 is he, and it is said why."""
    found = ask(zhang, name="王曉明", phone="138 1234 5678")
    (one,) = found["candidates"]
    assert (found["band"], one["band"], one["name"], one["code"]) == (
        "join",
        "join",
        "王小明",
        factory.code_of("王小明"),
    )
    assert one["reasons"] == ["姓名同音(王晓明/王小明)", "手机号相同", "同一人"]
    assert one["waterfall"][0]["label"].startswith("起点")
    assert one["waterfall"][-1]["total"] == pytest.approx(sum(step["bits"] for step in one["waterfall"]))
    assert 90 <= one["score"] <= 100


def test_the_reasons_come_in_the_readers_language(zhang: Client) -> None:
    answer = zhang.post(
        f"{CHECK}?lang=en",
        json.dumps({"name": "王晓明", "phone": PHONE}),
        content_type="application/json",
        headers={"accept-language": "en"},
    )
    assert "same mobile number" in answer.json()["candidates"][0]["reasons"]


def test_out_of_scope_only_band_and_masked_name_are_told(li: Client) -> None:
    """DESIGN 3, scope: the check sees everybody; what it tells of strangers is next to nothing."""
    found = ask(li, name="王小明", phone=PHONE, credential_no=ID)
    assert found == {
        "band": "join",
        "candidates": [
            {"band": "join", "name": "王*明", "code": None, "score": None, "reasons": [], "waterfall": []}
        ],
    }


def test_father_and_son_with_one_phone_are_not_the_same(zhang: Client) -> None:
    assert ask(zhang, name="李建国", phone=PHONE) == {"band": "new", "candidates": []}


def test_a_check_is_audited_without_what_was_typed(zhang: Client, li: Client) -> None:
    ask(zhang, name="王晓明", phone=PHONE)
    ask(li, name="王晓明", phone=PHONE)
    own, foreign = checks()
    assert (own.subject_kind, own.subject, own.count) == ("customer", factory.code_of("王小明"), 1)
    assert (foreign.subject, foreign.count) == ("", 1)
    assert (own.after, foreign.after) == (
        {"band": "join", "out_of_scope": 0},
        {"band": "join", "out_of_scope": 1},
    )


def test_a_check_writes_no_customer_and_answers_no_number_in_full(zhang: Client) -> None:
    with scope.acting(scope.EVERYTHING):
        before = Customer.objects.count(), SourceParty.objects.count()
    text = json.dumps(ask(zhang, name="王小明", phone=PHONE, credential_no=ID, address=factory.ADDRESS))
    assert not any(secret in text for secret in SECRETS)
    with scope.acting(scope.EVERYTHING):
        assert (Customer.objects.count(), SourceParty.objects.count()) == before


@pytest.mark.parametrize(
    "record", [{"name": "先生"}, {}, {"name": "王小明", "phone": PHONE, "nickname": "小明"}]
)
def test_a_record_that_cannot_be_checked_is_an_error(zhang: Client, record: dict[str, str]) -> None:
    answer = zhang.post(CHECK, json.dumps(record), content_type="application/json")
    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
