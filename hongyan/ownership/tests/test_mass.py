"""One manager for many customers of the list: the cap, the lines, the change of owners, the undo (PSB-011, UI 7)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.customer.codes import Kind
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, WANG, ZHANG, log_in, staff
from hongyan.desk.tests.massing import begun, chosen, looked_at, outcomes, undone
from hongyan.ownership.models import Transfer
from hongyan.ownership.parameters import FULL_TIME_CAP
from hongyan.ownership.tests.people import MA, ZHAO, act, make_customers, make_people, owners, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(client: Client) -> Client:
    make_people()
    make_customers(4)
    return log_in(client, WANG)


def test_one_manager_for_many_up_to_the_cap_and_back(wang: Client) -> None:
    before = {one.customer_id: (one.unit_id, one.manager_id) for one in owners()}
    set_value(FULL_TIME_CAP, 3)
    run = chosen(wang, query="")
    assert looked_at(wang, run, "manager", manager=staff(LI).pk).status_code == 422, "another county's"
    assert looked_at(wang, run, "manager", manager=staff(MA).pk).status_code == 302
    assert outcomes(run) == {"ready": 3, "refused/full": 1}
    page = wang.get(f"/mass/{run.pk}/").content.decode()
    assert "客户经理已到管户上限" in page
    assert "马超" in page
    begun(wang, run)
    assert outcomes(run) == {"changed": 3, "refused/full": 1}
    assert len(owners(MA)) == 3
    assert told(MA) == ["ownership.won"]
    undone(wang, run)
    assert {one.customer_id: (one.unit_id, one.manager_id) for one in owners()} == before
    assert outcomes(run) == {"restored": 3, "refused/full": 1}
    with scope.bulk():
        assert Transfer.objects.get().state == "undone"


def test_who_changed_hands_since_stays_there(wang: Client) -> None:
    """And who has the manager already is no change."""
    run = chosen(wang, query="")
    looked_at(wang, run, "manager", manager=staff(ZHANG).pk)
    assert outcomes(run) == {"same": 4}
    assert wang.post(f"/mass/{run.pk}/start/").status_code == 409
    looked_at(wang, run, "manager", manager=staff(ZHAO).pk)
    begun(wang, run)
    code = owners(ZHAO)[0].customer.code
    assert act(wang, code, "adjust", staff_no=MA).status_code == 302
    undone(wang, run)
    assert outcomes(run) == {"restored": 3, "kept/later": 1}
    assert [one.customer.code for one in owners(MA)] == [code]


def test_managers_do_not_assign(wang: Client) -> None:
    make_customers(1, line="03", kind=Kind.REGISTERED, system="psb")
    zhang = log_in(Client(), ZHANG)
    run = chosen(zhang, query="")
    assert "指定客户经理" not in zhang.get(f"/mass/{run.pk}/").content.decode()
    assert looked_at(zhang, run, "manager", manager=staff(ZHAO).pk).status_code != 302
    assert outcomes(run) == {"chosen": run.size}
    assert not owners(ZHAO)
