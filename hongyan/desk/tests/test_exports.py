"""Taking lists away as files: who may, how many rows, by whose leave, what is written down (BARS A 13)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from hongyan.core import clock, jobs, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent, JobRun
from hongyan.desk import exports
from hongyan.desk.actions import write_export as writing
from hongyan.desk.actions.tidy_exports import tidy_exports
from hongyan.desk.actions.write_export import write_export
from hongyan.desk.codes import ExportFailure, ExportState
from hongyan.desk.export_files import path_of
from hongyan.desk.models import Export, Notification
from hongyan.desk.tests.exporting import (
    SAMPLE,
    ask,
    content_of,
    exported,
    last_export,
    limit,
    lines_of,
    rows_of,
    sheet_of,
    write_all,
)
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role, Verdict
from hongyan.org.models import Approval, Post, Staff
from hongyan.org.tests.factory import POST_ROWS, post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PEOPLE = len(POST_ROWS) + 1


@pytest.fixture(autouse=True)
def _organisation(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(exports, "_sources", {SAMPLE.key: SAMPLE})
    for path in stored():
        path.unlink()
    with clock.frozen(NOW):
        with scope.bulk():
            small_organisation()
            take_in_posts([post_row("wu", "吴县", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
            zhang = Staff.objects.get(staff_no="zhang")
            Staff.objects.filter(staff_no="wu").update(
                password=zhang.password, password_set_at=zhang.password_set_at
            )
        yield


@pytest.fixture
def zhang() -> Client:
    """The head of the outlet L1."""
    return logged_in("zhang")


@pytest.fixture
def wu() -> Client:
    """The head of the county above."""
    return logged_in("wu")


def state() -> tuple[str, str]:
    export = last_export()
    return export.state, export.failure


def asked() -> int:
    with scope.bulk():
        return Export.objects.count()


def acts(act: str) -> list[AuditEvent]:
    with scope.bulk():
        return list(AuditEvent.objects.filter(act=act).order_by("id"))


def stored() -> list[Path]:
    """Whatever lies where the files of exports are kept."""
    return [path for path in (settings.HOME.files / "exports").glob("*") if path.is_file()]


def told(staff_no: str) -> list[str]:
    return list(Notification.objects.filter(recipient=staff_no).order_by("id").values_list("kind", flat=True))


def change_post(staff_no: str, **values: object) -> None:
    with scope.bulk():
        assert Post.objects.filter(staff__staff_no=staff_no).update(**values) == 1


def approve(checker: Client, verdict: Verdict = Verdict.APPROVE, reason: str = "") -> int:
    """Decide the export that was asked for last; the answer's status."""
    with scope.bulk():
        approval = Approval.objects.latest("id")
    answer = checker.post(
        f"/approvals/{approval.pk}/decide/",
        {"verdict": verdict, "reason": reason, "version": approval.version},
    )
    return answer.status_code


