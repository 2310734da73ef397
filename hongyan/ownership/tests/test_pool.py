"""The pool of the county (X-34): what nobody takes at the outlet for some days rises to it, and is claimed there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, jobs, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.models import Ownership
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, LIXIA_OUTLET, TESTER, WANG, ZHANG, log_in
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row
from hongyan.ownership.actions.rise import rise, start_nightly
from hongyan.ownership.parameters import POOL_DAYS
from hongyan.ownership.queries.pool import RISING
from hongyan.ownership.tests.people import make_customers, make_people, owners, told

pytestmark = pytest.mark.django_db
JIA = "jia"


@pytest.fixture
def pool(client: Client) -> Client:
    """Two customers in the pool of the outlet, one of them for thirty days; `jia` is manager of the county."""
    make_people()
    with scope.bulk():
        take_in_posts([post_row(JIA, "贾县", "370102", Role.KEY_ACCOUNT_MANAGER)], actor=TESTER)
    make_customers(2, manager="")
    with scope.bulk():
        Ownership.objects.filter(pk=owners("")[0].pk).update(since=clock.now() - timedelta(days=30))
    return log_in(client, JIA)


def claim(client: Client, row: Ownership) -> int:
    return client.post("/ownership/claim/", {"ids": [str(row.pk)]}).status_code


def test_what_lies_in_the_pool_for_thirty_days_rises_to_the_county(pool: Client) -> None:
    old, new = owners("")
    assert claim(pool, old) == 422, "the outlet's first"
    start_nightly()
    run = JobRun.objects.get(task=RISING)
    jobs.carry_out(run.task, run.pk, {})
    run.refresh_from_db()
    assert (run.state, run.result["risen"]) == (JobRun.State.DONE, 1)
    assert rise().risen == 0, "again, it changes nothing"
    old, new = owners("")
    assert (old.risen_at is not None, new.risen_at, old.unit.code) == (True, None, LIXIA_OUTLET)
    assert told(WANG) == ["ownership.risen"]
    with scope.bulk():
        assert AuditEvent.objects.filter(act="ownership.rise").count() == 2

    page = pool.get("/ownership/?keeper=county").content.decode()
    assert (old.customer.code in page, new.customer.code in page) == (True, False)
    assert "县级待分配" in page
    page = pool.get("/ownership/?keeper=outlet").content.decode()
    assert (old.customer.code in page, new.customer.code in page) == (False, True)
    assert claim(pool, new) == 422
    assert claim(pool, old) == 302
    (mine,) = owners(JIA)
    assert (mine.customer_id, mine.unit.code, mine.risen_at) == (old.customer_id, LIXIA_OUTLET, None)


def test_the_outlet_still_sees_and_may_claim_what_rose_and_other_counties_do_not(pool: Client) -> None:
    rise()
    old = owners("")[0]
    li = log_in(Client(), LI)
    assert old.customer.code not in li.get("/ownership/?keeper=county").content.decode()
    assert claim(li, old) == 409
    assert claim(log_in(Client(), ZHANG), old) == 302


def test_a_county_sets_its_own_days(pool: Client) -> None:
    set_value(POOL_DAYS, "31")
    assert rise().risen == 0
    assert all(one.risen_at is None for one in owners(""))
