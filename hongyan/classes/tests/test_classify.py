"""Classes of customers as the nightly run finds them (BIG-i02…i05, X-24)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongyan.classes.actions.classify import classify
from hongyan.classes.codes import RunState
from hongyan.classes.models import ClassCount, ClassDue, ClassMove, ClassRun, CustomerClass
from hongyan.classes.queries.rules import months_of, rules_of
from hongyan.classes.rules import behaviour
from hongyan.classes.rules.behaviour import Figures, Limits
from hongyan.classes.rules.tiers import tier_for
from hongyan.core import clock, scope
from hongyan.core.errors import Invalid
from hongyan.core.models import ParameterValue
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer, CustomerMark
from hongyan.customer.tests.factory import HEAD, Given, make_town, take
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, sell
from hongyan.org.queries.viewers import find_viewer

TODAY = date(2026, 11, 22)
NAMES = {"K1": "王小明", "K3": "济南市鼎盛食品有限公司", "K4": "王小丽"}


@pytest.fixture(autouse=True)
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_town()
    monkeypatch.setattr(clock, "business_date", lambda *_moment: TODAY)
    with scope.bulk():
        yield


def sold(amount: str, day: date, key: str = "K1", system: str = "kgc") -> None:
    row = sell(f"{key}-{day}", amount, key=key, business_date=day, event_time=f"{day}T10:00:00")
    book_rows(FactKind.TRANSACTION, row, system=system)


def run(day: date = TODAY) -> ClassRun:
    return classify(day, by="system:test")


def marks(key: str = "K1") -> set[str]:
    return set(CustomerClass.objects.get(customer__name=NAMES[key]).marks)


def moves() -> list[tuple[str, str, str, str]]:
    rows = ClassMove.objects.order_by("dimension", "id")
    return list(rows.values_list("dimension", "was", "becomes", "why"))


def test_everybody_of_mail_is_classified_and_figures_tell_why() -> None:
    """BIG-i03, BIG-i04: last month's revenue makes a tier; who bought nothing is low and, lately registered, active."""
    sold("3000.00", date(2026, 10, 5))
    done = run()
    assert (done.customers, done.moves, done.state) == (3, 0, RunState.DONE)
    assert marks() == {"activity.active", "worth.high", "validity.effective", "mail.gold"}
    stored = CustomerClass.objects.get(customer__name="王小明")
    assert (stored.month, stored.year, stored.registered_on) == (
        Decimal(3000),
        Decimal(3000),
        date(2026, 10, 1),
    )
    assert "worth.low" in marks("K3")


def test_a_scheme_by_year_is_reached_at_its_floor() -> None:
    """BIG-i02: 60,000 a year is the first level of attention, 59,999.99 none."""
    sold("59999.99", date(2026, 3, 5))
    run()
    assert not {mark for mark in marks() if mark.startswith("attention.")}
    sold("0.01", date(2026, 4, 5))
    run()
    assert "attention.y60k" in marks()
    assert ("attention", "", "y60k", "business") in moves()


def test_signals_of_loss_move_with_time() -> None:
    """BIG-i05: half of the month a year before is a loss of the month; a year without anything, of the year."""
    sold("100.00", date(2025, 10, 5)), sold("50.00", date(2026, 10, 5))
    run(date(2026, 11, 1))
    assert "loss.month" in marks()
    ClassRun.objects.update(as_of=date(2026, 1, 1))
    with pytest.MonkeyPatch.context() as later:
        later.setattr(clock, "business_date", lambda *_moment: date(2027, 11, 2))
        run(date(2027, 11, 2))
    assert "loss.year" in marks()
    assert ("loss", "month", "year", "business") in moves()


def test_new_thresholds_move_customers_and_the_move_says_so() -> None:
    """X-24: thresholds are data; who moves for them alone is told apart."""
    sold("3000.00", date(2026, 10, 5))
    run()
    tiers = [
        row | ({"floor": "5000"} if row["tier"] == "gold" else {})
        for row in rules_of(TODAY).stored["classes.tiers"]
    ]
    ParameterValue.objects.create(
        key="classes.tiers",
        effective_from=TODAY,
        value=tiers,
        set_at=clock.now(),
        set_by="head",
        reason="测试",
    )
    done = run()
    assert (done.are_rules_new, done.moves) == (True, 1)
    assert moves() == [("mail", "gold", "silver", "rules")]