class TestSmall:
    def test_is_written_at_once_and_downloaded(self, zhang: Client) -> None:
        page = zhang.get("/exports/new/people/").content.decode()
        assert "导出人员名单" in page
        answer = ask(zhang, "people")
        waiting = zhang.get(answer["Location"]).content.decode()
        assert "排队中" in waiting
        assert 'hx-trigger="every 1s"' in waiting
        write_all()
        ready = zhang.get(answer["Location"]).content.decode()
        assert f"{answer['Location']}file/" in ready
        assert 'hx-trigger="every 1s"' not in ready
        file = zhang.get(f"{answer['Location']}file/")
        assert file["Content-Type"] == "text/csv; charset=utf-8"
        assert file["Cache-Control"] == "no-store"
        number = last_export().number
        assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert file["Content-Disposition"].endswith(f"-{number}.csv")
        lines = lines_of(file)
        assert lines[0] == [
            f"鸿雁导出 {number} · 张伟 zhang · 泉城路支局 · 网点负责人 · 2026-11-22 12:00 · 用途：信息核实 · 月末核对"
        ]
        assert lines[1] == ["工号", "姓名", "序号"]
        assert [line[0] for line in lines[2:]] == sorted(line[0] for line in lines[2:])
        assert len(lines) == PEOPLE + 2

    def test_is_written_down_at_each_step_with_its_purpose(self, zhang: Client) -> None:
        exported(zhang, "people", "?q=张")
        number = last_export().number
        written = {act: acts(f"export.{act}") for act in ("requested", "written", "downloaded")}
        for events in written.values():
            (event,) = events
            assert (event.actor, event.subject, event.purpose, event.count) == ("zhang", number, "verify", 1)
        (event,) = written["requested"]
        assert event.after["note"] == "月末核对"
        assert "张" not in str(event.after), "what was looked for stands only as a keyed hash"
        assert written["written"][0].after["columns"] == ["工号", "姓名", "序号"]
        assert written["written"][0].after["sha256"] == last_export().digest

    def test_asking_leaves_nothing(self, zhang: Client) -> None:
        zhang.get("/exports/new/people/")
        assert (asked(), acts("export.requested")) == (0, [])

    def test_speaks_the_language_it_was_asked_in(self, zhang: Client) -> None:
        zhang.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = ask(zhang, "people")
        write_all()
        assert "Purpose: 信息核实" in lines_of(zhang.get(f"{answer['Location']}file/"))[0][0]

    def test_is_a_workbook_where_one_is_asked_for(self, zhang: Client) -> None:
        answer = ask(zhang, "people", file_format="xlsx")
        write_all()
        file = zhang.get(f"{answer['Location']}file/")
        sheet = sheet_of(content_of(file))
        assert file["Content-Disposition"].endswith(".xlsx")
        assert last_export().number in sheet[0][0][1]
        assert sheet[1] == [("text", "工号"), ("text", "姓名"), ("text", "序号")]
        assert [kind for kind, _text in sheet[2]] == ["text", "text", "number"]
        assert len(sheet) == PEOPLE + 2

    def test_lies_sealed_until_it_goes(self, zhang: Client) -> None:
        exported(zhang, "people")
        export = last_export()
        sealed = path_of(export).read_bytes()
        assert stored() == [path_of(export)]
        assert b"zhang" not in sealed
        assert "姓名".encode() not in sealed
        assert path_of(export).stat().st_mode & 0o777 == 0o600
        assert export.size == len(content_of(zhang.get(f"/exports/{export.pk}/file/")))
        assert last_export().downloads == 2

    def test_is_read_page_by_page(self, zhang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "PAGE_ROWS", 2)
        rows = exported(zhang, "people")
        assert [row["工号"] for row in rows] == sorted(row["工号"] for row in rows)
        assert len(rows) == PEOPLE


