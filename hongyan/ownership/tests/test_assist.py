"""Assisting managers (协办): who may let whom assist, what they see, and how it ends (GEN-006)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Assistant, CustomerScope, ListRow
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, WANG, ZHANG, log_in
from hongyan.customer.tests.test_views import MOST_QUERIES
from hongyan.ownership.actions.assist import follow_days
from hongyan.ownership.parameters import MOST_ASSISTANTS
from hongyan.ownership.queries.people import customers_of
from hongyan.ownership.tests.people import (
    CULTURE_OUTLET,
    MA,
    QIN,
    ZHAO,
    act,
    first_code,
    make_customers,
    make_people,
    seen_on,
    statements_of,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client) -> Client:
    make_people()
    make_customers(2)
    return log_in(client, ZHANG)


def assistants() -> list[Assistant]:
    with scope.bulk():
        return list(Assistant.objects.select_related("staff", "unit", "customer").order_by("id"))


def let(client: Client, code: str, staff_no: str, **given: str) -> Any:
    address = f"/ownership/customers/{code}/01/assistants/"
    return client.post(address, {"staff_no": staff_no, "reason": "共同维护", **given})


def end(client: Client, row: Assistant, **given: str) -> Any:
    address = f"/ownership/assistants/{row.pk}/end/"
    return client.post(address, {"reason": "项目结束", **seen_on(client, address), **given})


def test_a_main_manager_lets_a_colleague_next_door_assist(zhang: Client) -> None:
    """The assistant's unit sees the customer as the owner's does; nobody's cap counts it."""
    code, other = first_code(ZHANG), first_code(ZHANG)[:-1] + "x"
    ma = log_in(Client(), MA)
    assert ma.get(f"/customers/{code}/").status_code == 404
    assert (
        f"/ownership/customers/{code}/01/assistants/"
        in zhang.get(f"/customers/{code}/ownership/").content.decode()
    )
    assert "马超" not in zhang.get(f"/customers/{code}/ownership/").content.decode()

    answer = let(zhang, code, MA)
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/ownership/")
    (row,) = assistants()
    assert (row.staff.staff_no, row.unit.code, row.line, row.is_present, row.by) == (
        MA,
        CULTURE_OUTLET,
        "01",
        True,
        ZHANG,
    )
    with scope.bulk():
        assert AuditEvent.objects.filter(act="ownership.assist", subject=code, purpose="共同维护").exists()
        assert sorted(
            CustomerScope.objects.filter(customer=row.customer).values_list("is_assisting", flat=True)
        ) == [False, True]
        assert ListRow.objects.filter(customer=row.customer).count() == 2
    assert (told(MA), told(ZHANG)) == (["ownership.assisting"], [])
    assert ma.get(f"/customers/{code}/").status_code == 200, "no purpose is asked of an assistant"
    assert code in ma.get("/customers/?manager=assist").content.decode()
    assert code in ma.get("/customers/").content.decode()
    assert code not in ma.get("/ownership/").content.decode(), "the customer is not theirs to change"
    assert other not in ma.get("/customers/").content.decode()
    assert zhang.get("/customers/?manager=mine").content.decode().count(f'/customers/{code}/"') >= 1
    assert customers_of([row.staff_id]) == {}
    assert act(ma, code, "give_back").status_code == 404
    assert "马超" in zhang.get(f"/customers/{code}/ownership/").content.decode()


def test_assistance_ends_by_any_of_the_two_and_the_customer_is_out_of_sight_again(zhang: Client) -> None:
    code = first_code(ZHANG)
    let(zhang, code, MA)
    ma = log_in(Client(), MA)
    assert end(ma, assistants()[0]).status_code == 302
    (row,) = assistants()
    assert (row.is_present, row.until, row.ended_by) == (False, clock.business_date(), MA)
    assert ma.get(f"/customers/{code}/").status_code == 404
    assert code not in ma.get("/customers/").content.decode()
    with scope.bulk():
        assert CustomerScope.objects.filter(customer=row.customer).count() == 1
    page = zhang.get(f"/customers/{code}/ownership/").content.decode()
    assert "项目结束" in page
    assert end(zhang, row).status_code == 404, "over is over"
    let(zhang, code, MA)
    assert end(zhang, assistants()[1]).status_code == 302
    assert told(MA)[-1] == "ownership.assist_ended"


