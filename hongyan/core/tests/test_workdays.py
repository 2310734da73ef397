"""Working days: the rule of the week, what is stated over it, clocks; and what the package brought."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.models import CalendarDay, CalendarYear
from hongyan.core.workdays import DAY, OfficeHours, Workdays, is_weekday, official_days

YEARS = range(2025, 2028)
FIRST, LAST = date(2025, 6, 1), date(2027, 6, 1)
days = st.dates(FIRST, LAST)
instants = st.datetimes(
    datetime.fromisoformat("2025-06-01"), datetime.fromisoformat("2027-06-01"), timezones=st.just(UTC)
)
calendars = st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=60).map(
    lambda stated: Workdays(stated, frozenset(YEARS))
)


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BUSINESS_ZONE)


def naive_next(calendar: Workdays, day: date) -> date:
    return next(one for number in range(1, 800) if calendar.is_working(one := day + DAY * number))


# --- rules


def test_nothing_is_guessed_outside_the_years_at_hand():
    calendar = Workdays({}, frozenset({2026}))
    with pytest.raises(LookupError, match="2027"):
        calendar.add_working_days(date(2026, 12, 31), 1)


@given(calendars, days, st.integers(1, 30))
def test_adding_steps_from_working_day_to_working_day(calendar, day, count):
    expected = day
    for _ in range(count):
        expected = naive_next(calendar, expected)
    assert calendar.add_working_days(day, count) == expected


@given(calendars, days, st.integers(1, 30))
def test_counting_is_the_inverse_of_adding(calendar, day, count):
    later = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, later) == count
    assert calendar.working_days_between(day, later - DAY) == count - 1


@given(calendars, days, days, days)
def test_counts_add_up_over_any_split(calendar, first, middle, last):
    between = calendar.working_days_between
    assert between(first, middle) + between(middle, last) == between(first, last)


@given(calendars, days, st.integers(1, 30))
def test_going_back_lands_on_a_working_day_as_many_days_before(calendar, day, count):
    earlier = calendar.add_working_days(day, -count)
    assert calendar.is_working(earlier)
    assert calendar.working_days_between(earlier - DAY, day - DAY) == count


@given(calendars, instants, st.integers(1, 30))
def test_working_days_end_at_the_same_time_of_day(calendar, start, count):
    due = calendar.due(start, days=count, working=True)
    local = start.astimezone(BUSINESS_ZONE)
    assert due.time() == local.time()
    assert due.date() == calendar.add_working_days(local.date(), count)


offices = st.builds(
    OfficeHours,
    opens=st.builds(time, st.integers(6, 10), st.sampled_from([0, 30])),
    closes=st.builds(time, st.integers(15, 23), st.sampled_from([0, 30])),
)


@given(calendars, instants, st.integers(1, 180), offices)
def test_working_hours_run_while_the_office_is_open(calendar, start, hours, office):
    """From the start to the end of a limit the office was open for exactly so long, and at its end it still was."""
    due = calendar.due(start, hours=hours, working=True, office=office)
    open_for = timedelta(0)
    for number in range((due.date() - start.astimezone(BUSINESS_ZONE).date()).days + 1):
        day = start.astimezone(BUSINESS_ZONE).date() + DAY * number
        begin = max(start, datetime.combine(day, office.opens, BUSINESS_ZONE))
        end = min(due, datetime.combine(day, office.closes, BUSINESS_ZONE))
        if calendar.is_working(day) and begin < end:
            open_for += end - begin
    assert open_for == timedelta(hours=hours)
    assert calendar.is_working(due.date())
    assert office.opens < due.timetz().replace(tzinfo=None) <= office.closes


@given(calendars, instants, instants, st.integers(1, 100))
def test_who_begins_later_is_never_due_earlier(calendar, one, other, hours):
    first, second = (calendar.due(start, hours=hours, working=True) for start in sorted([one, other]))
    assert first <= second


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02T09:00", 9, "2026-03-02T18:00"),
        ("2026-03-02T03:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T18:00", 1, "2026-03-03T10:00"),
        ("2026-03-06T17:30", 1, "2026-03-09T09:30"),
        ("2026-03-07T12:00", 18, "2026-03-10T18:00"),
    ],
)
def test_nobody_is_late_over_night_or_a_weekend(start, hours, due):
    """Monday 2 to Tuesday 10 March 2026, from nine to six."""
    calendar = Workdays({}, frozenset({2026}))
    found = calendar.due(at(*start.split("T")), hours=hours, working=True)
    assert found == at(*due.split("T"))


@given(calendars, instants, st.integers(1, 30))
def test_calendar_limits_run_through_every_day(calendar, start, count):
    assert calendar.due(start, days=count, working=False) - start == timedelta(days=count)
    assert calendar.due(start, hours=count, working=False) - start == timedelta(hours=count)


@pytest.mark.parametrize(
    "limit", [{}, {"days": 1, "hours": 1}, {"days": -1}, {"hours": 0}, {"days": 1, "hours": -1}]
)
def test_a_limit_is_either_days_or_hours(limit):
    with pytest.raises(ValueError, match="either"):
        Workdays({}, frozenset(YEARS)).due(at("2026-02-13", "16:30"), **limit, working=True)


def test_the_package_ends_where_nothing_is_announced():
    assert official_days(2027) == []
    assert len(official_days(2026)) == 39


# --- the table


@pytest.mark.django_db
def test_example_11_make_up_saturday():
    """A request of 16:30 on the Friday before a Saturday that is worked is due that Saturday."""
    calendar = Workdays.of({2026})
    assert calendar.due(at("2026-02-13", "16:30"), days=1, working=True) == at("2026-02-14", "16:30")
    # the Spring Festival of nine days stands between the first and the second working day
    assert calendar.due(at("2026-02-13", "16:30"), days=2, working=True) == at("2026-02-24", "16:30")
    assert calendar.due(at("2026-02-14", "23:00"), hours=2, working=True) == at("2026-02-24", "11:00")
    assert calendar.due(at("2026-02-13", "16:30"), days=1, working=False) == at("2026-02-14", "16:30")


@pytest.mark.django_db
def test_every_year_of_the_package_is_in_the_table():
    states = dict(CalendarYear.objects.values_list("year", "state"))
    assert states == dict.fromkeys(range(2004, 2027), "seeded")
    stored = CalendarDay.objects.order_by("day").values_list("day", "is_working", "note")
    assert list(stored) == [day for year in range(2004, 2027) for day in official_days(year)]


@pytest.mark.django_db
def test_an_edit_of_the_table_moves_the_clock(django_assert_num_queries):
    CalendarDay.objects.filter(day=date(2026, 2, 14)).update(is_working=False)
    with django_assert_num_queries(1):
        calendar = Workdays.near(date(2026, 2, 13))
    assert calendar.due(at("2026-02-13", "16:30"), days=1, working=True) == at("2026-02-24", "16:30")


@pytest.mark.django_db
def test_a_year_nobody_announced_follows_the_week():
    calendar = Workdays.of({2027})
    assert all(
        calendar.is_working(day) == is_weekday(day)
        for day in (date(2027, 1, 1) + DAY * number for number in range(365))
    )