class TestRefused:
    def test_without_the_right(self) -> None:
        client = logged_in("wang")
        assert client.get("/exports/new/people/").status_code == 403
        assert ask(client, "people").status_code == 403
        assert (asked(), [event.result for event in acts("customer.export")]) == (0, ["denied", "denied"])

    def test_of_a_list_there_is_not(self, zhang: Client) -> None:
        assert ask(zhang, "secrets").status_code == 404

    @pytest.mark.parametrize(
        "said",
        [{"purpose": ""}, {"purpose": "curiosity"}, {"note": "长" * 101}, {"file_format": "exe"}],
        ids=str,
    )
    def test_without_good_words(self, zhang: Client, said: dict[str, str]) -> None:
        assert ask(zhang, "people", **said).status_code == 422
        assert asked() == 0

    def test_without_rows(self, zhang: Client) -> None:
        assert "没有可以导出的行" in zhang.get("/exports/new/people/?q=无人").content.decode()
        assert ask(zhang, "people", "?q=无人").status_code == 422
        assert asked() == 0

    def test_with_a_condition_that_cannot_be_used(self, zhang: Client) -> None:
        assert ask(zhang, "people", "?q=" + "长" * 101).status_code == 422
        assert asked() == 0

    def test_over_the_most_whoever_approves(self, zhang: Client) -> None:
        limit(free_rows=1, most_rows=4)
        answer = ask(zhang, "people")
        assert answer.status_code == 422
        assert "结果超过 4 行" in answer.content.decode()
        assert asked() == 0

    def test_over_what_is_free_where_nobody_approves(
        self, zhang: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limit(free_rows=2)
        alone = exports.Source(
            **{name: getattr(SAMPLE, name) for name in SAMPLE.__slots__} | {"by_approval": False}
        )
        monkeypatch.setattr(exports, "_sources", {alone.key: alone})
        assert "结果超过 2 行" in ask(zhang, "people").content.decode()
        assert asked() == 0

    def test_over_the_days_quota_with_the_figure_left(self, zhang: Client, wu: Client) -> None:
        limit(rows_a_day=PEOPLE + 3)
        exported(zhang, "people")
        answer = ask(zhang, "people")
        assert answer.status_code == 422
        assert f"您今天还可以导出 3 行，这次有 {PEOPLE} 行" in answer.content.decode()
        assert len(exported(zhang, "people", "?q=张")) == 1, "what is left can be had"
        assert len(exported(wu, "people")) == PEOPLE, "everybody has a quota of their own"
        with clock.frozen(NOW + timedelta(days=1)):
            fresh = logged_in("zhang")
            assert ask(fresh, "people").status_code == 302, "and a new one every day"

    def test_quota_counts_all_posts_of_a_person_and_no_export_that_was_taken_back(
        self, zhang: Client
    ) -> None:
        limit(rows_a_day=PEOPLE)
        answer = ask(zhang, "people")
        zhang.post(f"{answer['Location']}cancel/")
        assert ask(zhang, "people").status_code == 302
        with scope.bulk():
            Export.objects.update(org_no=10**6, post_id=10**6)
        assert ask(zhang, "people").status_code == 422

    def test_quota_counts_the_rows_of_a_file_that_grew(self, zhang: Client) -> None:
        """A list may grow between the question and the file; what was taken away is what counts."""
        limit(rows_a_day=PEOPLE)
        answer = ask(zhang, "people", "?q=张")
        Staff.objects.exclude(staff_no="wu").update(name="张某")
        write_all()
        assert len(rows_of(zhang.get(f"{answer['Location']}file/"))) == PEOPLE - 1
        assert ask(zhang, "people", "?q=吴").status_code == 302, "one is left"
        assert ask(zhang, "people", "?q=吴").status_code == 422


class TestLarge:
    """More rows than are free wait for the head of the county (BARS A 13, acceptance 5)."""

    @pytest.fixture(autouse=True)
    def _free(self) -> None:
        limit(free_rows=3)

    def test_needs_a_reason(self, zhang: Client) -> None:
        assert ask(zhang, "people", note=" ").status_code == 422
        assert asked() == 0

    def test_waits_is_approved_and_written(self, zhang: Client, wu: Client) -> None:
        answer = ask(zhang, "people")
        write_all()
        assert state() == (ExportState.WAITING, "")
        assert zhang.get(f"{answer['Location']}file/").status_code == 404
        facts = wu.get(f"/approvals/{last_export().approval_id}/").content.decode()
        assert all(text in facts for text in ("人员名单", "信息核实", "月末核对", "没有条件"))
        assert f"人员名单，{PEOPLE} 行，信息核实" in wu.get("/approvals/").content.decode()
        assert approve(wu) == 302
        assert state() == (ExportState.QUEUED, "")
        write_all()
        assert state() == (ExportState.READY, "")
        assert len(lines_of(zhang.get(f"{answer['Location']}file/"))) == PEOPLE + 2
        assert "export.ready" in told("zhang")

    def test_its_page_says_each_thing_once_and_in_the_checkers_language(
        self, zhang: Client, wu: Client
    ) -> None:
        ask(zhang, "people")
        approval_id = last_export().approval_id
        shown = [str(field.label) for field in wu.get(f"/approvals/{approval_id}/").context["facts"]]
        assert len(shown) == len(set(shown))
        assert {"行数", "用途", "申请原因"} <= set(shown)
        assert "金额或数量" not in shown
        with scope.bulk():
            assert Approval.objects.get(pk=approval_id).reason == "月末核对", (
                "no word of the maker's language"
            )
        page = wu.get(f"/approvals/{approval_id}/?lang=en").content.decode()
        assert "Rows" in page

    def test_is_told_to_those_who_watch(self, zhang: Client, wu: Client) -> None:
        ask(zhang, "people")
        approve(wu)
        assert told("wang") == []
        write_all()
        assert all("export.large" in told(staff_no) for staff_no in ("wang", "chen", "bao", "qin"))
        page = logged_in("wang").get("/notifications/").content.decode()
        assert f"zhang 大量导出人员名单：{last_export().number}，{PEOPLE} 行，当天共 {PEOPLE} 行" in page

    def test_leads_nobody_who_watches_to_a_closed_page(self, zhang: Client, wu: Client) -> None:
        """A security administrator watches, and may not read the audit."""
        ask(zhang, "people")
        approve(wu)
        write_all()
        for staff_no, page in {"wang": "/audit/", "bao": "/notifications/"}.items():
            with scope.bulk():
                message = Notification.objects.get(recipient=staff_no, kind="export.large")
            answer = logged_in(staff_no).get(f"/notifications/{message.pk}/", follow=True)
            assert answer.status_code == 200
            assert answer.request["PATH_INFO"] == page

    def test_many_small_ones_are_told_as_one(self, zhang: Client, wu: Client) -> None:
        exported(zhang, "people", "?q=张")
        exported(zhang, "people", "?q=吴")
        exported(zhang, "people", "?q=李")
        assert "export.large" not in told("wang")
        ask(zhang, "people", "?q=王")
        approve(wu)
        write_all()
        assert told("wang") == ["export.large"]

    def test_many_small_ones_wait_as_one(self, zhang: Client, wu: Client) -> None:
        """What is free is free once a day, however it is divided, and in whichever posts it is asked for (A 13)."""
        for name in "张吴":
            exported(zhang, "people", f"?q={name}")
        with scope.bulk():
            Export.objects.update(org_no=10**6, post_id=10**6)
        page = zhang.get("/exports/new/people/").content.decode()
        assert "1 行，每人每天 3 行" in page
        assert "由负责人审批" in page
        exported(zhang, "people", "?q=李")
        assert ask(zhang, "people", "?q=王", note="").status_code == 422, "why is asked for now"
        answer = ask(zhang, "people", "?q=王")
        write_all()
        assert state() == (ExportState.WAITING, "")
        assert zhang.get(f"{answer['Location']}file/").status_code == 404
        facts = wu.get(f"/approvals/{last_export().approval_id}/").content.decode()
        assert "4 行，其中 3 行不用审批" in facts
        assert len(exported(wu, "people", "?q=王")) == 1, "everybody has free rows of their own"
        with clock.frozen(NOW + timedelta(days=1)):
            assert len(exported(logged_in("zhang"), "people", "?q=王")) == 1, "and new ones every day"

    def test_approved_rows_are_not_free_ones(self, zhang: Client, wu: Client) -> None:
        ask(zhang, "people")
        approve(wu)
        write_all()
        assert len(exported(zhang, "people", "?q=张")) == 1

    def test_what_is_free_may_grow_as_far_as_the_day_leaves_room(self, zhang: Client) -> None:
        """Two free exports, each of which grows to all that is free, are more than is free."""
        for name in "张吴":
            ask(zhang, "people", f"?q={name}")
        Staff.objects.filter(staff_no__in=["wu", "li", "zhang"]).update(name="张吴某")
        write_all()
        with scope.bulk():
            ended = Export.objects.order_by("id").values_list("state", "failure", "written")
            assert list(ended) == [
                (ExportState.FAILED, ExportFailure.GREW, None),
                (ExportState.READY, "", 3),
            ]
        assert len(stored()) == 1

    def test_is_not_approved_by_its_maker(self, zhang: Client, wu: Client) -> None:
        assert ask(wu, "people").status_code == 422, "there is no head above the county in this house"
        assert asked() == 0
        ask(zhang, "people")
        assert approve(zhang) in {403, 404}
        assert state() == (ExportState.WAITING, "")

    def test_that_is_refused_is_never_written(self, zhang: Client, wu: Client) -> None:
        answer = ask(zhang, "people")
        approve(wu, Verdict.REJECT, "用途不清")
        write_all()
        assert state() == (ExportState.REFUSED, "")
        assert (stored(), zhang.get(f"{answer['Location']}file/").status_code) == ([], 404)
        assert "未批准" in zhang.get(answer["Location"]).content.decode()

    def test_that_is_taken_back_leaves_the_checkers_list(self, zhang: Client, wu: Client) -> None:
        answer = ask(zhang, "people")
        zhang.post(f"{answer['Location']}cancel/")
        assert state() == (ExportState.CANCELLED, "")
        assert approve(wu) != 302
        assert state() == (ExportState.CANCELLED, "")

    def test_that_grew_past_what_was_approved_is_not_written(self, zhang: Client, wu: Client) -> None:
        answer = ask(zhang, "people")
        approve(wu)
        with scope.bulk():
            take_in_posts([post_row("new1", "新一", "L1", Role.MANAGER)], actor=SYSTEM)
        write_all()
        assert state() == (ExportState.FAILED, ExportFailure.GREW)
        assert stored() == []
        assert "比申请时多了" in zhang.get(answer["Location"]).content.decode()
        assert "export.failed" in told("zhang")

    def test_may_grow_a_little(self, zhang: Client, wu: Client) -> None:
        limit(growth_pct=100)
        ask(zhang, "people")
        approve(wu)
        with scope.bulk():
            take_in_posts([post_row("new1", "新一", "L1", Role.MANAGER)], actor=SYSTEM)
        write_all()
        assert (state(), last_export().written) == ((ExportState.READY, ""), PEOPLE + 1)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_do_not_both_get_what_is_free() -> None:
    limit(free_rows=PEOPLE)
    clients = [logged_in("zhang") for _ in range(4)]

    def race(client: Client) -> int:
        try:
            return ask(client, "people").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(race, clients)) == [302] * 4
    with scope.bulk():
        states = sorted(Export.objects.values_list("state", flat=True))
    assert states == [ExportState.QUEUED, *[ExportState.WAITING] * 3]


