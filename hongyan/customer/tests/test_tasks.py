"""To-dos of one's own, on customers and without: the list, the page, each act, who sees what (issue 7, DESIGN 2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests.factory import LI, WANG, ZHANG, code_of, log_in, viewer
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.actions.tasks import remind
from hongyan.desk.models import Notification, Task, TaskStep

TOMORROW = (clock.business_date() + timedelta(days=1)).isoformat()
GIVEN = {
    "title": "送报价单",
    "due_on": TOMORROW,
    "due_time": "09:30",
    "priority": "1",
    "remind": "60",
    "repeat": "",
}


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


def add(client: Client, code: str = "", **said: str) -> Any:
    address = f"/records/customer/{code}/tasks/new/" if code else "/tasks/new/"
    return client.post(address, {**GIVEN, **said})


def tasks() -> list[Task]:
    with scope.bulk():
        return list(Task.objects.order_by("id"))


def act(client: Client, task: Task, what: str, **said: str) -> Any:
    """Send the form of an act as it was shown."""
    address = f"/tasks/{task.pk}/{what}/"
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    return client.post(address, {"seen": found[1] if found else "", **said})


@pytest.mark.django_db
class TestPages:
    def test_one_of_ones_own_stands_in_the_list_and_on_the_customer(self, zhang: Client) -> None:
        code = code_of("王小明")
        answer = add(zhang, code)
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/timeline/")
        (task,) = tasks()
        assert task.due_at == datetime.fromisoformat(f"{TOMORROW}T09:30+08:00")
        assert (task.remind_at, task.staff_no) == (task.due_at - timedelta(hours=1), ZHANG)
        tab = zhang.get(f"/customers/{code}/timeline/").content.decode()
        assert "送报价单" in tab
        assert f"/tasks/{task.pk}/" in tab
        for query in ("", "?when=week", "?priority=1", f"?record=customer/{code}"):
            page = zhang.get(f"/tasks/{query}").content.decode()
            assert ("送报价单" in page, "王小明" in page) == (True, True), query
        for query in ("?when=overdue", "?when=today", "?state=done", "?whose=made"):
            assert "送报价单" not in zhang.get(f"/tasks/{query}").content.decode(), query
        with scope.bulk():
            assert AuditEvent.objects.filter(act="task.made", subject=task.number, actor=ZHANG).count() == 1

    def test_others_neither_see_nor_change_it(self, zhang: Client) -> None:
        add(zhang, code_of("王小明"))
        (task,) = tasks()
        li = log_in(Client(), LI)
        assert li.get(f"/tasks/{task.pk}/").status_code == 404
        assert "送报价单" not in li.get("/tasks/?state=all").content.decode()
        for what in ("change", "postpone", "delegate", "done", "drop"):
            assert act(li, task, what, **GIVEN, reason="x", result="x", staff_no=LI).status_code == 404
        assert add(li, code_of("王小明")).status_code == 404
        with scope.acting(viewer(LI).scope):
            assert not Task.objects.exists()
            assert not TaskStep.objects.exists()
        assert [(one.state, one.version) for one in tasks()] == [("open", 1)]

    @pytest.mark.parametrize(
        "said",
        [{"title": ""}, {"title": "打13812345678"}, {"due_on": ""}, {"priority": "9"}, {"repeat": "x"}],
    )
    def test_what_is_no_to_do_is_refused(self, zhang: Client, said: dict[str, str]) -> None:
        assert add(zhang, **said).status_code == 422
        assert tasks() == []

    def test_done_with_a_result_it_leaves_the_list(self, zhang: Client) -> None:
        add(zhang)
        (task,) = tasks()
        assert act(zhang, task, "done", result="客户同意试寄").status_code == 302
        assert "送报价单" not in zhang.get("/tasks/").content.decode()
        assert "送报价单" in zhang.get("/tasks/?state=done").content.decode()
        assert "客户同意试寄" in zhang.get(f"/tasks/{task.pk}/").content.decode()
        assert act(zhang, task, "drop", reason="x").status_code == 409

    def test_it_waits_twice_at_most_each_time_with_a_reason(self, zhang: Client) -> None:
        """REQUIREMENTS 5.1: a row can be postponed (reason, at most twice)."""
        add(zhang)
        (task,) = tasks()
        days = [(clock.business_date() + timedelta(days=number)).isoformat() for number in (1, 3, 5, 7)]
        assert act(zhang, task, "postpone", due_on=days[1], reason="").status_code == 422
        assert act(zhang, task, "postpone", due_on=days[0], due_time="09:00", reason="忙").status_code == 422
        assert act(zhang, task, "postpone", due_on=days[1], reason="客户出差").status_code == 302
        assert act(zhang, task, "postpone", due_on=days[2], reason="客户还没回").status_code == 302
        assert act(zhang, task, "postpone", due_on=days[3], reason="再等等").status_code == 409
        (task,) = tasks()
        assert (task.postponed, task.is_all_day) == (2, True)
        page = zhang.get(f"/tasks/{task.pk}/").content.decode()
        assert "客户出差" in page
        assert f"/tasks/{task.pk}/postpone/" not in page

    def test_of_two_editors_the_second_is_refused(self, zhang: Client) -> None:
        add(zhang)
        (task,) = tasks()
        assert act(zhang, task, "change", **{**GIVEN, "title": "送合同"}).status_code == 302
        assert act(zhang, task, "change", **{**GIVEN, "title": "送样品"}, seen="1").status_code == 409
        later = {**GIVEN, "due_on": (clock.business_date() + timedelta(days=9)).isoformat()}
        assert act(zhang, task, "change", **later).status_code == 422, "to wait takes a reason"
        assert tasks()[0].title == "送合同"

    def test_a_series_goes_on_when_one_is_done_and_ends_when_one_is_dropped(self, zhang: Client) -> None:
        add(zhang, repeat="weekly")
        act(zhang, tasks()[0], "done")
        first, second = tasks()
        assert (second.due_at - first.due_at, second.state) == (timedelta(days=7), "open")
        act(zhang, second, "drop", reason="不再需要")
        assert len(tasks()) == 2

    def test_a_head_gives_to_people_of_the_unit_and_hears_of_the_end(self, zhang: Client) -> None:
        head = log_in(Client(), WANG)
        assert add(head, code_of("王小明"), staff_no=LI).status_code == 422, "of another county"
        assert add(head, code_of("王小明"), staff_no=ZHANG).status_code == 302
        (task,) = tasks()
        assert (task.staff_no, told(ZHANG)) == (ZHANG, ["task.given"])
        assert "送报价单" in zhang.get("/tasks/").content.decode()
        assert "送报价单" in head.get("/tasks/?whose=made").content.decode()
        assert "送报价单" in head.get("/tasks/?whose=unit").content.decode()
        act(zhang, task, "done")
        assert told(WANG) == ["task.done"]

    def test_who_does_not_assign_gives_to_nobody_but_may_hand_on(self, zhang: Client) -> None:
        assert add(zhang, staff_no=WANG).status_code == 302, "no such field for a manager"
        (task,) = tasks()
        assert task.staff_no == ZHANG
        assert act(zhang, task, "delegate", staff_no=WANG, reason="休假").status_code == 422, "out of range"
        head = log_in(Client(), WANG)
        add(head)
        task = tasks()[1]
        assert act(head, task, "delegate", staff_no=ZHANG, reason="").status_code == 422
        assert act(head, task, "delegate", staff_no=ZHANG, reason="他更熟").status_code == 302
        assert (tasks()[1].staff_no, told(ZHANG)) == (ZHANG, ["task.given"])

    def test_the_calendar_shows_them_by_month_week_and_day(self, zhang: Client) -> None:
        add(zhang)
        for number in range(5):
            add(zhang, title=f"第{number}件", due_time="")
        for view, rest in (("month", True), ("week", False), ("day", False), ("nonsense", True)):
            page = zhang.get(f"/tasks/calendar/?view={view}&on={TOMORROW}").content.decode()
            assert "09:30</span> 送报价单" in page, view
            assert ("month-rest" in page, "第4件" in page) == (rest, not rest), view
        assert "送报价单" not in zhang.get("/tasks/calendar/?on=2001-01-01").content.decode()
        for day in ("x", "0001-01-01", "9999-12-31"):
            assert zhang.get(f"/tasks/calendar/?on={day}").status_code == 200
        add(log_in(Client(), WANG), staff_no="", title="王的事")
        assert "王的事" not in zhang.get(f"/tasks/calendar/?view=day&on={TOMORROW}").content.decode()

    def test_pages_take_few_queries(self, zhang: Client) -> None:
        code = code_of("王小明")
        for number in range(12):
            add(zhang, code, title=f"第{number}件")
        for address in (
            "/tasks/", "/tasks/calendar/", f"/tasks/{tasks()[0].pk}/", f"/customers/{code}/timeline/",
            f"/tasks/?record=customer/{code}",
        ):  # fmt: skip
            assert queries_of(zhang, address) <= MOST_QUERIES, address


@pytest.mark.django_db
def test_a_reminder_comes_once(town: None, client: Client) -> None:
    """However often the worker runs, and again after the to-do was put off."""
    zhang = log_in(client, ZHANG)
    add(zhang)
    assert remind() == 0
    with clock.frozen(datetime.fromisoformat(f"{TOMORROW}T08:30+08:00")):
        assert [remind(), remind()] == [1, 0]
    assert told(ZHANG) == ["task.due"]
    act(
        zhang,
        tasks()[0],
        "postpone",
        due_on=(clock.business_date() + timedelta(days=3)).isoformat(),
        reason="忙",
    )
    with clock.frozen(clock.now() + timedelta(days=5)):
        assert [remind(), remind()] == [1, 0]


def told(recipient: str) -> list[str]:
    rows = Notification.objects.filter(recipient=recipient, kind__startswith="task.")
    return list(rows.order_by("id").values_list("kind", flat=True))
