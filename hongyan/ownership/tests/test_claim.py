"""Claiming customers of the pool (X-34): the outlet's own, within the cap, and not whom one lost lately."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.customer.models import Ownership
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LIXIA_OUTLET, ZHANG, log_in
from hongyan.ownership.parameters import FULL_TIME_CAP
from hongyan.ownership.tests.people import (
    CULTURE_OUTLET,
    MA,
    QIN,
    ZHAO,
    act,
    make_customers,
    make_people,
    owners,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhao(client: Client) -> Client:
    make_people()
    make_customers(3, manager="")
    return log_in(client, ZHAO)


def claim(client: Client, *rows: Ownership):  # type: ignore[no-untyped-def]
    return client.post("/ownership/claim/", {"ids": [str(row.pk) for row in rows]})


def test_a_manager_claims_from_the_pool_of_the_outlet(zhao: Client) -> None:
    page = zhao.get("/ownership/?keeper=none").content.decode()
    assert "认领" in page
    first, second, _ = owners("")
    assert claim(zhao, first, second).status_code == 302
    assert [(one.customer_id, one.reason, one.unit.code) for one in owners(ZHAO)] == [
        (first.customer_id, "claim", LIXIA_OUTLET),
        (second.customer_id, "claim", LIXIA_OUTLET),
    ]
    assert claim(log_in(Client(), ZHANG), first).status_code == 409, "somebody was faster"
    assert owners(ZHANG) == []


def test_the_cap_bars_all_of_a_choice(zhao: Client) -> None:
    set_value(FULL_TIME_CAP, "2")
    assert claim(zhao, *owners("")).status_code == 422
    assert owners(ZHAO) == []


def test_others_pools_are_out_of_reach(zhao: Client) -> None:
    ma = log_in(Client(), MA)
    assert claim(ma, owners("")[0]).status_code == 409
    assert claim(log_in(Client(), QIN), owners("")[0]).status_code == 403, "heads assign, they do not claim"
    assert len(owners("", unit=CULTURE_OUTLET)) == 0
    assert len(owners("")) == 3


def test_whom_one_gave_back_can_be_claimed_by_others_only_until_thirty_days_are_over(zhao: Client) -> None:
    row = owners("")[0]
    claim(zhao, row)
    code = owners(ZHAO)[0].customer.code
    assert act(zhao, code, "give_back").status_code == 302
    given_back = next(one for one in owners("") if one.customer_id == row.customer_id)
    assert claim(zhao, given_back).status_code == 422
    assert owners(ZHAO) == []
    with scope.bulk():
        Ownership.objects.filter(manager__staff_no=ZHAO).update(until=clock.now() - timedelta(days=31))
    assert claim(zhao, given_back).status_code == 302