class TestWriting:
    """What holds when the file is written, not when it was asked for."""

    def test_a_post_that_ended_gets_no_file(self, zhang: Client) -> None:
        ask(zhang, "people")
        change_post("zhang", valid_to="2026-11-01")
        write_all()
        assert state() == (ExportState.FAILED, ExportFailure.POST)

    def test_a_right_that_was_lost_gets_no_file(self, zhang: Client) -> None:
        answer = ask(zhang, "people")
        change_post("zhang", role=Role.MANAGER)
        write_all()
        assert state() == (ExportState.FAILED, ExportFailure.RIGHT)
        assert "已经不能导出" in zhang.get(answer["Location"]).content.decode()

    def test_a_right_that_is_lost_meanwhile_ends_the_writing(
        self, zhang: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing, "PAGE_ROWS", 2)
        ask(zhang, "people")
        with pytest.raises(Exception, match="export"):
            write_export(last_export().pk, lambda done, total: change_post("zhang", role=Role.MANAGER))
        assert state() == (ExportState.FAILED, ExportFailure.RIGHT)
        assert stored() == []

    def test_a_right_that_was_lost_gets_no_download(self, zhang: Client) -> None:
        exported(zhang, "people")
        change_post("zhang", role=Role.MANAGER)
        assert zhang.get(f"/exports/{last_export().pk}/file/").status_code == 403
        assert last_export().downloads == 1

    def test_cancelled_while_queued_is_not_written(self, zhang: Client) -> None:
        answer = ask(zhang, "people")
        assert zhang.post(f"{answer['Location']}cancel/").status_code == 302
        write_all()
        assert (state(), stored()) == ((ExportState.CANCELLED, ""), [])
        assert [event.purpose for event in acts("export.cancelled")] == ["verify"]

    def test_cancelled_while_written_leaves_no_file(
        self, zhang: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing, "PAGE_ROWS", 2)
        answer = ask(zhang, "people")
        run = JobRun.objects.get()

        def cancel_midway(done: int, total: int) -> None:
            if not JobRun.objects.get().cancel_requested:
                zhang.post(f"{answer['Location']}cancel/")
            jobs.Run(run.pk).report(done, total)

        with pytest.raises(jobs.Cancelled):
            write_export(last_export().pk, cancel_midway)
        assert (state(), stored()) == ((ExportState.CANCELLED, ""), [])

    def test_what_is_over_cannot_be_cancelled(self, zhang: Client) -> None:
        exported(zhang, "people")
        assert zhang.post(f"/exports/{last_export().pk}/cancel/").status_code == 409
        assert state() == (ExportState.READY, "")

    def test_an_outage_is_survived(self, zhang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "PAGE_ROWS", 2)
        ask(zhang, "people")
        calls: list[int] = []

        def lose_the_database(done: int, total: int) -> None:
            calls.append(done)
            if len(calls) == 2:
                raise OperationalError

        with pytest.raises(OperationalError):
            write_export(last_export().pk, lose_the_database)
        assert state() == (ExportState.WRITING, "")
        assert write_export(last_export().pk, lose_the_database) == {"rows": PEOPLE}
        assert state() == (ExportState.READY, "")
        assert len(stored()) == 1

    def test_a_lost_job_is_said(self, zhang: Client) -> None:
        ask(zhang, "people")
        JobRun.objects.update(state=JobRun.State.FAILED)
        tidy_exports()
        assert state() == (ExportState.FAILED, ExportFailure.LOST)