def test_a_day_to_come_takes_effect_on_that_day(zhang: Client) -> None:
    code, tomorrow = first_code(ZHANG), clock.business_date() + timedelta(days=1)
    assert let(zhang, code, MA, since=str(tomorrow)).status_code == 302
    ma = log_in(Client(), MA)
    assert ma.get(f"/customers/{code}/").status_code == 404
    assert follow_days() == 0
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert (follow_days(), follow_days()) == (1, 0)
        assert assistants()[0].is_present
    with scope.bulk():
        Assistant.objects.update(until=clock.business_date())
    assert follow_days() == 1
    assert not assistants()[0].is_present


def test_whoever_is_no_manager_there_any_more_assists_no_more(zhang: Client) -> None:
    let(zhang, first_code(ZHANG), ZHAO)
    act(log_in(Client(), QIN), first_code(ZHANG), "adjust", staff_no=ZHAO)
    assert follow_days() == 1
    assert assistants()[0].ended_by == "system"


@pytest.mark.parametrize(
    "given",
    [
        {"staff_no": ZHANG},
        {"staff_no": LI},
        {"staff_no": "nobody"},
        {"staff_no": MA, "reason": ""},
        {"staff_no": MA, "reason": "客户电话13812345678"},
        {"staff_no": MA, "since": "2020-01-01"},
        {"staff_no": MA, "since": "2099-01-01"},
    ],
)
def test_what_makes_no_sense_is_refused(zhang: Client, given: dict[str, str]) -> None:
    assert let(zhang, first_code(ZHANG), **given).status_code == 422
    assert assistants() == []


def test_nobody_is_named_twice_and_not_too_many(zhang: Client) -> None:
    code = first_code(ZHANG)
    let(zhang, code, MA)
    assert let(zhang, code, MA).status_code == 422
    set_value(MOST_ASSISTANTS, "1")
    assert let(zhang, code, ZHAO).status_code == 422
    assert len(assistants()) == 1


def test_others_have_no_say(zhang: Client) -> None:
    code = first_code(ZHANG)
    zhao, li = log_in(Client(), ZHAO), log_in(Client(), LI)
    assert (let(zhao, code, MA).status_code, let(li, code, MA).status_code) == (404, 404)
    assert assistants() == []
    let(zhang, code, MA)
    (row,) = assistants()
    assert (end(zhao, row).status_code, end(li, row).status_code) == (404, 404)
    assert assistants()[0].until is None
    assert let(log_in(Client(), QIN), code, ZHAO).status_code == 302, "the head may"


def test_the_pages_take_few_statements(zhang: Client) -> None:
    code = first_code(ZHANG)
    for staff_no in (MA, ZHAO):
        let(zhang, code, staff_no)
    (row, _) = assistants()
    for address in (
        f"/customers/{code}/ownership/",
        f"/ownership/customers/{code}/01/assistants/",
        f"/ownership/customers/{code}/01/give_back/",
        f"/ownership/assistants/{row.pk}/end/",
    ):
        assert statements_of(zhang, address) <= MOST_QUERIES, address
    for staff_no in (QIN, WANG):
        head = log_in(Client(), staff_no)
        for address in (
            "/ownership/", "/ownership/?keeper=county", "/ownership/load/", "/ownership/changes/",
            f"/ownership/customers/{code}/01/adjust/", f"/ownership/customers/{code}/01/dissolve/",
            f"/ownership/hand-over/{ZHANG}/", f"/customers/{code}/ownership/",
        ):  # fmt: skip
            assert statements_of(head, address) <= MOST_QUERIES, (staff_no, address)
