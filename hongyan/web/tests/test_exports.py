"""The audit as a file: what stands in it, how much of it, and that taking it away is audited itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from django.http import QueryDict

from hongyan.core import audit, scope
from hongyan.core.models import AuditEvent
from hongyan.desk.codes import ExportState
from hongyan.desk.tests.exporting import ask, exported, last_export, limit, write_all
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import Level, Role
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.rules.approvals import Check
from hongyan.org.tests.approvals import SAMPLE, declared
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in
from hongyan.web.exports.approvals import read_approvals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def act_as(staff_no: str, subject: str, **facts: object) -> None:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        audit.record(viewer.actor, "test.open", "customer", subject, **facts)


def acts(act: str) -> list[AuditEvent]:
    with scope.bulk():
        return list(AuditEvent.objects.filter(act=act).order_by("id"))


def test_the_list_leads_to_its_export() -> None:
    act_as("zhang", "H1")
    page = logged_in("wang").get("/audit/?actor=zhang").content.decode()
    assert 'href="/exports/new/audit/?actor=zhang"' in page


def test_an_export_is_a_safe_table_and_audited() -> None:
    act_as("zhang", "=cmd|' /C calc'!A0", purpose="＝1+1", after={"name": "新名"})
    act_as("chen", "H2")
    (row,) = exported(logged_in("wang"), "audit", "?actor=zhang", purpose="inspection")
    assert (row["工号"], row["用途或原因"], row["是否完整"]) == ("zhang", "'＝1+1", "完整")
    assert row["修改后"] == "{'name': '新名'}"
    assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in row.values())
    (event,) = acts("export.written")
    assert (event.actor, event.purpose, event.count) == ("wang", "inspection", 1)


def test_a_county_gets_nothing_of_another() -> None:
    act_as("chen", "H2")
    assert ask(logged_in("wang"), "audit", "?actor=chen", purpose="inspection").status_code == 422


def test_more_than_is_free_is_not_approved_by_those_who_are_audited() -> None:
    limit(free_rows=2)
    for number in range(3):
        act_as("zhang", str(number))
    client = logged_in("wang")
    answer = ask(client, "audit", "?actor=zhang", purpose="inspection")
    assert answer.status_code == 422
    assert "结果超过 2 行" in answer.content.decode()
    assert acts("export.requested") == []
    exported(client, "audit", "?actor=zhang&subject=1", purpose="inspection")
    assert last_export().state == ExportState.READY


def test_the_audit_grows_by_being_taken_and_is_written_nevertheless() -> None:
    """Nobody approves more of it, so what the day's exports leave room for is no limit of one."""
    limit(free_rows=12)
    for number in range(6):
        act_as("chen", str(number))
    chen = logged_in("chen")
    for _again in range(2):
        assert ask(chen, "audit", "?actor=chen", purpose="inspection").status_code == 302
        write_all()
        assert last_export().state == ExportState.READY


def test_what_requests_ask_is_read_of_all_together() -> None:
    """A file of thousands of requests must not ask the database for each of them."""
    read: list[set[str]] = []

    def asked(subjects: Collection[str]) -> dict[str, str]:
        read.append(set(subjects))
        return {subject: f"样品 {subject}" for subject in subjects}

    li, route = find_viewer("li"), (Check(1, (Role.AUDITOR.value,), level=Level.GROUP),)
    with declared(replace(SAMPLE, asked=asked, route=route)), scope.acting(li.scope):
        for subject in ("S1", "S2", "S3"):
            submit(li, "sample", subject, reason="试样")
        found = read_approvals(li, QueryDict("box=mine"))
        lines = found.lines(found.rows)
    assert {line[2] for line in lines} == {"样品 S1", "样品 S2", "样品 S3"}
    assert read == [{"S1", "S2", "S3"}]