class TestOthers:
    @pytest.mark.parametrize("staff_no", ["wu", "li", "wang"])
    def test_get_nothing_of_it(self, zhang: Client, staff_no: str) -> None:
        exported(zhang, "people")
        address, other = f"/exports/{last_export().pk}/", logged_in(staff_no)
        assert other.get(address).status_code == 404
        assert other.get(f"{address}file/").status_code == 404
        assert other.post(f"{address}cancel/").status_code == 404
        assert last_export().number not in other.get("/exports/").content.decode()
        assert (state(), last_export().downloads) == ((ExportState.READY, ""), 1)

    def test_see_no_row_of_it_in_another_scope(self, zhang: Client) -> None:
        ask(zhang, "people")
        with scope.acting(scope.NOTHING):
            assert not Export.objects.exists()


class TestTime:
    def test_a_file_goes_after_its_days_and_the_row_stays(self, zhang: Client) -> None:
        exported(zhang, "people")
        (path,) = stored()
        with clock.frozen(NOW + timedelta(days=3)):
            fresh = logged_in("zhang")
            address = f"/exports/{last_export().pk}/"
            assert fresh.get(f"{address}file/").status_code == 404, "even before anybody tidied up"
            assert path.exists()
            assert tidy_exports() == 1
            assert not path.exists()
            assert "文件已到期删除" in fresh.get(address).content.decode()
        assert [event.count for event in acts("export.deleted")] == [1]

    def test_a_file_stays_till_then(self, zhang: Client) -> None:
        exported(zhang, "people")
        with clock.frozen(NOW + timedelta(days=2, hours=23)):
            assert tidy_exports() == 0
            assert logged_in("zhang").get(f"/exports/{last_export().pk}/file/").status_code == 200


class TestList:
    def test_lists_what_was_taken_away(self, zhang: Client, django_assert_max_num_queries) -> None:
        exported(zhang, "people")
        ask(zhang, "people")
        with django_assert_max_num_queries(12):
            page = zhang.get("/exports/?state=ready").content.decode()
        assert "X0000" in page
        assert page.count("人员名单") >= 1
        assert len(zhang.get("/exports/").context["list"].page.rows) == 2
        assert len(zhang.get("/exports/?state=ready").context["list"].page.rows) == 1

    def test_a_page_takes_few_queries(self, zhang: Client, django_assert_max_num_queries) -> None:
        exported(zhang, "people")
        address = f"/exports/{last_export().pk}/"
        with django_assert_max_num_queries(12):
            zhang.get(address)
        with django_assert_max_num_queries(16):  # six of them to add up what was taken in all posts
            zhang.get("/exports/new/people/")
