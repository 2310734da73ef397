"""Many customers changed at once: looked at beforehand, done row by row by right, undone (CUS-009, UI 7, 16)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, jobs, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.codes import Kind, PartyType
from hongyan.customer.models import Correction, Customer
from hongyan.customer.tests import factory
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, Given, code_of, log_in, take
from hongyan.desk.actions import work_mass
from hongyan.desk.models import MassItem, MassRun, Notification
from hongyan.desk.parameters import MOST_AT_ONCE
from hongyan.desk.queries.mass import can_undo
from hongyan.desk.tests.massing import begun, chosen, latest, looked_at, outcomes, undone, worked
from hongyan.org.models import Post

SHOPS = ("泰山商行", "黄河商行", "趵突商行")
MAKING = {"value": "industry:14"}


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    factory.make_town()
    take(*(_shop(name, number) for number, name in enumerate(SHOPS)))
    take(_shop("槐荫商行", 9, unit=HUAIYIN_OUTLET, manager=LI))


def _shop(name: str, number: int, **more: str) -> Given:
    industry = {"fields": {"industry": "12"}} if name == "黄河商行" else {}
    return Given(
        name, f"S{number}", party_type=PartyType.ORGANISATION, kind=Kind.REGISTERED, **industry, **more
    )  # type: ignore[arg-type]


@pytest.fixture
def wang() -> Client:
    return log_in(Client(), factory.WANG)


def industries() -> dict[str, str]:
    with scope.bulk():
        return dict(Customer.objects.filter(name__endswith="商行").values_list("name", "industry"))


def looked(client: Client, *names: str) -> MassRun:
    run = chosen(client, ids=[code_of(name) for name in names])
    assert looked_at(client, run, "field", **MAKING).status_code == 302
    return latest()


def test_a_field_of_many_is_looked_at_changed_and_brought_back(wang: Client) -> None:
    """What a source said is heard again after the undo, what nobody said is empty again."""
    before = industries()
    run = chosen(wang, query="q=商行")
    assert "更正资料" in wang.get(f"/mass/{run.pk}/").content.decode()
    looked_at(wang, run, "field", **MAKING)
    assert industries() == before, "a preview changes nothing"
    with CaptureQueriesContext(connection) as queries:
        page = wang.get(f"/mass/{run.pk}/").content.decode()
    assert len(queries) <= 12
    assert "修改这 3 行" in page
    assert "泰山商行" in page
    assert "槐荫商行" not in page
    job = begun(wang, run)
    assert (job.state, job.result, latest().state) == ("done", {"rows": 3}, "done")
    assert {industries()[name] for name in SHOPS} == {"14"}
    assert industries()["槐荫商行"] == before["槐荫商行"], "out of scope"
    with scope.bulk():
        assert Correction.objects.filter(state="done").count() == 3
        assert Notification.objects.filter(recipient=factory.WANG, kind="mass.done").exists()
    with CaptureQueriesContext(connection) as queries:
        rows = wang.get(f"/mass/{run.pk}/rows/?outcome=changed").content.decode()
    assert len(queries) <= 12
    assert all(name in rows for name in SHOPS)
    assert undone(wang, run).state == "done"
    assert industries() == before
    assert outcomes(run) == {"restored": 3}
    assert wang.post(f"/mass/{run.pk}/undo/").status_code == 409


def test_the_preview_says_of_each_row_why_not(wang: Client) -> None:
    """Persons have no industry; what takes a second person is corrected one by one; who has it already stays."""
    run = chosen(
        wang, ids=[code_of(name) for name in ("王小明", "济南市鼎盛食品有限公司", "黄河商行", "泰山商行")]
    )
    looked_at(wang, run, "field", value="industry:12")
    found = outcomes(run)
    assert found.pop("refused/kind") == 1
    assert found.pop("same") == 1
    assert sum(found.values()) == 2
    assert "这类客户没有这一项" in wang.get(f"/mass/{run.pk}/").content.decode()
    assert looked_at(wang, run, "field", value="").status_code == 422
    assert looked_at(wang, run, "field", value="industry:14", reason="").status_code == 422
    assert looked_at(wang, run, "field", value="industry:14", reason="找 13812345678").status_code == 422
    assert latest().given == {"value": "industry:12"}


def test_what_others_changed_between_is_left_and_named(wang: Client) -> None:
    """Since the preview, and since the act: neither is written over, and the page says which (UI 16)."""
    run = looked(wang, *SHOPS)
    other = looked(wang, "泰山商行")
    begun(wang, other)
    begun(wang, run)
    assert outcomes(run) == {"changed": 2, "refused/moved": 1}
    later = chosen(wang, ids=[code_of("黄河商行")])
    looked_at(wang, later, "field", value="industry:11")
    begun(wang, later)
    undone(wang, run)
    assert outcomes(run) == {"restored": 1, "kept/later": 1, "refused/moved": 1}
    assert industries()["黄河商行"] == "11"
    page = wang.get(f"/mass/{run.pk}/").content.decode()
    assert "修改之后别人又改过" in page
    assert "预览之后别人改过" in page


def test_a_right_or_a_post_that_ends_ends_the_run(wang: Client) -> None:
    """Scope and rights are those of the moment in which a row is worked on, not of the preview."""
    run, before = looked(wang, *SHOPS), industries()
    assert wang.post(f"/mass/{run.pk}/start/").status_code == 302
    with scope.bulk():
        posts = Post.objects.filter(staff__staff_no=factory.WANG)
        posts.update(role="quality")
        assert worked(run).state == "failed"
        posts.update(role="county_head", ended_at=clock.now())
    assert worked_again(run).state == "failed"
    assert industries() == before
    assert outcomes(run) == {"ready": 3}


def worked_again(run: MassRun) -> JobRun:
    with scope.bulk():
        JobRun.objects.filter(pk=MassRun.objects.get(pk=run.pk).run_id).update(state="waiting")
    return worked(run)


def test_it_is_stopped_continued_and_undone_half_way(wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """UI 7: progress, cancel, resume. A stopped run keeps what it did, and may be undone as far as it came."""
    monkeypatch.setattr(work_mass, "CHUNK", 1)
    run = looked(wang, *SHOPS)
    assert wang.post(f"/mass/{run.pk}/stop/").status_code == 409
    assert wang.post(f"/mass/{run.pk}/start/").status_code == 302
    page = wang.get(f"/mass/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert wang.post(f"/mass/{run.pk}/stop/").status_code == 302
    assert worked(run).state == "cancelled"
    assert outcomes(run) == {"changed": 1, "ready": 2}
    assert "继续" in wang.get(f"/mass/{run.pk}/").content.decode()
    assert wang.post(f"/mass/{run.pk}/continue/").status_code == 302
    assert wang.post(f"/mass/{run.pk}/continue/").status_code == 409
    with scope.bulk():
        jobs.cancel(JobRun.objects.get(pk=MassRun.objects.get(pk=run.pk).run_id))
    assert worked(run).state == "cancelled"
    assert outcomes(run) == {"changed": 2, "ready": 1}
    assert undone(wang, run).state == "done"
    assert outcomes(run) == {"restored": 2, "ready": 1}


def test_a_long_run_is_looked_at_by_a_job_too(wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hongyan.desk.actions.mass.AT_ONCE", 1)
    run = looked(wang, *SHOPS)
    assert (run.state, outcomes(run)) == ("checking", {"chosen": 3})
    assert looked_at(wang, run, "field", **MAKING).status_code == 409
    assert wang.post(f"/mass/{run.pk}/start/").status_code == 409
    worked(run)
    assert (latest().state, outcomes(run)) == ("ready", {"ready": 3})


def test_it_is_nobody_elses_and_takes_the_right(wang: Client) -> None:
    run = looked(wang, *SHOPS)
    other = log_in(Client(), factory.HEAD)
    assert other.get(f"/mass/{run.pk}/").status_code == 404
    assert other.get(f"/mass/{run.pk}/rows/").status_code == 404
    for what in ("start", "stop", "continue", "undo"):
        assert other.post(f"/mass/{run.pk}/{what}/").status_code == 404
    assert run.number not in other.get("/mass/").content.decode()
    assert run.number in wang.get("/mass/").content.decode()
    assert wang.post("/mass/new/nothing/", {"ids": ["x"]}).status_code == 404
    assert wang.post("/mass/new/customers/", {"ids": [code_of("槐荫商行")]}).status_code == 422
    set_value(MOST_AT_ONCE, 1)
    assert wang.post("/mass/new/customers/", {"ids": [code_of(name) for name in SHOPS]}).status_code == 422
    with scope.bulk():
        assert MassRun.objects.count() == 1
        Post.objects.filter(staff__staff_no=factory.WANG).update(role="reader")
    assert wang.post("/mass/new/customers/", {"ids": [code_of("泰山商行")]}).status_code == 403
    assert wang.post(f"/mass/{run.pk}/start/").status_code == 403
    assert 'formaction="/mass/new/customers/"' not in wang.get("/customers/").content.decode()


def test_it_is_undone_within_its_days(wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    run = looked(wang, *SHOPS)
    begun(wang, run)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    with scope.bulk():
        assert MassRun.objects.filter(pk=run.pk, state="done").exists()
    assert not can_undo(factory.viewer(factory.WANG), latest(), None)
    monkeypatch.undo()
    assert can_undo(factory.viewer(factory.WANG), latest(), None)


def test_what_was_done_is_audited(wang: Client) -> None:
    run = looked(wang, *SHOPS)
    begun(wang, run)
    undone(wang, run)
    with scope.bulk():
        rows = AuditEvent.objects.filter(subject=run.number).order_by("id")
        told = list(rows.values_list("act", "count"))
        assert told == [("mass.choose", 3), ("mass.start", 3), ("mass.undo", 3)]
        assert AuditEvent.objects.filter(act="customer.take_back").count() == 3
        assert not MassItem.objects.filter(was__contains="商行").exists()