def test_lists_and_units_know_the_classes() -> None:
    """Every number of the page has its rows: marks of the list, counts per unit."""
    sold("3000.00", date(2026, 10, 5))
    run()
    wang = Customer.objects.get(name="王小明").pk
    assert list(CustomerMark.objects.filter(mark="mail.gold").values_list("customer_id", flat=True)) == [wang]
    assert ClassCount.objects.get(org_no=0, mark="worth.low").count == 2
    assert set(ClassCount.objects.filter(mark="mail.gold").values_list("count", flat=True)) == {1}
    sold("-3000.00", date(2026, 10, 6))
    run()
    assert not CustomerMark.objects.filter(mark="mail.gold").exists()
    assert not ClassCount.objects.filter(mark="mail.gold").exists()


def test_a_second_run_changes_nothing() -> None:
    sold("3000.00", date(2026, 10, 5))
    run()
    before = list(CustomerClass.objects.order_by("pk").values())
    assert run().moves == 0
    assert list(CustomerClass.objects.order_by("pk").values()) == before


def test_a_killed_run_goes_on_where_it_was() -> None:
    """Half a run, then the rest: the same as one that was never stopped."""

    class Killed(Exception):
        pass

    def kill(_done: int, _total: int) -> None:
        raise Killed

    ParameterValue.objects.create(
        key="classes.chunk_customers",
        effective_from=TODAY,
        value=1,
        set_at=clock.now(),
        set_by="head",
        reason="测试",
    )
    with pytest.raises(Killed):
        classify(TODAY, by="system:test", report=kill)
    assert ClassRun.objects.get().state == RunState.WORKING
    done = run()
    assert (ClassRun.objects.count(), done.customers, done.state) == (1, 3, RunState.DONE)


def test_days_to_come_and_days_before_are_refused() -> None:
    run()
    with pytest.raises(Invalid):
        run(date(2026, 11, 23))
    with pytest.raises(Invalid):
        run(date(2026, 11, 21))
    assert ClassRun.objects.count() == 1


def test_merged_customers_are_classified_as_one() -> None:
    """The survivor has the revenue of both; the alias has no class of its own any more."""
    for key, name in (("R1", "王芳"), ("R2", "李娜")):
        take(Given(name, key, system="psb", kind=Kind.REGISTERED))
    sold("2000.00", date(2026, 10, 5), key="R1", system="psb")
    sold("1000.00", date(2026, 10, 6), key="R2", system="psb")
    run()
    one, other = (Customer.objects.get(name=name) for name in ("王芳", "李娜"))
    assert CustomerClass.objects.filter(customer__in=[one, other]).count() == 2
    merge(find_viewer(HEAD), one.code, other.code, reason="同一人")
    run()
    left = CustomerClass.objects.get(customer__in=[one, other])
    assert left.month == Decimal(3000)
    assert "mail.gold" in left.marks


MONTHS = [date(2024 + number // 12, number % 12 + 1, 5) for number in range(9, 35)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(MONTHS), st.integers(-2_000_00, 60_000_00) | st.just(0), max_size=8),
    st.sampled_from([date(2026, 11, 22), date(2026, 11, 1), date(2026, 10, 31)]),
)
def test_the_statement_says_what_the_rules_say(amounts: dict[date, int], day: date) -> None:
    """For any revenue: `sql/classify.sql` and `rules` give the same classes."""
    with transaction.atomic():
        for month, fen in amounts.items():
            sold(str(Decimal(fen) / 100), month)
        run(day)
        stored = CustomerClass.objects.get(customer__name="王小明")
        transaction.set_rollback(True)
    assert set(stored.marks) == expected(amounts, day, stored.registered_on)


def expected(amounts: dict[date, int], day: date, registered_on: date) -> set[str]:
    rules = rules_of(day)
    months = months_of(day, active_months=rules.active_months)

    def total(first: date, last: date) -> Decimal:
        return sum(
            (Decimal(fen) / 100 for month, fen in amounts.items() if first <= month.replace(day=1) <= last),
            Decimal(0),
        )

    figures = Figures(
        month=total(months.month, months.month),
        month_year_ago=total(months.month_year_ago, months.month_year_ago),
        year=total(months.year_from, months.month),
        year_before=total(months.oldest, months.month_year_ago),
        lately=total(months.lately_from, months.newest),
        running=total(months.newest, months.newest),
    )
    limits = Limits()
    answers = {
        f"activity.{behaviour.activity(figures, registered_on, day, limits)}",
        f"worth.{behaviour.worth(figures, limits)}",
        f"validity.{behaviour.validity(figures, registered_on, day, limits)}",
    }
    if signal := behaviour.loss(figures, limits):
        answers.add(f"loss.{signal}")
    for scheme in {tier.scheme for tier in rules.tiers}:
        own = [tier for tier in rules.tiers if tier.scheme == scheme]
        if tier := tier_for(own, month=figures.month, year=figures.year):
            answers.add(tier.mark)
    return answers


def test_a_night_with_nothing_new_looks_at_nobody() -> None:
    """In a month that is classified already, only those in whom something changed are looked at again."""
    sold("3000.00", date(2026, 10, 5))
    assert (run().is_whole, run().customers) == (True, 0)
    for number in range(20):
        take(Given(f"客户{number}", f"N{number}", system="yy"))
    many = run()
    assert (many.is_whole, many.customers) == (True, 23)
    sold("3000.00", date(2026, 10, 6))
    few = run()
    assert (few.is_whole, few.customers, few.moves) == (False, 1, 0)
    assert CustomerClass.objects.get(customer__name="王小明").month == Decimal(6000)
    assert not ClassDue.objects.exists()


def test_a_month_of_its_own_and_other_rules_take_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr(clock, "business_date", lambda *_moment: date(2026, 12, 1))
    assert run(date(2026, 11, 30)).is_whole is False
    assert run(date(2026, 12, 1)).is_whole is True


def test_a_run_of_everybody_that_was_left_is_made_up_for() -> None:
    """What it would have read is noted no more, so the next takes everybody again."""
    run()
    ClassRun.objects.create(
        as_of=TODAY,
        rules=rules_of(TODAY).stored,
        are_rules_new=True,
        started_by="x",
        started_at=clock.now(),
        state=RunState.LEFT,
    )
    assert run().is_whole is True


WHAT = (
    st.tuples(st.just("sale"), st.sampled_from(["K1", "K3", "K4", "R1", "R2"]), st.integers(-3000, 60000))
    | st.tuples(st.just("night"), st.sampled_from(["", ""]), st.integers(0, 9))
    | st.tuples(st.just("merge"), st.just(""), st.just(0))
    | st.tuples(st.just("new"), st.just(""), st.integers(0, 4))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WHAT, max_size=8))
def test_nights_of_changes_end_where_a_whole_run_does(acts: list[tuple[str, str, int]]) -> None:
    """Whatever happens between nights: after the last of them, a run of everybody finds nothing to change."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        day = date(2026, 11, 2)
        patch.setattr(clock, "business_date", lambda *_moment: day)
        every = {"key": "classes.whole_percent", "value": 100, "effective_from": date(2020, 1, 1)}
        ParameterValue.objects.create(**every, set_at=clock.now(), set_by="head", reason="测试")
        for key, name in (("R1", "王芳"), ("R2", "李娜")):
            take(Given(name, key, system="psb", kind=Kind.REGISTERED))
        run(day)
        for number, (what, key, value) in enumerate([*acts, ("night", "", 1)]):
            if what == "sale":
                system = "psb" if key.startswith("R") else "kgc"
                sold(str(Decimal(value) / 10), MONTHS[number % len(MONTHS)], key=key, system=system)
            elif what == "new":
                take(Given(f"客户{number}", f"N{number}", system="yy"))
            elif what == "merge":
                pair = Customer.objects.filter(name__in=("王芳", "李娜"), survivor=None).order_by("id")
                if len(pair) == 2:
                    merge(find_viewer(HEAD), pair[0].code, pair[1].code, reason="同一人")
            else:
                day = min(day + timedelta(days=value), date(2026, 11, 30))
                assert run(day).is_whole is False
        found = told()
        whole = classify(day, by="system:test", is_whole=True)
        assert (whole.is_whole, whole.moves) == (True, 0)
        assert told() == found
        transaction.set_rollback(True)


def told() -> tuple[object, ...]:
    classes = list(CustomerClass.objects.order_by("pk").values())
    marked = list(CustomerMark.objects.order_by("mark", "customer_id").values_list("mark", "customer_id"))
    counted = list(ClassCount.objects.order_by("org_no", "mark").values_list("org_no", "mark", "count"))
    return classes, marked, counted
