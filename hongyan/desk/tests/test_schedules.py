"""Lists as scheduled reports: when they are due, by whose rights, what is said when one fails (issue 6, Lists)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.desk import exports
from hongyan.desk.actions.run_schedules import run_schedules
from hongyan.desk.codes import Every, ExportState, ScheduleFailure, ScheduleState
from hongyan.desk.models import Export, Notification, Schedule
from hongyan.desk.rules import Rhythm, next_time
from hongyan.desk.tests.exporting import SAMPLE, last_export, limit, lines_of, write_all
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Post, Staff
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""A Sunday, noon in China."""

WEEKLY = {
    "name": "周报", "every": "week", "weekday": "1", "day": "1", "hour": "8",
    "file_format": "csv", "purpose": "report", "note": "网点例会",
}  # fmt: skip
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=BUSINESS_ZONE)


@pytest.fixture
def zhang(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The head of the outlet L1."""
    monkeypatch.setattr(exports, "_sources", {SAMPLE.key: SAMPLE})
    with clock.frozen(NOW):
        with scope.bulk():
            small_organisation()
            take_in_posts([post_row("wu", "吴县", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
            zhang = Staff.objects.get(staff_no="zhang")
            Staff.objects.filter(staff_no="wu").update(
                password=zhang.password, password_set_at=zhang.password_set_at
            )
        yield logged_in("zhang")


def schedule(client: Client, query: str = "", **said: str) -> Schedule:
    answer = client.post(f"/schedules/new/people/{query}", {**WEEKLY, **said})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return last()


def last() -> Schedule:
    with scope.bulk():
        return Schedule.objects.latest("id")


def run_at(instant: datetime) -> dict[str, int]:
    with clock.frozen(instant):
        return run_schedules()


def made() -> int:
    with scope.bulk():
        return Export.objects.count()


def told() -> list[str]:
    return list(Notification.objects.filter(recipient="zhang").order_by("id").values_list("kind", flat=True))


# --- when


@given(
    st.builds(
        Rhythm,
        st.sampled_from(Every),
        st.integers(0, 23),
        st.integers(1, 7),
        st.integers(1, 28),
    ),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
)
def test_the_next_time_is_the_first_that_fits(rhythm: Rhythm, after: datetime) -> None:
    at = next_time(rhythm, after)
    longest = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 31}[rhythm.every]
    assert after < at <= after + timedelta(days=longest)
    assert (at.hour, at.minute, at.utcoffset()) == (rhythm.hour, 0, timedelta(hours=8))
    assert rhythm.every != Every.WEEK or at.isoweekday() == rhythm.weekday
    assert rhythm.every != Every.MONTH or at.day == rhythm.day
    assert next_time(rhythm, at - timedelta(seconds=1)) == at
    assert next_time(rhythm, at) > at


# --- setting one


def test_it_is_set_from_the_list_and_shown(zhang: Client) -> None:
    assert "/schedules/new/people/" in zhang.get("/exports/new/people/").content.decode()
    one = schedule(zhang)
    assert (one.next_at, one.state, one.owner) == (MONDAY, ScheduleState.ACTIVE, "zhang")
    page = zhang.get("/schedules/").content.decode()
    assert all(text in page for text in ("周报", "人员名单", "每周星期一 08:00"))
    with scope.bulk():
        event = AuditEvent.objects.get(act="schedule.created")
    assert (event.purpose, event.after["list"]) == ("report", "people")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"note": ""},
        {"every": "hour"},
        {"hour": "24"},
        {"weekday": "8"},
        {"day": "29"},
        {"purpose": "fun"},
        {"file_format": "pdf"},
        {"name": "13812345678"},
    ],
)
def test_what_cannot_be_set(zhang: Client, wrong: dict[str, str]) -> None:
    assert zhang.post("/schedules/new/people/", {**WEEKLY, **wrong}).status_code == 422
    with scope.bulk():
        assert not Schedule.objects.exists()


def test_a_list_found_by_a_typed_word_is_not_kept(zhang: Client) -> None:
    """A name would stand in the table; without it the report would be wider than what was looked at."""
    assert zhang.post("/schedules/new/people/?q=张", WEEKLY).status_code == 422
    with scope.bulk():
        assert not Schedule.objects.exists()


def test_without_the_lists_right_nothing_is_set(zhang: Client) -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no="zhang").update(role=Role.AGENT)
    assert zhang.post("/schedules/new/people/", WEEKLY).status_code == 403
    with scope.bulk():
        assert not Schedule.objects.exists()


def test_a_person_keeps_so_many(zhang: Client) -> None:
    ParameterValue.objects.create(
        key="desk.schedules_per_person", value=1, effective_from="2020-01-01",
        set_at="2020-01-01T00:00Z", set_by="x",
    )  # fmt: skip
    schedule(zhang)
    assert zhang.post("/schedules/new/people/", WEEKLY).status_code == 422


# --- making it


def test_it_is_made_when_due_and_its_owner_hears(zhang: Client) -> None:
    schedule(zhang)
    assert run_at(MONDAY - timedelta(minutes=1)) == {"made": 0, "failed": 0}
    assert run_at(MONDAY) == {"made": 1, "failed": 0}
    assert run_at(MONDAY) == {"made": 0, "failed": 0}
    one, export = last(), last_export()
    assert (one.export_id, one.next_at, one.last_at) == (export.pk, MONDAY + timedelta(days=7), MONDAY)
    assert (export.owner, export.purpose, export.note, export.state) == (
        "zhang", "report", "网点例会", ExportState.QUEUED,
    )  # fmt: skip
    with clock.frozen(MONDAY):
        write_all()
        assert told() == ["export.ready"]
        later = logged_in("zhang")
        assert "网点例会" in lines_of(later.get(f"/exports/{export.pk}/file/"))[0][0]
        assert f"/exports/{export.pk}/" in later.get("/schedules/").content.decode()


def test_what_was_missed_is_not_made_up_for(zhang: Client) -> None:
    schedule(zhang)
    later = MONDAY + timedelta(days=20)
    assert run_at(later) == {"made": 1, "failed": 0}
    assert (made(), last().next_at) == (1, MONDAY + timedelta(days=21))


def test_more_rows_than_are_free_wait_for_approval(zhang: Client) -> None:
    schedule(zhang)
    limit(free_rows=1)
    run_at(MONDAY)
    assert last_export().state == ExportState.WAITING


def test_the_days_quota_holds_and_it_goes_on_next_time(zhang: Client) -> None:
    schedule(zhang)
    limit(rows_a_day=1)
    assert run_at(MONDAY) == {"made": 0, "failed": 1}
    one = last()
    assert (one.failure, one.state, one.next_at) == (
        ScheduleFailure.REFUSED, ScheduleState.ACTIVE, MONDAY + timedelta(days=7),
    )  # fmt: skip
    assert (made(), told()) == (0, ["schedule.failed"])
    assert "当天的额度不允许" in zhang.get("/schedules/").content.decode()


def test_a_right_that_is_lost_pauses_it(zhang: Client) -> None:
    schedule(zhang)
    with scope.bulk():
        Post.objects.filter(staff__staff_no="zhang").update(role=Role.AGENT)
    run_at(MONDAY)
    assert (last().state, last().failure, made()) == (ScheduleState.PAUSED, ScheduleFailure.RIGHT, 0)


def test_a_post_that_ended_pauses_it(zhang: Client) -> None:
    schedule(zhang)
    with scope.bulk():
        Post.objects.filter(staff__staff_no="zhang").update(ended_at=NOW)
    run_at(MONDAY)
    assert (last().state, last().failure, made()) == (ScheduleState.PAUSED, ScheduleFailure.POST, 0)


def test_one_that_fails_does_not_keep_others(zhang: Client) -> None:
    schedule(zhang)
    schedule(zhang, "?q=", name="第二个")
    with scope.bulk():
        Schedule.objects.filter(name="周报").update(list_key="gone")
    assert run_at(MONDAY) == {"made": 1, "failed": 1}


# --- pausing and deleting


def test_paused_it_is_not_made_until_it_is_resumed(zhang: Client) -> None:
    one = schedule(zhang)
    zhang.post(f"/schedules/{one.pk}/pause/")
    assert run_at(MONDAY) == {"made": 0, "failed": 0}
    with clock.frozen(MONDAY):
        logged_in("zhang").post(f"/schedules/{one.pk}/resume/")
    assert last().next_at == MONDAY + timedelta(days=7)
    assert last().state == ScheduleState.ACTIVE
    assert zhang.post(f"/schedules/{one.pk}/resume/").status_code == 409


def test_deleted_it_is_gone_for_its_owner_but_not_from_the_books(zhang: Client) -> None:
    one = schedule(zhang)
    zhang.post(f"/schedules/{one.pk}/end/")
    assert "周报" not in zhang.get("/schedules/").content.decode()
    assert run_at(MONDAY) == {"made": 0, "failed": 0}
    assert last().state == ScheduleState.ENDED
    assert zhang.post(f"/schedules/{one.pk}/resume/").status_code == 404


def test_nobody_else_can_touch_it(zhang: Client) -> None:
    one = schedule(zhang)
    wu = logged_in("wu")
    for act in ("pause", "resume", "end"):
        assert wu.post(f"/schedules/{one.pk}/{act}/").status_code == 404
    assert "周报" not in wu.get("/schedules/").content.decode()
    assert last().state == ScheduleState.ACTIVE
