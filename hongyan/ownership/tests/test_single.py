"""One customer in one line: build, adjust, dissolve, give back (PSB-012, X-02, X-05; REQUIREMENTS 5.1)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.errors import Conflict
from hongyan.core.models import AuditEvent
from hongyan.customer.models import CustomerScope, ListRow, Ownership
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    LI,
    LIXIA_OUTLET,
    WANG,
    ZHANG,
    Given,
    log_in,
    take,
    viewer,
)
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import Verdict
from hongyan.org.models import Approval, Place
from hongyan.ownership.codes import TransferState
from hongyan.ownership.parameters import FULL_TIME_CAP
from hongyan.ownership.tests.people import (
    CULTURE_OUTLET,
    MA,
    QIN,
    SHI,
    ZHAO,
    act,
    first_code,
    make_customers,
    make_people,
    owners,
    told,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def qin(client: Client) -> Client:
    make_people()
    make_customers(2)
    return log_in(client, QIN)


def test_the_head_adjusts_inside_the_outlet_and_both_managers_hear_of_it(qin: Client) -> None:
    code = first_code(ZHANG)
    page = qin.get(f"/customers/{code}/ownership/").content.decode()
    assert f"/ownership/customers/{code}/01/adjust/" in page
    assert f"/ownership/customers/{code}/01/assign/" not in page
    assert "赵敏" in qin.get(f"/ownership/customers/{code}/01/adjust/").content.decode()

    answer = act(qin, code, "adjust", staff_no=ZHAO)
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/ownership/")
    (owner,) = owners(ZHAO)
    assert (owner.customer.code, owner.unit.code, owner.reason, owner.note, owner.by) == (
        code, LIXIA_OUTLET, "adjust", "岗位调整", QIN,
    )  # fmt: skip
    assert len(owners(ZHANG)) == 1
    assert (told(ZHANG), told(ZHAO)) == (["ownership.lost"], ["ownership.won"])
    with scope.bulk():
        assert ListRow.objects.get(customer=owner.customer).manager_name == "赵敏"
        assert AuditEvent.objects.filter(act="ownership.adjust", subject=code, purpose="岗位调整").exists()
    page = qin.get(f"/customers/{code}/ownership/").content.decode()
    assert "岗位调整" in page
    assert "张建国" in page.partition("以前的管户")[2]


def test_dissolved_customers_lie_in_the_pool_and_are_built_up_anew(qin: Client) -> None:
    code = first_code(ZHANG)
    assert act(qin, code, "dissolve").status_code == 302
    (pooled,) = owners("")
    assert (pooled.customer.code, pooled.unit.code, pooled.reason) == (code, LIXIA_OUTLET, "dissolve")
    assert code in qin.get("/ownership/?keeper=none").content.decode()
    assert act(qin, code, "dissolve").status_code == 404, "nothing to dissolve any more"
    assert act(qin, code, "assign", staff_no=ZHAO).status_code == 302
    assert [one.reason for one in owners(ZHAO)] == ["assign"]


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("adjust", {"staff_no": "nobody"}),
        ("adjust", {"staff_no": ""}),
        ("adjust", {"staff_no": ZHANG}),
        ("adjust", {"unit": "9"}),
        ("adjust", {"staff_no": ZHAO, "reason": ""}),
        ("adjust", {"staff_no": ZHAO, "reason": "客户电话13812345678"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    qin: Client, what: str, given: dict[str, str]
) -> None:
    before = [one.pk for one in owners()]
    assert act(qin, first_code(ZHANG), what, **given).status_code == 422
    assert [one.pk for one in owners()] == before


def test_a_manager_gives_back_their_own_and_nothing_else(qin: Client) -> None:
    code = first_code(ZHANG)
    zhang, zhao = log_in(Client(), ZHANG), log_in(Client(), ZHAO)
    for client, what in ((zhao, "give_back"), (zhang, "adjust"), (zhang, "dissolve")):
        assert act(client, code, what, staff_no=ZHAO).status_code == 404
    assert len(owners(ZHANG)) == 2
    assert act(zhang, code, "give_back").status_code == 302
    assert [one.reason for one in owners("")] == ["give_back"]


def test_nobody_changes_what_is_out_of_their_scope(qin: Client) -> None:
    make_customers(1, unit=HUAIYIN_OUTLET, manager=LI)
    foreign = first_code(LI)
    assert act(qin, foreign, "adjust", staff_no=ZHAO).status_code == 404
    assert [one.customer.code for one in owners(LI)] == [foreign]


def test_a_second_head_is_told_that_somebody_was_faster(qin: Client) -> None:
    code = first_code(ZHANG)
    seen = str(owners(ZHANG)[0].pk)
    assert act(qin, code, "adjust", staff_no=ZHAO, seen=seen).status_code == 302
    wang = log_in(Client(), WANG)
    assert act(wang, code, "adjust", staff_no=MA, seen=seen).status_code == 409
    assert len(owners(ZHAO)) == 1


def test_to_another_outlet_the_head_above_both_agrees(qin: Client) -> None:
    code = first_code(ZHANG)
    assert act(qin, code, "adjust", staff_no=MA).status_code == 302
    asked = transfer()
    assert asked.state == TransferState.PENDING
    assert owners(MA) == []
    request = Approval.objects.get(kind="owner_county", subject=str(asked.pk))
    wang = viewer(WANG)
    page = log_in(Client(), WANG).get(f"/approvals/{request.pk}/").content.decode()
    assert code in page
    assert "马超" in page
    with scope.acting(wang.scope):
        decide(wang, request.pk, Verdict.APPROVE)
    (owner,) = owners(MA)
    assert (owner.unit.code, owner.customer.code) == (CULTURE_OUTLET, code)
    assert transfer().state == TransferState.DONE
    place = Place.objects.get(unit__code=CULTURE_OUTLET)
    with scope.bulk():
        assert CustomerScope.objects.get(customer=owner.customer).org_no == place.lo
        numbers = set(ListRow.objects.filter(customer=owner.customer).values_list("org_no", flat=True))
        assert numbers == {place.lo}
    assert log_in(Client(), QIN).get(f"/customers/{code}/").status_code == 404
    ma = log_in(Client(), MA)
    assert ma.get(f"/customers/{code}/").status_code == 200
    found = ma.post("/customers/search/", {"q": owner.customer.name})
    assert found["Location"] == f"/customers/{code}/", "search follows"


def test_across_counties_the_city_decides_and_a_refusal_changes_nothing(qin: Client) -> None:
    code = first_code(ZHANG)
    assert act(qin, code, "adjust", unit=HUAIYIN_OUTLET).status_code == 302
    request = Approval.objects.get(kind="owner_city")
    shi = viewer(SHI)
    with scope.acting(shi.scope):
        decide(shi, request.pk, Verdict.REJECT, reason="不同意")
    assert transfer().state == TransferState.REFUSED
    assert len(owners(ZHANG)) == 2


def test_an_approval_that_comes_too_late_is_not_carried_out(qin: Client) -> None:
    code = first_code(ZHANG)
    act(qin, code, "adjust", staff_no=MA)
    act(qin, code, "adjust", staff_no=ZHAO)
    wang, request = viewer(WANG), Approval.objects.get(kind="owner_county")
    with pytest.raises(Conflict), scope.acting(wang.scope):
        decide(wang, request.pk, Verdict.APPROVE)
    assert len(owners(ZHAO)) == 1
    with scope.acting(wang.scope):
        decide(wang, request.pk, Verdict.REJECT, reason="已过时")


def test_example_03_the_501st_customer_goes_to_the_pool_and_manager_and_head_hear_of_it(
    client: Client,
) -> None:
    """Acceptance example 3 (PSB-011, X-05): a manager with 500 customers; the 501st goes to the pool."""
    make_people()
    make_customers(500)
    make_customers_of_zhao()
    code = first_code(ZHAO)
    assert act(log_in(client, QIN), code, "adjust", staff_no=ZHANG).status_code == 302
    assert len(owners(ZHANG)) == 500
    (pooled,) = owners("")
    assert (pooled.customer.code, pooled.unit.code, pooled.reason) == (code, LIXIA_OUTLET, "overflow")
    assert "ownership.overflow" in told(ZHANG)
    assert "ownership.overflow" in told(QIN)
    assert told(ZHAO) == ["ownership.lost"]


def make_customers_of_zhao() -> None:
    take(Given("陈多余", "Z1", manager=ZHAO))


def test_the_cap_is_a_parameter(qin: Client) -> None:
    set_value(FULL_TIME_CAP, "1")
    make_customers_of_zhao()
    code = first_code(ZHANG)
    act(qin, code, "adjust", staff_no=ZHAO)
    assert [one.customer.code for one in owners("")] == [code]


def test_history_is_kept_by_dates(qin: Client) -> None:
    code = first_code(ZHANG)
    act(qin, code, "adjust", staff_no=ZHAO)
    with scope.bulk():
        rows = list(Ownership.objects.filter(customer__code=code).order_by("id"))
    assert [row.until == rows[1].since for row in rows] == [True, False]
    assert rows[1].until is None
