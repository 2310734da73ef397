"""The audit: who reads what, that reading is audited, integrity, verification, the log-in log."""

from __future__ import annotations

import re
from collections import Counter

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import audit, jobs, scope
from hongyan.core.audit_seals import seal_rows
from hongyan.core.models import AuditEvent, JobRun
from hongyan.org.codes import Right
from hongyan.org.models import LoginEvent
from hongyan.org.queries.audit import VERIFICATION
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.rights import RIGHTS
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def act_as(staff_no: str, act: str, subject: str = "1", **facts: object) -> AuditEvent:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        return audit.record(viewer.actor, act, "customer", subject, **facts)


def all_acts() -> list[AuditEvent]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.order_by("id"))


def rows_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().partition("<tbody")[2].partition("</tbody>")[0]


# --- reading


def test_an_auditor_reads_the_acts_of_the_own_province() -> None:
    act_as("zhang", "test.open")
    act_as("chen", "test.group")
    rows = rows_of(logged_in("wang"), "/audit/")
    assert "test.open" in rows
    assert "test.group" not in rows
    assert "test.group" in rows_of(logged_in("chen"), "/audit/")


def test_reading_the_audit_is_audited() -> None:
    act_as("zhang", "test.open")
    logged_in("wang").get("/audit/?act=audit.read")
    event = all_acts()[-1]
    assert (event.actor, event.act, event.after, event.count) == (
        "wang",
        "audit.read",
        {"query": "act=audit.read"},
        0,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=zhang", True), ("actor=张", True), ("actor=li", False),
        ("subject=H1", True), ("subject=H", False),
        ("result=done", True), ("result=denied", False),
        ("at_from=2020-01-01", True), ("at_to=2020-01-01", False),
    ],
)  # fmt: skip
def test_acts_are_filtered(query: str, found: bool) -> None:
    act_as("zhang", "test.open", "H1")
    assert ("test.open" in rows_of(logged_in("wang"), f"/audit/?{query}")) is found


@pytest.mark.parametrize(
    "address",
    ["/audit/", "/audit/1/", "/audit/logins/", "/audit/verify/", "/audit/verify/1/"],
)
def test_without_the_right_the_audit_is_closed_and_the_attempt_audited(address: str) -> None:
    assert logged_in("zhang").get(address).status_code == 403
    last = all_acts()[-1]
    assert (last.actor, last.act, last.subject, last.result) == (
        "zhang",
        Right.AUDIT_READ,
        address,
        "denied",
    )


def test_one_act_shows_what_it_changed() -> None:
    event = act_as("zhang", "test.change", before={"name": "旧名"}, after={"name": "新名"})
    html = logged_in("wang").get(f"/audit/{event.pk}/").content.decode()
    assert all(text in html for text in ("旧名", "新名", "张伟", "完整"))
    assert "已被改动" not in html


def test_what_for_is_said_in_words() -> None:
    """Acceptance 2: who, when, why. A code is not a why; a reason that somebody typed stays as it is."""
    event = act_as("zhang", "test.reveal", purpose="service")
    act_as("zhang", "test.reveal", purpose="月末核对")
    auditor = logged_in("wang")
    assert "客户服务" in auditor.get(f"/audit/{event.pk}/").content.decode()
    rows = rows_of(auditor, "/audit/?act=test.reveal")
    assert all(words in rows for words in ("客户服务", "月末核对"))


def test_an_act_out_of_scope_is_absent() -> None:
    event = act_as("chen", "test.group")
    assert logged_in("wang").get(f"/audit/{event.pk}/").status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_many_rows() -> None:
    client = logged_in("wang")
    taken = []
    for _ in range(2):
        for number in range(60):
            act_as("zhang", "test.open", str(number))
        with CaptureQueriesContext(connection) as captured:
            client.get("/audit/")
        taken.append(len(captured))
    assert taken[0] == taken[1] <= 12


def test_choosing_filters_is_no_reading() -> None:
    client = logged_in("wang")
    for address in ("/audit/?filters=all", "/audit/logins/?filters=all"):
        assert client.get(address).status_code == 200
    assert not {"audit.read", "audit.log_ins"} & {event.act for event in all_acts()}


# --- integrity


