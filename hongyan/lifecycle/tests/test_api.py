"""Applications over the API: asked once, told why not, seen by those who may."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from hongyan.core import scope
from hongyan.customer.tests import factory
from hongyan.customer.tests.test_api import api
from hongyan.lifecycle.codes import ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.tests.applying import ID_OF_QIAN, approve, days_from_now, last

BODY = {
    "name": "钱大钧", "credential_type": "01", "credential_no": ID_OF_QIAN, "mobile": "13500006666",
    "address": "山东省济南市历下区泉城路66号", "line": "01", "families": ["2"], "valid_from": days_from_now(0),
    "settlement": "2", "is_lifelong": True, "sighted": True,
}  # fmt: skip


def ask(who: str = factory.ZHANG, key: str = "k-1", **said: object) -> HttpResponse:
    return api(who).post(
        "/api/v1/applications",
        {**BODY, **said},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def count() -> int:
    with scope.bulk():
        return Application.objects.count()


def test_an_application_is_accepted_and_can_be_seen(town: None) -> None:
    answer = ask()
    assert (answer.status_code, answer.json()) == (202, {"number": last().number, "state": "submitted"})
    seen = api(factory.ZHANG).get(f"/api/v1/applications/{last().number}")
    assert seen.status_code == 200
    assert (seen.json()["state"], seen.json()["customer"]) == ("submitted", None)
    assert ID_OF_QIAN not in seen.content.decode()
    approve()
    code = api(factory.ZHANG).get(f"/api/v1/applications/{last().number}").json()["customer"]
    assert code.startswith("H")


def test_the_same_key_is_the_same_application(town: None) -> None:
    first, second = ask(), ask()
    assert (first.json(), second.status_code, count()) == (second.json(), 202, 1)


def test_what_is_not_admitted_says_why_and_can_be_mended(town: None) -> None:
    answer = ask(mobile="", sighted=False)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "not_admitted"
    failed = {one["item"]: one["problem"] for one in problem["checks"] if one["outcome"] == "failed"}
    assert failed == {"mandatory": "missing", "real_name": "not_sighted"}
    assert last().state == ApplicationState.DRAFT
    mended = ask()
    assert (mended.status_code, mended.json()["number"], count()) == (202, problem["number"], 1)


@pytest.mark.parametrize(("who", "said", "status"), [
    (factory.ZHANG, {"line": "02"}, 422), (factory.ZHANG, {"settlement": "x"}, 422), (factory.SUN, {}, 403),
])  # fmt: skip
def test_what_cannot_be_is_refused(town: None, who: str, said: dict[str, object], status: int) -> None:
    answer = ask(who, **said)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert count() == 0


@pytest.mark.parametrize("number", ["A99999999", "A1x", "x" * 40])
def test_what_is_not_there_is_not_found(town: None, number: str) -> None:
    ask()
    assert api(factory.ZHANG).get(f"/api/v1/applications/{number}").status_code == 404
    assert api(factory.LI).get(f"/api/v1/applications/{last().number}").status_code == 404
