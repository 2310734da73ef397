"""Deciding cases of one kind together: a sample by hand first, agreement customers left out (5.5 screen 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.customer.codes import Kind
from hongyan.customer.models import CaseBatch, ReviewCase
from hongyan.customer.parameters import BATCH_SAMPLE
from hongyan.customer.tests.cases import make_case, make_pairs, set_value, state_of
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, log_in, take
from hongyan.customer.tests.merging import HE, XU, make_stewards, walk_in

pytestmark = pytest.mark.django_db

KIND = "state=open&rule=close_name"


@pytest.fixture
def cases(db: None) -> list[ReviewCase]:
    """Six cases of one kind, and a seventh with an agreement customer; two make the sample."""
    make_stewards()
    set_value(BATCH_SAMPLE, "2")
    found = make_pairs(6)
    take(
        walk_in("周小三", "I", kind=Kind.AGREEMENT_PERSON, system="kgc"),
        walk_in("周大三", "J", unit=HUAIYIN_OUTLET, manager=LI),
    )
    return [*found, make_case("周小三", "周大三")]


@pytest.fixture
def xu(client: Client, cases: list[ReviewCase]) -> Client:
    return log_in(client, XU)


def begun(client: Client, verdict: str = "different") -> CaseBatch:
    answer = client.post(f"/customers/cases/batches/new/?{KIND}", {"verdict": verdict})
    assert answer.status_code == 302
    return batch()


def batch() -> CaseBatch:
    with transaction.atomic(), scope.bulk():
        return CaseBatch.objects.get()


def decide_sample(client: Client, found: CaseBatch, verdict: str = "different") -> None:
    for case_id in found.sample:
        client.post(f"/customers/cases/{case_id}/decide/", {"verdict": verdict})


def run_job(found: CaseBatch) -> JobRun:
    """What the worker does."""
    run = JobRun.objects.get(pk=batch().run_id)
    jobs.carry_out(run.task, run.pk, {"batch_id": found.pk})
    run.refresh_from_db()
    return run


def test_the_sample_comes_first_and_agreement_customers_stay_out(xu: Client, cases: list[ReviewCase]) -> None:
    page = xu.get(f"/customers/cases/batches/new/?{KIND}").content.decode()
    assert '<dt>可以批量处理</dt><dd><span class="num">6</span></dd>' in page
    assert '<dt>不处理：有协议客户</dt><dd><span class="num">1</span></dd>' in page
    found = begun(xu)
    assert (found.size, len(found.sample), found.state) == (6, 2, "checking")
    assert xu.post(f"/customers/cases/batches/{found.pk}/start/").status_code == 409

    decide_sample(xu, found)
    assert xu.post(f"/customers/cases/batches/{found.pk}/start/").status_code == 302
    assert run_job(found).state == "done"
    assert [state_of(case) for case in cases] == ["rejected"] * 6 + ["open"]
    assert (batch().decided, batch().skipped, batch().state) == (4, 0, "done")
    page = xu.get(f"/customers/cases/?batch={found.pk}").content.decode()
    assert page.count('<tr data-row-url="/customers/cases/') == 4


def test_one_other_verdict_in_the_sample_ends_it(xu: Client, cases: list[ReviewCase]) -> None:
    found = begun(xu)
    first, second = found.sample
    xu.post(f"/customers/cases/{first}/decide/", {"verdict": "different"})
    xu.post(f"/customers/cases/{second}/decide/", {"verdict": "same"})
    assert xu.post(f"/customers/cases/batches/{found.pk}/start/").status_code == 409
    assert "不能批量处理" in xu.get(f"/customers/cases/batches/{found.pk}/").content.decode()
    assert sum(state_of(case) == "open" for case in cases) == 5


def test_the_sample_is_worked_through_like_a_queue_and_leads_back(
    xu: Client, cases: list[ReviewCase]
) -> None:
    found = begun(xu)
    first, second = sorted(found.sample, reverse=True)
    query = f"state=open&sample={found.pk}"
    htmx = {"HX-Request": "true"}
    answer = xu.post(f"/customers/cases/{first}/decide/?{query}", {"verdict": "different"}, headers=htmx)
    assert answer["HX-Push-Url"].startswith(f"/customers/cases/{second}/")
    answer = xu.post(f"/customers/cases/{second}/decide/?{query}", {"verdict": "different"}, headers=htmx)
    assert answer["HX-Redirect"] == f"/customers/cases/batches/{found.pk}/"


def test_a_merging_batch_can_be_stopped_and_goes_on_where_it_was(
    xu: Client, cases: list[ReviewCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hongyan.customer.actions.case_batch.PAGE", 1)
    found = begun(xu, "same")
    decide_sample(xu, found, "same")
    xu.post(f"/customers/cases/batches/{found.pk}/start/")
    assert xu.post(f"/customers/cases/batches/{found.pk}/stop/").status_code == 302
    assert run_job(found).state == "cancelled"
    assert batch().decided == 1
    page = xu.get(f"/customers/cases/batches/{found.pk}/").content.decode()
    assert "继续" in page

    assert xu.post(f"/customers/cases/batches/{found.pk}/start/").status_code == 302
    assert run_job(found).state == "done"
    assert (batch().decided, [state_of(case) for case in cases]) == (4, ["merged"] * 6 + ["open"])


def test_what_somebody_else_decided_meanwhile_is_left_alone(
    xu: Client, cases: list[ReviewCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hongyan.customer.actions import case_batch

    found = begun(xu)
    decide_sample(xu, found)
    xu.post(f"/customers/cases/batches/{found.pk}/start/")
    left = [case for case in cases[:6] if case.pk not in found.sample]
    real: Callable[..., None] = case_batch._decide_one

    def after_another(viewer: object, one: CaseBatch, case_id: int) -> None:
        if case_id == left[0].pk:
            log_in(Client(), HE).post(f"/customers/cases/{case_id}/decide/", {"verdict": "same"})
        real(viewer, one, case_id)

    monkeypatch.setattr(case_batch, "_decide_one", after_another)
    run_job(found)
    assert state_of(left[0]) == "merged"
    assert (batch().decided, batch().skipped) == (3, 1)


def test_a_batch_is_its_owners_alone(xu: Client, cases: list[ReviewCase]) -> None:
    found = begun(xu)
    he = log_in(Client(), HE)
    assert he.get(f"/customers/cases/batches/{found.pk}/").status_code == 404
    assert he.post(f"/customers/cases/batches/{found.pk}/start/").status_code == 404
    assert batch().state == "checking"


@pytest.mark.parametrize("verdict", ["unsure", "", "x"])
def test_a_batch_needs_a_verdict_that_decides(xu: Client, verdict: str) -> None:
    assert xu.post(f"/customers/cases/batches/new/?{KIND}", {"verdict": verdict}).status_code == 422
    with transaction.atomic(), scope.bulk():
        assert CaseBatch.objects.count() == 0
