"""Whoever does not look after a customer says first what for (PSB-020, PSB-021; REQUIREMENTS 5.1 08:30)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.customer.tests import factory
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.queries.exceptions import is_conspicuous

NAME = "王小明"


@pytest.fixture
def sun(town: None, client: Client) -> Client:
    """The province's administrator, who sees every customer of it and looks after none."""
    return factory.log_in(client, factory.SUN)


def record_url(tail: str = "", *, name: str = NAME) -> str:
    return f"/customers/{factory.code_of(name)}/{tail}"


def asking(url: str, *, name: str = NAME) -> str:
    return f"{record_url('purpose/', name=name)}?{urlencode({'next': url})}"


def openings() -> list[tuple[str, str, str, str]]:
    """(actor, act, purpose, result) of what the audit says of the customer, in order."""
    acts = ("customer.open", "customer.state_purpose")
    with transaction.atomic(), scope.bulk():
        rows = AuditEvent.objects.filter(act__in=acts, subject=factory.code_of(NAME)).order_by("id")
        return list(rows.values_list("actor", "act", "purpose", "result"))


@pytest.mark.parametrize("staff_no", [factory.ZHANG, factory.WANG])
def test_who_looks_after_a_customer_is_not_asked(town: None, client: Client, staff_no: str) -> None:
    """The manager, and the head of the county."""
    factory.log_in(client, staff_no)

    assert client.get(record_url()).status_code == 200
    assert openings() == [(staff_no, "customer.open", "", "done")]


def test_anybody_else_says_what_for_and_goes_on(sun: Client) -> None:
    wanted = record_url("sources/")

    answer = sun.get(wanted)
    assert (answer.status_code, answer.headers["Location"]) == (302, asking(wanted))
    page = sun.get(answer.headers["Location"]).content.decode()
    assert NAME in page
    assert "张建国" in page, "who looks after the customer could be asked instead"
    assert "138****5678" not in page

    answer = sun.post(record_url("purpose/"), {"purpose": "complaint", "note": "投诉 12", "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
    assert [sun.get(url).status_code for url in (wanted, record_url(), record_url("history/"))] == [200] * 3
    assert openings() == [
        (factory.SUN, "customer.open", "", "asked"),
        (factory.SUN, "customer.state_purpose", "complaint", "done"),
        *[(factory.SUN, "customer.open", "complaint", "done")] * 3,
    ]


def test_a_purpose_is_for_one_customer_in_one_session(sun: Client) -> None:
    sun.post(record_url("purpose/"), {"purpose": "visit"})

    assert sun.get(record_url()).status_code == 200
    assert sun.get(record_url(name="王小丽")).status_code == 302
    assert factory.log_in(Client(), factory.SUN).get(record_url()).status_code == 302


def test_a_purpose_holds_for_as_long_as_the_parameter_says(sun: Client) -> None:
    now = clock.now()
    with scope.acting(scope.EVERYTHING):
        ParameterValue.objects.create(
            key="customer.purpose_minutes",
            value=15,
            effective_from=clock.business_date(),
            set_at=now,
            set_by="x",
        )
    sun.post(record_url("purpose/"), {"purpose": "visit"})

    with clock.frozen(now + timedelta(minutes=14)):
        assert sun.get(record_url()).status_code == 200
    with clock.frozen(now + timedelta(minutes=16)):
        assert sun.get(record_url()).status_code == 302


def test_a_purpose_nobody_knows_opens_nothing(sun: Client) -> None:
    answer = sun.post(record_url("purpose/"), {"purpose": "curiosity"})

    assert answer.status_code == 422
    assert sun.get(record_url()).status_code == 302
    assert [row[1:] for row in openings()] == [("customer.open", "", "asked")]


def test_the_page_leads_to_no_other_site(sun: Client) -> None:
    answer = sun.post(record_url("purpose/"), {"purpose": "visit", "next": "https://example.com/"})

    assert answer.headers["Location"] == record_url()


def test_a_swap_leads_to_the_page_that_asks(sun: Client) -> None:
    answer = sun.get(record_url("history/"), headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, asking(record_url("history/")))
    assert answer.content == b""


@pytest.mark.parametrize(
    "query", ["facts/?kind=transaction&customer={code}", "customers/{code}/?month=2026-10&line=01"]
)
def test_the_facts_of_a_customer_are_asked_for_too(sun: Client, query: str) -> None:
    url = f"/ledger/{query.format(code=factory.code_of(NAME))}"
    assert sun.get(url).headers["Location"] == asking(url)

    factory.state_purposes(sun, factory.code_of(NAME))
    assert sun.get(url).status_code == 200


@pytest.mark.django_db
def test_over_the_api_the_purpose_comes_with_the_call(town: None) -> None:
    viewer = factory.viewer(factory.SUN)
    with scope.acting(viewer.scope):
        _, token = make_api_token(viewer, name="test")
    caller, url = Client(headers={"Authorization": f"Bearer {token}"}), f"/api/v1{record_url().rstrip('/')}"

    refused = caller.get(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "purpose_needed")
    assert NAME not in refused.content.decode()
    assert caller.get(f"{url}?purpose=curiosity").status_code == 422
    assert caller.get(f"{url}?purpose=verify").json()["code"] == factory.code_of(NAME)
    assert [row[1:] for row in openings()] == [
        ("customer.open", "", "asked"),
        ("customer.open", "verify", "done"),
    ]


def test_being_asked_is_not_being_refused(sun: Client) -> None:
    """Whoever works through a list of others' customers is asked for each, and asks nobody to look into it."""
    with transaction.atomic(), scope.bulk():
        ParameterValue.objects.create(
            key="exception.denials_an_hour",
            value=3,
            effective_from=clock.business_date(),
            set_at=clock.now(),
            set_by="x",
        )
    for _time in range(4):
        assert sun.get(record_url()).status_code == 302
    assert [row[3] for row in openings()] == ["asked"] * 4
    assert not is_conspicuous(factory.viewer(factory.SUN))

    for _time in range(3):
        assert sun.get("/customers/H00000000999/").status_code == 404
    assert is_conspicuous(factory.viewer(factory.SUN))


def test_example_20_a_customer_of_another_county_without_purpose_is_denied_and_logged(town: None) -> None:
    """REQUIREMENTS 6, 20. Out of scope there is nothing to ask for; in scope the purpose is missing."""
    li, sun = factory.log_in(Client(), factory.LI), factory.log_in(Client(), factory.SUN)

    assert li.get(record_url()).status_code == 404
    assert li.get(record_url("purpose/")).status_code == 404
    assert li.post(record_url("purpose/"), {"purpose": "visit"}).status_code == 404
    answer = sun.get(record_url())
    assert NAME not in answer.content.decode()
    assert [row for row in openings() if row[1] == "customer.open"] == [
        *[(factory.LI, "customer.open", "", "denied")] * 3,
        (factory.SUN, "customer.open", "", "asked"),
    ]
