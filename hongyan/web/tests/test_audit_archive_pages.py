"""Archived months of the audit through HTTP: verified, laid open, read with the audit's filters (BARS A 10, A 11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import ProgrammingError
from django.test import Client

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.audit_archives import find_archive, place_of
from hongyan.core.audit_life import archive_old_months, make_months
from hongyan.core.audit_openings import close_openings
from hongyan.core.audit_seals import seal_rows
from hongyan.core.models import AuditEvent, JobRun, OpenedAuditEvent
from hongyan.desk.tests.exporting import exported
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Staff
from hongyan.org.queries.audit_archives import OPENING
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

SPRING = datetime(2022, 3, 30, 12, tzinfo=UTC)
MARCH = "/audit/archives/2022-03/"
ROWS = "/audit/archives/events/?month=2022-03-01"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _archived(owner_dsn: str) -> Iterator[None]:
    """What zhang and li did in March 2022, archived since."""
    _clear(owner_dsn)
    with scope.bulk():
        small_organisation()
    for staff_no in ("zhang", "li"):
        viewer = find_viewer(staff_no)
        with clock.frozen(SPRING), scope.acting(viewer.scope):
            audit.record(viewer.actor, "customer.open", "customer", f"of {staff_no}", purpose="visit")
    seal_rows()
    make_months()
    assert [f"{one.month:%Y-%m}" for one in archive_old_months()] == ["2022-03"]
    yield
    _clear(owner_dsn)


def _clear(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("TRUNCATE core_auditevent, core_auditseal, core_auditarchive RESTART IDENTITY")
        owner.execute("DROP TABLE IF EXISTS core_auditevent_202203")


def opened(client: Client) -> JobRun:
    """Ask for the month on its page, and do what a worker would."""
    assert client.post(MARCH)["Location"] == MARCH
    run = JobRun.objects.filter(task=OPENING).latest("pk")
    assert 'hx-trigger="every 1s"' in client.get(MARCH, headers={"HX-Request": "true"}).content.decode()
    jobs.carry_out(OPENING, run.pk, {"month": run.subject})
    run.refresh_from_db()
    return run


def subjects(client: Client, more: str = "") -> list[str]:
    return sorted(event.subject for event in client.get(ROWS + more).context["list"].page.rows)


def test_an_auditor_finds_a_month_opens_it_and_reads_it() -> None:
    chen = logged_in("chen")
    assert "2022-03" in chen.get("/audit/archives/").content.decode()
    assert subjects(chen) == []
    run = opened(chen)
    assert run.result == {"rows": 2, "faults": 0, "findings": []}
    page = chen.get(MARCH).content.decode()
    assert "全部与写入时一致" in page
    assert subjects(chen) == ["of li", "of zhang"]
    assert subjects(chen, "&actor=li") == ["of li"]
    assert chen.get(ROWS).content.decode().count("已被改动") == 0
    with scope.acting(scope.EVERYTHING):
        acts = AuditEvent.objects.filter(actor="chen").values_list("act", "subject_kind", "count")
        assert ("audit.open_archive", "audit", 2) in acts
        assert ("audit.read", "audit_archive", 2) in acts


def test_each_reads_only_their_own_scope_whoever_opened_it() -> None:
    """The rows of 370103, the next county, are of no concern to an auditor of 370102."""
    with scope.bulk():
        take_in_posts([post_row("yue", "岳审", "370102", Role.AUDITOR)], actor=audit.SYSTEM)
        own = Staff.objects.get(staff_no="wang")
        Staff.objects.filter(staff_no="yue").update(
            password=own.password, password_set_at=own.password_set_at
        )
    opened(logged_in("chen"))
    yue = logged_in("yue")
    assert subjects(yue) == ["of zhang"]
    with scope.acting(find_viewer("yue").scope):
        assert OpenedAuditEvent.objects.count() == 1, "the second wall"
    with scope.acting(scope.NOTHING):
        assert not OpenedAuditEvent.objects.exists()


@pytest.mark.parametrize("staff_no", ["zhang", "zhao", "bao"])
def test_nobody_else_opens_or_reads_it(staff_no: str) -> None:
    opened(logged_in("chen"))
    client, runs = logged_in(staff_no), JobRun.objects.count()
    for address in ("/audit/archives/", MARCH, ROWS):
        assert client.get(address).status_code == 403
    assert client.post(MARCH).status_code == 403
    assert JobRun.objects.count() == runs


def test_what_does_not_verify_is_not_laid_open() -> None:
    with scope.acting(scope.EVERYTHING):
        archive = find_archive(datetime(2022, 3, 1, tzinfo=UTC).date())
    path = place_of(archive.uuid)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    chen = logged_in("chen")
    run = opened(chen)
    assert run.result["faults"] > 0
    page = chen.get(MARCH).content.decode()
    assert "对不上封签" in page
    assert "归档文件缺失或损坏" in page
    assert subjects(chen) == []


def test_it_leaves_as_a_file_like_the_audit() -> None:
    chen = logged_in("chen")
    opened(chen)
    rows = exported(chen, "archived", "?month=2022-03-01", purpose="evidence")
    assert sorted(row["对象"] for row in rows) == ["客户 of li", "客户 of zhang"]
    assert {row["是否完整"] for row in rows} == {"完整"}


def test_it_closes_by_itself_and_can_be_opened_again() -> None:
    chen = logged_in("chen")
    opened(chen)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert subjects(logged_in("chen")) == [], "even before anybody tidied up"
        assert close_openings() == 2
    assert "已经到期清除" in chen.get(MARCH).content.decode()
    opened(chen)
    assert len(subjects(chen)) == 2


def test_nobody_changes_what_is_laid_open() -> None:
    opened(logged_in("chen"))
    with pytest.raises(ProgrammingError, match="permission denied"), scope.acting(scope.EVERYTHING):
        OpenedAuditEvent.objects.update(subject="x")
    with pytest.raises(ProgrammingError, match="permission denied"), scope.bulk():
        OpenedAuditEvent.objects.update(subject="x")


@pytest.mark.parametrize("month", ["2022-13", "x", "2021-01"])
def test_a_month_there_is_not(month: str) -> None:
    assert logged_in("chen").get(f"/audit/archives/{month}/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_in_both_languages(language: str, django_assert_max_num_queries) -> None:
    chen = logged_in("chen")
    opened(chen)
    for address in ("/audit/archives/", MARCH, ROWS):
        joint = "&" if "?" in address else "?"
        with django_assert_max_num_queries(12):
            answer = chen.get(f"{address}{joint}lang={language}")
        assert answer.status_code == 200
        assert "2022-03" in answer.content.decode()
