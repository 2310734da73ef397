"""Home and health."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.customer.models import ListRow
from hongyan.desk.actions import notify
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.org.codes import Role
from hongyan.org.models import Post
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in
from hongyan.web import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()
        Post.objects.filter(staff__staff_no="wang").update(role=Role.STEWARD)


def delivery(digest: str, org_no: int, **changes) -> Delivery:
    facts = {
        "system": "kgc", "file_name": "CUST.txt", "digest": digest, "size": 1, "channel": Channel.DROP,
        "state": DeliveryState.CHECKED, "received_at": clock.now(), "received_by": "system", "org_no": org_no,
        "received": 1234, **changes,
    }  # fmt: skip
    return Delivery.objects.create(**facts)


def customer_rows(org_no: int, manager_id: int, lines: str, count: int, start: int) -> None:
    """List rows alone: home counts what the list shows."""
    with scope.bulk():
        ListRow.objects.bulk_create(
            ListRow(
                customer_id=start + number, org_no=org_no, province_no=0, city_no=0, county_no=0,
                first_in_county=True, first_in_city=True, first_in_province=True, first_in_group=True, sort_key="a",
                code=f"H{start + number}", name="王芳",
                party_type="P", kind="B", status="active", line_codes=lines, system_codes="kgc",
                source_count=1, unit_name="泉城路支局", manager_id=manager_id, has_review=number == 0,
                created_at=clock.now(), updated_at=clock.now(),
            )
            for number in range(count)
        )  # fmt: skip


def test_shows_what_came_in_and_what_waits():
    province = find_viewer("wang").scope.lo
    unsigned = delivery("a", province)
    delivery("b", province, received_at=clock.now() - timedelta(days=3), state=DeliveryState.APPLIED)
    with scope.bulk():
        QuarantinedRow.objects.create(
            delivery=unsigned, row=3, kind="c", reasons=[], sealed=b"", org_no=province
        )
    home = logged_in("wang").get("/").context["home"]
    assert [arrival.delivery for arrival in home.arrivals] == [unsigned]
    assert {str(one.label): one.count.value for one in home.waiting} == {
        "待签收的批次": 1,
        "待修正的隔离行": 1,
    }


def test_counts_own_customers_by_line_and_new_ones_as_the_list_does():
    viewer = find_viewer("zhang")
    customer_rows(viewer.scope.lo, viewer.staff_id, "01", 3, 100)
    customer_rows(viewer.scope.lo, viewer.staff_id, "01,03", 2, 200)
    customer_rows(find_viewer("li").scope.lo, 0, "01", 5, 300)
    client = logged_in("zhang")
    home = client.get("/").context["home"]
    assert [(str(one.label), one.count.value) for one in home.mine] == [("邮务", 5), ("邮储", 2)]
    assert home.new_customers.count.value == 5
    for figure in (*home.mine, home.new_customers, *home.waiting):
        assert client.get(figure.url).context["list"].count.value == figure.count.value


def test_shows_intake_only_to_those_who_may_read_it():
    Post.objects.filter(staff__staff_no="zhang").update(role=Role.MANAGER)
    page = logged_in("zhang").get("/")
    assert page.context["home"].arrivals is None
    assert "来源系统" not in page.content.decode()


def test_says_so_when_nothing_waits():
    assert "都处理完了" in logged_in("zhang").get("/").content.decode()


def test_takes_few_queries_however_much_came_in():
    """BARS P6, with session, viewer and scope; what only begins or ends a transaction asks the tables nothing."""
    viewer = find_viewer("wang")
    client = logged_in("wang")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    queries()  # what a process keeps in memory for some seconds
    before = queries()
    for number in range(20):
        delivery(str(number), viewer.scope.lo)
        notify("wang", "gone")
    assert queries() == before <= 12


class TestMenu:
    def labels(self, staff_no: str) -> list[str]:
        return [str(item.label) for item in logged_in(staff_no).get("/").context["menu"]]

    def test_shows_what_the_post_may_use(self):
        assert "审计" in self.labels("chen")
        assert "客户" not in self.labels("chen")
        assert "客户" in self.labels("zhang")
        assert "审计" not in self.labels("zhang")

    def test_marks_the_nearest_entry(self):
        menu = logged_in("zhang").get("/organisation/staff/").context["menu"]
        assert [str(item.label) for item in menu if item.active] == ["人员"]


class TestHealth:
    def test_without_a_worker_is_degraded(self):
        answer = Client().get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "degraded", "database": "ok", "jobs": "down", "version": "0.1.0"}

    def test_with_everything_is_ok(self, monkeypatch):
        monkeypatch.setattr(health, "_has_worker", lambda: True)
        assert Client().get("/healthz").json()["status"] == "ok"

    def test_without_a_database_is_down(self, monkeypatch):
        def gone() -> bool:
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(health, "_has_worker", gone)
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_an_open_page_asks_the_bell_without_keeping_the_session_alive():
    client = logged_in("wang")
    session = client.session
    session["seen"] -= 600
    session.save()
    notify("wang", "gone")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/bell/")
    assert ('bar-count">1<' in answer.content.decode(), len(queries) <= 12) == (True, True)
    assert client.session["seen"] == session["seen"]


def test_the_bell_says_nothing_to_strangers():
    assert (Client().get("/bell/").status_code, Client().get("/bell/").content) == (204, b"")
