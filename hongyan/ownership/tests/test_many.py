"""Hand-over of a leaving manager and mass changes: plan, job, undo (issue 6, acceptance 2; UI 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.customer.models import Ownership
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, LIXIA_OUTLET, WANG, ZHANG, log_in, staff
from hongyan.ownership.actions.carry_out import carry_out
from hongyan.ownership.models import Transfer
from hongyan.ownership.parameters import FULL_TIME_CAP
from hongyan.ownership.tests.people import (
    MA,
    QIN,
    ZHAO,
    act,
    make_customers,
    make_people,
    owners,
    run_job,
    seen_on,
    told,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(client: Client) -> Client:
    make_people()
    make_customers(12)
    return log_in(client, WANG)


def begun(client: Client) -> Transfer:
    assert client.post(f"/ownership/hand-over/{ZHANG}/").status_code == 302
    return transfer()


def planned(client: Client, found: Transfer, *shares: tuple[str, int], **given: str):  # type: ignore[no-untyped-def]
    address = f"/ownership/changes/{found.pk}/"
    data = {"reason": "张建国离岗", **seen_on(client, address), **given}
    for number, (who, count) in enumerate(shares, 1):
        data |= {f"to_{number}": str(staff(who).pk), f"count_{number}": str(count)}
    return client.post(address, data)


def start(client: Client, found: Transfer):  # type: ignore[no-untyped-def]
    address = f"/ownership/changes/{found.pk}/"
    return client.post(f"{address}start/", seen_on(client, address))


def keepers() -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in owners():
        name = one.manager.staff_no if one.manager else ""
        counts[name] = counts.get(name, 0) + 1
    return counts


def test_a_manager_leaves_and_a_day_later_it_could_be_undone(wang: Client) -> None:
    """Acceptance 2: to two colleagues and the pool in one act, everybody sees it, undo restores all."""
    page = wang.get(f"/ownership/hand-over/{ZHANG}/").content.decode()
    assert '<dt>客户</dt><dd><span class="num">12</span></dd>' in page
    found = begun(wang)
    before = {one.customer_id: (one.unit_id, one.manager_id) for one in owners()}
    assert planned(wang, found, (ZHAO, 5), (MA, 4)).status_code == 302
    page = wang.get(f"/ownership/changes/{found.pk}/").content.decode()
    assert "确认办理" in page
    assert keepers() == {ZHANG: 12}, "a plan changes nothing"
    assert start(wang, found).status_code == 302
    assert run_job().state == "done"
    assert keepers() == {ZHAO: 5, MA: 4, "": 3}
    done = transfer()
    assert (done.state, done.moved, done.pooled, done.skipped) == ("done", 12, 0, 0)
    assert {one.unit.code for one in owners(MA)} == {"370102002"}
    assert {one.unit.code for one in owners("")} == {LIXIA_OUTLET}
    assert (told(ZHAO), told(MA), told(ZHANG)) == (["ownership.won"], ["ownership.won"], ["ownership.lost"])
    assert told(WANG) == ["ownership.done"]
    assert str(found.number) in wang.get("/ownership/changes/").content.decode()

    assert wang.post(f"/ownership/changes/{found.pk}/undo/").status_code == 302
    assert run_job().state == "done"
    assert {one.customer_id: (one.unit_id, one.manager_id) for one in owners()} == before
    assert (transfer().state, transfer().restored) == ("undone", 12)
    assert wang.post(f"/ownership/changes/{found.pk}/undo/").status_code == 409


def test_undo_leaves_alone_what_changed_since(wang: Client) -> None:
    found = begun(wang)
    planned(wang, found, (ZHAO, 12))
    start(wang, found)
    run_job()
    code = owners(ZHAO)[0].customer.code
    act(wang, code, "dissolve")
    wang.post(f"/ownership/changes/{found.pk}/undo/")
    run_job(found)
    assert keepers() == {ZHANG: 11, "": 1}
    with scope.bulk():
        outcomes = sorted(found.items.values_list("outcome", flat=True))
    assert outcomes == ["kept"] + ["restored"] * 11


def test_after_a_day_nothing_is_undone(wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = begun(wang)
    planned(wang, found, (ZHAO, 12))
    start(wang, found)
    run_job()
    with scope.bulk():
        Transfer.objects.filter(pk=found.pk).update(done_at=clock.now() - timedelta(hours=25))
    assert wang.post(f"/ownership/changes/{found.pk}/undo/").status_code == 409
    assert keepers() == {ZHAO: 12}


def test_the_cap_holds_for_many_and_the_plan_says_so_before(wang: Client) -> None:
    set_value(FULL_TIME_CAP, "5")
    found = begun(wang)
    planned(wang, found, (ZHAO, 8))
    page = wang.get(f"/ownership/changes/{found.pk}/").content.decode()
    row = page.partition("赵敏</th>")[2].partition("</tr>")[0]
    assert [f'<span class="num">{number}</span>' in row for number in (5, 3)] == [True, True]
    start(wang, found)
    run_job()
    assert keepers() == {ZHAO: 5, "": 7}
    assert (transfer().moved, transfer().pooled) == (9, 3)
    assert "ownership.overflow" in told(ZHAO)
    assert "ownership.overflow" in told(QIN)


def test_somebody_faster_is_not_overruled_and_a_killed_job_goes_on(wang: Client) -> None:
    found = begun(wang)
    planned(wang, found, (ZHAO, 12))
    start(wang, found)
    code = owners(ZHANG)[0].customer.code
    act(wang, code, "dissolve")
    run_job(found)
    assert keepers() == {ZHAO: 11, "": 1}
    assert transfer_of(found).skipped == 1
    with scope.bulk():
        count = Ownership.objects.count()
        carry_out(found.pk, lambda _done, _all: None)
        assert Ownership.objects.count() == count, "a second run changes nothing"
        assert Transfer.objects.get(pk=found.pk).state == "done"
    assert told(ZHAO) == ["ownership.won"]


def transfer_of(found: Transfer) -> Transfer:
    with scope.bulk():
        return Transfer.objects.get(pk=found.pk)


@pytest.mark.parametrize(
    "shares", [[(ZHAO, 13)], [(ZHAO, 0)], [(ZHAO, 3), (ZHAO, 3)], [(LI, 3)], [(ZHANG, 3)]]
)
def test_plans_that_make_no_sense_are_refused(wang: Client, shares: list[tuple[str, int]]) -> None:
    found = begun(wang)
    assert planned(wang, found, *shares).status_code == 422
    assert transfer_of(found).shares == []
    assert start(wang, found).status_code == 409
    assert keepers() == {ZHANG: 12}


def test_a_plan_somebody_else_changed_is_not_carried_out_unseen(wang: Client) -> None:
    found = begun(wang)
    planned(wang, found, (ZHAO, 3))
    page = wang.get(f"/ownership/changes/{found.pk}/").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    planned(wang, found, (MA, 3))
    assert wang.post(f"/ownership/changes/{found.pk}/start/", {"seen": seen}).status_code == 409
    assert transfer_of(found).state == "draft"


def test_mass_changes_begin_in_the_list_with_chosen_rows_or_all_results(wang: Client) -> None:
    chosen = [str(one.pk) for one in owners(ZHANG)[:3]]
    assert wang.post("/ownership/reassign/", {"ids": chosen}).status_code == 302
    assert transfer().size == 3
    assert wang.post("/ownership/reassign/", {"scope": "all", "query": "keeper=none"}).status_code == 422, (
        "nobody is in the pool"
    )
    wang.post("/ownership/reassign/", {"scope": "all", "query": f"manager={ZHANG}"})
    found = transfer()
    assert (found.size, found.act) == (12, "reassign")
    planned(wang, found, (MA, 2))
    start(wang, found)
    run_job()
    assert keepers() == {MA: 2, "": 10}


def test_another_county_sees_nothing_and_managers_may_not(wang: Client) -> None:
    found = begun(wang)
    make_customers(1, unit=HUAIYIN_OUTLET, manager=LI)
    for who, status in ((LI, 403), (ZHANG, 403)):
        client = log_in(Client(), who)
        assert client.get(f"/ownership/changes/{found.pk}/").status_code == status
        assert client.post(f"/ownership/hand-over/{ZHANG}/").status_code == status
    assert wang.get(f"/ownership/hand-over/{LI}/").status_code == 404
    qin = log_in(Client(), QIN)
    assert qin.get(f"/ownership/changes/{found.pk}/").status_code == 404, "the county's act"


def test_the_load_page_counts_what_its_links_list(wang: Client) -> None:
    page = wang.get("/ownership/load/").content.decode()
    assert f"/ownership/?manager={ZHANG}&amp;unit={LIXIA_OUTLET}&amp;line=01" in page
    listed = wang.get(f"/ownership/?manager={ZHANG}&unit={LIXIA_OUTLET}&line=01")
    assert listed.context["list"].count.value == 12
    assert f"/ownership/hand-over/{ZHANG}/" in page
    assert f"/ownership/hand-over/{ZHAO}/" not in page, "nothing to hand over"


def test_pages_cost_no_more_with_more_rows(wang: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    found = begun(wang)
    planned(wang, found, (ZHAO, 5), (MA, 4))
    for path in (
        "/ownership/",
        "/ownership/load/",
        "/ownership/changes/",
        f"/ownership/changes/{found.pk}/",
        f"/ownership/hand-over/{ZHANG}/",
        f"/customers/{owners(ZHANG)[0].customer.code}/ownership/",
        f"/ownership/customers/{owners(ZHANG)[0].customer.code}/01/adjust/",
    ):
        wang.get(path)
        with django_assert_max_num_queries(18):
            assert wang.get(path).status_code == 200, path
