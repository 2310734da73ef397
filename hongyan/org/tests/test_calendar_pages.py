"""The calendar of working days: who reads it, who keeps it, what is audited; the page of a year and of a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.models import AuditEvent, CalendarDay, CalendarYear
from hongyan.core.workdays import Workdays
from hongyan.org.actions.edit_calendar import confirm_year, seed_year, set_day
from hongyan.org.queries.calendar import shown_year
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

SATURDAY = date(2026, 2, 14)
"""Worked, to make up for the Spring Festival of 2026."""
REASON = "国办发明电〔2026〕1号"


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def say(staff_no: str = "zhao", day: date = SATURDAY, **changes: object) -> None:
    wanted = {"is_working": False, "note": "试行", "reason": REASON, **changes}
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        set_day(viewer, day, **wanted)


def acts() -> list[AuditEvent]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act__startswith="calendar.").order_by("id"))


def is_working(day: date) -> bool:
    return Workdays.of({day.year}).is_working(day)


# --- actions


def test_a_day_that_was_said_to_be_off_is_off_and_the_audit_keeps_both() -> None:
    say()
    assert not is_working(SATURDAY)
    row = CalendarDay.objects.get(day=SATURDAY)
    assert (row.source, row.updated_by, row.note) == ("person", "zhao", "试行")
    (event,) = acts()
    assert (event.act, event.subject, event.purpose) == ("calendar.set", "2026-02-14", REASON)
    assert event.before == {"is_working": True, "note": "春节"}
    assert event.after == {"is_working": False, "note": "试行"}


def test_taking_back_what_was_said_lets_the_week_decide() -> None:
    say(is_working=None)
    assert not CalendarDay.objects.filter(day=SATURDAY).exists()
    assert not is_working(SATURDAY)
    assert acts()[0].after == {"is_working": None, "note": ""}


@pytest.mark.parametrize(
    ("staff_no", "day", "changes", "error"),
    [
        ("zhang", SATURDAY, {}, NotAllowed),
        ("wang", SATURDAY, {}, NotAllowed),
        ("sun", SATURDAY, {}, NotAllowed),  # a system administrator, but of one province
        ("zhao", SATURDAY, {"reason": " "}, Invalid),
        ("zhao", SATURDAY, {"note": "长" * 41}, Invalid),
        ("zhao", date(1999, 12, 31), {}, Invalid),
    ],
)
def test_what_may_not_be_said_changes_nothing(
    staff_no: str, day: date, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        say(staff_no, day, **changes)
    assert is_working(SATURDAY)
    assert not CalendarDay.objects.filter(source="person").exists()
    assert acts() == []


def test_a_year_is_confirmed_by_the_group_only() -> None:
    with pytest.raises(NotAllowed), scope.acting(find_viewer("sun").scope):
        confirm_year(find_viewer("sun"), 2026)
    assert shown_year(2026).state == "seeded"
    with scope.acting(find_viewer("zhao").scope):
        confirm_year(find_viewer("zhao"), 2026)
    assert (shown_year(2026).state, shown_year(2026).set_by) == ("confirmed", "赵系统")
    assert [(event.act, event.subject) for event in acts()] == [("calendar.confirm", "2026")]


def test_a_year_of_which_nothing_is_entered_is_not_confirmed() -> None:
    with pytest.raises(Invalid), scope.acting(find_viewer("zhao").scope):
        confirm_year(find_viewer("zhao"), 2027)
    assert shown_year(2027).state == "open"
    say(day=date(2027, 1, 1), note="元旦")
    with scope.acting(find_viewer("zhao").scope):
        confirm_year(find_viewer("zhao"), 2027)
    assert shown_year(2027).state == "confirmed"


def test_seeding_keeps_what_people_entered() -> None:
    say()
    say(day=date(2026, 3, 9), note="邮政日")
    assert seed_year(2026) == 38
    assert (is_working(SATURDAY), is_working(date(2026, 3, 9))) == (False, False)
    assert CalendarDay.objects.filter(day__year=2026).count() == 40


def test_seeding_leaves_a_confirmed_year_alone_and_knows_no_future() -> None:
    CalendarYear.objects.filter(year=2026).update(state="confirmed")
    before = list(CalendarDay.objects.values())
    with pytest.raises(Conflict):
        seed_year(2026)
    with pytest.raises(Invalid, match="2027"):
        seed_year(2027)
    assert list(CalendarDay.objects.values()) == before
    assert shown_year(2027).state == "open"


def test_a_year_as_it_is_shown() -> None:
    year = shown_year(2026)
    assert (year.working_days, [month.working_days for month in year.months][:2]) == (248, [21, 16])
    festival = next(one for one in year.periods if one.days == 9)
    assert (str(festival.first), str(festival.last), festival.note) == ("2026-02-15", "2026-02-23", "春节")


# --- pages


def test_everybody_reads_the_year_and_nobody_but_editors_gets_links() -> None:
    html = logged_in("zhang").get("/calendar/?year=2026").content.decode()
    assert all(text in html for text in ("2026-02-15 – 02-23", "春节", "班", "还没有人确认"))
    assert "/calendar/2026-02-14/" not in html
    assert "/confirm/" not in html
    assert "/calendar/2026-02-14/" in logged_in("zhao").get("/calendar/?year=2026").content.decode()


@pytest.mark.parametrize("year", ["1203", "2100", "nächstes", "", "٢٠٢٦"])
def test_a_year_the_calendar_has_not_shows_this_one(year: str) -> None:
    assert logged_in("zhang").get("/calendar/", {"year": year}).status_code == 200


def test_an_open_year_says_so() -> None:
    html = logged_in("zhang").get("/calendar/?year=2027").content.decode()
    assert "节假日还没有录入" in html
    assert "还没有节假日" in html


def test_the_year_takes_few_queries() -> None:
    client = logged_in("zhao")
    client.get("/calendar/?year=2026")
    with CaptureQueriesContext(connection) as queries:
        client.get("/calendar/?year=2026")
    assert sum("core_calendar" in one["sql"] for one in queries) == 2
    assert len(queries) <= 10


def test_a_day_is_edited_in_its_page_with_its_history() -> None:
    client = logged_in("zhao")
    seen = client.get("/calendar/2026-02-14/").context["form"]["seen"].value()
    sent = {"statement": "off", "note": "", "reason": REASON, "seen": seen}
    answer = client.post("/calendar/2026-02-14/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/calendar/?year=2026")
    assert not is_working(SATURDAY)
    html = client.get("/calendar/2026-02-14/").content.decode()
    assert all(text in html for text in (REASON, "赵系统", "人工录入", "星期六"))


def test_a_day_without_a_reason_is_not_changed() -> None:
    client = logged_in("zhao")
    answer = client.post("/calendar/2026-02-14/", {"statement": "off", "note": "", "reason": ""})
    assert answer.status_code == 422
    assert is_working(SATURDAY)


@pytest.mark.parametrize("staff_no", ["zhang", "sun"])
def test_those_who_may_not_edit_are_refused_at_the_door(staff_no: str) -> None:
    client = logged_in(staff_no)
    assert '<form method="post">' not in client.get("/calendar/2026-02-14/").content.decode()
    sent = {"statement": "off", "note": "", "reason": REASON}
    assert client.post("/calendar/2026-02-14/", sent).status_code == 403
    assert client.post("/calendar/2026/confirm/").status_code == 403
    assert is_working(SATURDAY)
    assert shown_year(2026).state == "seeded"


@pytest.mark.parametrize("day", ["2026-02-30", "morgen", "1999-01-01"])
def test_no_day_is_not_found(day: str) -> None:
    assert logged_in("zhao").get(f"/calendar/{day}/").status_code == 404