@pytest.mark.django_db(transaction=True)
def test_an_altered_row_is_marked_and_named_by_the_verification(owner_dsn: str) -> None:
    altered = act_as("zhang", "test.open", "H1")
    act_as("zhang", "test.open", "H2")
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE core_auditevent SET subject = 'H9' WHERE id = %s", [altered.pk])
    client = logged_in("wang")
    assert rows_of(client, "/audit/?subject=H9").count("已被改动") == 1
    assert rows_of(client, "/audit/?subject=H2").count("已被改动") == 0
    run = verified(client)
    assert run.result["findings"] == [{"fault": "altered", "id": altered.pk}]
    html = client.get(f"/audit/verify/{run.pk}/").content.decode()
    assert f'<a href="/audit/{altered.pk}/">第 {altered.pk} 号记录</a>' in html
    assert "内容被改动" in html
    assert "hx-trigger" not in html.partition('id="verification"')[2].partition(">")[0]


@pytest.mark.django_db(transaction=True)
def test_a_verification_reads_every_row_in_scope() -> None:
    for number in range(3):
        act_as("zhang", "test.open", str(number))
    client = logged_in("wang")
    run = verified(client)
    with scope.acting(find_viewer("wang").scope):
        assert run.result == {
            "rows": AuditEvent.objects.count(),
            "unsealed": None,
            "faults": 0,
            "findings": [],
        }
    assert (run.state, run.done, run.total) == ("done", run.result["rows"], run.result["rows"])
    assert "全部与写入时一致" in client.get(f"/audit/verify/{run.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_verification_of_everything_names_a_row_that_was_removed(owner_dsn: str) -> None:
    removed = act_as("zhang", "test.open", "H1")
    act_as("zhang", "test.open", "H2")
    seal_rows()
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("DELETE FROM core_auditevent WHERE id = %s", [removed.pk])
    client = logged_in("chen")
    run = verified(client)
    assert run.result["findings"] == [{"fault": "removed", "id": removed.pk}]
    html = client.get(f"/audit/verify/{run.pk}/").content.decode()
    assert "记录被删除" in html
    assert f"第 {removed.pk} 号记录" in html
    assert f"/audit/{removed.pk}/" not in html


def test_a_waiting_verification_asks_again_and_belongs_to_who_started_it() -> None:
    client = logged_in("wang")
    address = client.post("/audit/verify/")["Location"]
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in fragment
    assert "<html" not in fragment
    assert logged_in("chen").get(address).status_code == 404


def verified(client: Client) -> JobRun:
    """Start a verification in the page and carry it out as a worker would."""
    run = JobRun.objects.get(pk=client.post("/audit/verify/")["Location"].split("/")[-2])
    own = find_viewer(run.created_by).scope
    jobs.carry_out(VERIFICATION, run.pk, {"lo": own.lo, "hi": own.hi, "everything": own.everything})
    run.refresh_from_db()
    return run


def test_the_right_to_export_belongs_to_auditors() -> None:
    assert {role for role, rights in RIGHTS.items() if Right.AUDIT_EXPORT in rights} == {"auditor"}


# --- log-ins


def test_the_log_in_log_shows_people_in_scope_and_unknown_names_to_the_group() -> None:
    try_log_in(Client(), "zhang", "wrong")
    try_log_in(Client(), "chen", "wrong")
    LoginEvent.objects.create(staff=None, at="2026-11-01T00:00Z", outcome="failed", address="10.0.0.9")
    rows = rows_of(logged_in("wang"), "/audit/logins/?outcome=failed")
    assert "张伟" in rows
    assert "陈审" not in rows
    assert "10.0.0.9" not in rows
    rows = rows_of(logged_in("chen"), "/audit/logins/?outcome=failed")
    assert all(text in rows for text in ("张伟", "陈审", "不存在的工号", "10.0.0.9"))


def test_reading_the_log_in_log_is_audited() -> None:
    rows_of(logged_in("wang"), "/audit/logins/?q=zw")
    event = all_acts()[-1]
    assert (event.actor, event.act, event.after) == ("wang", "audit.log_ins", {"query": "q=zw"})


def test_an_act_nobody_named_shows_its_own_name() -> None:
    assert audit.label_of("test.nothing") == "test.nothing"
    assert audit.label_of("parameter.set") == "修改参数"
    with pytest.raises(ValueError, match=r"parameter\.set is declared twice"):
        audit.label("parameter.set", "x")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_name_stands_twice_among_the_acts_to_choose_from(language: str) -> None:
    """Two acts of one name would make an auditor who chooses one of them miss half (issue 4)."""
    page = logged_in("wang").get(f"/audit/?lang={language}").content.decode()
    acts = page.partition('name="act"')[2].partition("</select>")[0]
    names = Counter(re.findall(r"<option value=.[^>]+>([^<]+)<", acts))
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []
