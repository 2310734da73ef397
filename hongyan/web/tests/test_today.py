"""Today: what rules find, in which order, what is said of it, who sees it (issue 7, REQUIREMENTS 5.1 screen 1)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer, Relationship
from hongyan.customer.tests.factory import (
    LI,
    LIXIA_OUTLET,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_organisation,
    take,
    viewer,
)
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.actions.tasks import Wanted, add_task
from hongyan.desk.actions.work import find_work
from hongyan.desk.models import Note, Notification, WorkItem
from hongyan.desk.work_rules import rank_of
from hongyan.ledger.codes import HoldingKind, HoldingStatus
from hongyan.ledger.tests.factory import hold
from hongyan.web.customer360 import PANELS
from hongyan.web.today import RULES

TODAY = clock.business_date()
SOON = TODAY + timedelta(days=3)
LIMITS = {"least": Decimal(1000), "half_days": Decimal(3)}


@pytest.fixture
def zhang(db: None) -> Client:
    """张 looks after 甲, whose 80,000 yuan mature in 3 days, and 乙, who has birthday; 李 of the next county, 丙."""
    make_organisation()
    born: dict[str, Any] = {"fields": {"birth_date": f"1980-{TODAY:%m-%d}"}}
    take(
        Given("甲一", "K1", system="psb", line="03", kind=Kind.FINANCIAL, secrets={"mobile": "13812345678"}),  # type: ignore[arg-type]
        Given("乙二", "K2", **born),
        Given("丙三", "K3", unit="370104001", manager=LI, **born),
    )
    hold(
        "6217001234567890123", kind=HoldingKind.DEPOSIT, unit_code=LIXIA_OUTLET, amount=Decimal("80000.00"),
        matures_on=SOON, status=HoldingStatus.OPEN,
    )  # fmt: skip
    find()
    return log_in(Client(), ZHANG)


def find() -> dict[str, int]:
    return {key: count for key, count in find_work(RULES, TODAY).items() if count}


def items() -> list[WorkItem]:
    with scope.bulk():
        return list(WorkItem.objects.order_by("-rank", "id"))


def page(client: Client, query: str = "") -> str:
    return client.get(f"/today/{query}").content.decode()


def say(client: Client, item: WorkItem, what: str, **said: str) -> Any:
    """Send the form about an item as it was shown."""
    address = f"/today/{item.pk}/{what}/"
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    return client.post(address, {"seen": found[1] if found else "", **said})


class TestList:
    def test_says_who_why_how_much_and_until_when_the_most_pressing_first(self, zhang: Client) -> None:
        shown = page(zhang)
        names = re.findall(r'class="today-name"[^>]*>.*?<span>([^<]+)</span></a>', shown, re.DOTALL)
        assert names == ["甲一", "乙二"]
        assert "1 笔定期存款共 80,000 元，3 天后到期" in shown
        assert "138****5678" in shown
        assert "13812345678" not in shown
        assert "丙三" not in shown
        with scope.bulk():
            read = AuditEvent.objects.filter(act="list.read", subject_kind="work_list", actor=ZHANG)
            assert [event.count for event in read] == [2]

    def test_the_day_begins_there_for_who_has_work(self, zhang: Client) -> None:
        assert zhang.get("/")["Location"] == "/today/"
        assert zhang.get("/overview/").status_code == 200
        for item in items():
            say(zhang, item, "done")
        assert zhang.get("/").status_code == 200

    def test_counters_filter(self, zhang: Client) -> None:
        assert "乙二" not in page(zhang, "?rule=deposit")
        assert "甲一" not in page(zhang, "?rule=birthday")
        assert "甲一" in page(zhang, "?rule=nonsense&after=x")
        assert "没有要办的事" in page(zhang, "?rule=policy")
        counts = zhang.get("/today/counts/?rule=deposit").content.decode()
        assert "存款到期" in counts
        assert "甲一" not in counts

    def test_a_head_sees_the_unit_and_its_own_apart(self, zhang: Client) -> None:
        head = log_in(Client(), WANG)
        assert "甲一" in page(head)
        assert "甲一" not in page(head, "?whose=own")
        assert "丙三" not in page(head)

    def test_own_to_dos_stand_among_them(self, zhang: Client) -> None:
        with scope.acting(viewer(ZHANG).scope):
            add_task(viewer(ZHANG), Wanted("交周报", TODAY))
            add_task(viewer(ZHANG), Wanted("下月再说", TODAY + timedelta(days=20)))
        shown = page(zhang)
        assert ("交周报" in shown, "下月再说" in shown) == (True, False)
        assert "甲一" not in page(zhang, "?rule=task")

    def test_takes_few_queries(self, zhang: Client) -> None:
        take(*(Given(f"客{n}", f"X{n}", fields={"birth_date": f"1990-{TODAY:%m-%d}"}) for n in range(40)))
        find()
        with scope.acting(viewer(ZHANG).scope):
            add_task(viewer(ZHANG), Wanted("交周报", TODAY))
        assert queries_of(zhang, "/today/") <= MOST_QUERIES
        following = re.search(r'href="(/today/\?after=[^"]+)"', page(zhang))
        assert following
        assert page(zhang, following[1].removeprefix("/today/")).count('class="today-item"') == 12


class TestSaying:
    def test_done_with_the_result_of_a_call_stands_on_the_customer(self, zhang: Client) -> None:
        """Acceptance 1 of issue 7: call, note the result, next."""
        item = items()[0]
        assert say(zhang, item, "done", call="reached", result="愿意转存，周五来网点").status_code == 302
        assert "甲一" not in page(zhang)
        with scope.bulk():
            note = Note.objects.get()
        assert (note.sort, note.result, note.text) == ("call", "reached", "愿意转存，周五来网点")
        find()
        assert "甲一" not in page(zhang), "what was said holds for the period"
        assert say(zhang, item, "done").status_code == 409

    def test_refused_with_a_reason_it_does_not_come_back(self, zhang: Client) -> None:
        item = items()[1]
        assert say(zhang, item, "refuse", reason="").status_code == 422
        assert say(zhang, item, "refuse", reason="客户不喜欢打扰").status_code == 302
        find()
        assert "乙二" not in page(zhang)

    def test_it_waits_twice_at_most(self, zhang: Client) -> None:
        item = items()[0]
        days = [(TODAY + timedelta(days=number)).isoformat() for number in (0, 1)]
        assert say(zhang, item, "postpone", until=days[0], reason="忙").status_code == 422
        assert say(zhang, item, "postpone", until=days[1], reason="").status_code == 422
        for _ in range(2):
            assert say(zhang, item, "postpone", until=days[1], reason="客户出差").status_code == 302
        assert say(zhang, item, "postpone", until=days[1], reason="忙").status_code == 409
        assert "甲一" not in page(zhang)
        with clock.frozen(clock.now() + timedelta(days=1)):
            shown = page(log_in(Client(), ZHANG))
        assert "甲一" in shown
        assert f"/today/{item.pk}/postpone/" not in shown

    def test_handed_on_it_stays_with_the_colleague(self, zhang: Client) -> None:
        head, item = log_in(Client(), WANG), items()[0]
        assert say(head, item, "delegate", staff_no=LI, reason="近").status_code == 422
        assert say(head, item, "delegate", staff_no=WANG, reason="我来谈").status_code == 302
        find()
        assert "甲一" not in page(zhang)
        assert "甲一" in page(head, "?whose=own")
        with scope.bulk():
            assert Notification.objects.filter(recipient=WANG, kind="work.given").count() == 1

    def test_others_neither_see_nor_change_it(self, zhang: Client) -> None:
        item, li = items()[0], log_in(Client(), LI)
        for what in ("done", "postpone", "delegate", "refuse"):
            sent = {"reason": "x", "until": SOON.isoformat(), "staff_no": LI}
            assert say(li, item, what, **sent).status_code == 404
        with scope.acting(viewer(LI).scope):
            assert [one.record_id for one in WorkItem.objects.all()] == [int(code_of("丙三")[1:-1])]
        assert items()[0].version == 1


class TestFinding:
    def test_what_is_no_more_goes_unless_something_was_said(self, zhang: Client) -> None:
        assert find() == {"deposit": 1, "birthday": 2}
        say(zhang, items()[0], "postpone", until=(TODAY + timedelta(days=1)).isoformat(), reason="等")
        with scope.bulk():
            Customer.objects.filter(name="乙二").update(birth_date=None)
            Customer.objects.filter(name="甲一").update(status="frozen")
        assert find() == {"deposit": 1, "birthday": 1}
        assert sorted(one.rule for one in items()) == ["birthday", "deposit"]

    def test_ranks_as_the_rule_says(self, zhang: Client) -> None:
        for one in items():
            assert one.rank == rank_of(one.amount, (one.due_on - TODAY).days, **LIMITS)

    def test_an_agreement_that_ends_and_a_pool(self, zhang: Client) -> None:
        """Of nobody's customers the head of the outlet hears."""
        take(Given("丁四", "K4", manager=""))
        with scope.bulk():
            Relationship.objects.filter(customer__name="丁四").update(valid_to=SOON)
        assert find()["agreement"] == 1
        assert "丁四" not in page(zhang)
        assert "邮务协议 3 天后到期" in page(log_in(Client(), WANG))


@given(
    amount=st.integers(0, 10**9),
    more=st.integers(0, 10**9),
    days=st.integers(-30, 400),
    later=st.integers(0, 400),
)
def test_more_money_and_less_time_never_stand_further_down(
    amount: int, more: int, days: int, later: int
) -> None:
    """REQUIREMENTS 5.1: the order is by money at risk × time left."""
    rank = rank_of(Decimal(amount), days, **LIMITS)
    assert rank_of(Decimal(amount + more), days, **LIMITS) >= rank
    assert rank_of(Decimal(amount), days + later, **LIMITS) <= rank


def test_each_rule_leads_to_a_part_of_the_customers_page() -> None:
    assert {rule.tab for rule in RULES} <= {panel.key for panel in PANELS}
