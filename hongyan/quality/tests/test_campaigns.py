"""Campaigns of completion: counted first, tasks for managers, done by themselves, a result (CCC-001)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import LI, SUN, WANG, ZHANG, Given, code_of, log_in, take
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.models import Notification
from hongyan.quality.actions.campaigns import close_overdue
from hongyan.quality.actions.score import score_everybody
from hongyan.quality.models import Campaign, CampaignTask

pytestmark = pytest.mark.django_db

MAIL = {"secrets": {"email": "a@example.com"}}


@pytest.fixture
def wang(db: None) -> Client:
    """The head of 历下, whose outlet has three customers without e-mail and one with; 槐荫 has one without."""
    factory.make_organisation()
    take(
        Given("甲一", "K1"), Given("乙二", "K2"), Given("丙三", "K3", manager=""), Given("丁四", "K4", **MAIL),  # type: ignore[arg-type]
        Given("戊五", "K5", unit=factory.HUAIYIN_OUTLET, manager=LI),
    )  # fmt: skip
    score_everybody(clock.business_date(), by="test")
    return log_in(Client(), WANG)


def draw_up(client: Client, **said: object) -> HttpResponse:
    due = clock.business_date() + timedelta(days=10)
    return client.post(
        "/quality/campaigns/new/",
        {"name": "补邮箱", "items": ["email"], "due_on": due.isoformat(), "unit_code": "", **said},
    )


def campaign() -> Campaign:
    with scope.bulk():
        return Campaign.objects.latest("id")


def tasks() -> dict[str, str]:
    with scope.bulk():
        return dict(CampaignTask.objects.values_list("customer__name", "state"))


def begin(client: Client) -> HttpResponse:
    return client.post(f"/quality/campaigns/{campaign().pk}/begin/")


def test_a_campaign_is_counted_begun_done_and_closed(wang: Client) -> None:
    answer = draw_up(wang)
    assert answer.status_code == 302
    page = wang.get(answer["Location"]).content.decode()
    assert "泉城路支局" in page
    assert tasks() == {}
    assert begin(wang).status_code == 302
    assert tasks() == {"甲一": "open", "乙二": "open", "丙三": "open"}, (
        "nobody of the next county, none who has one"
    )
    assert Notification.objects.get(recipient=ZHANG, kind="quality.tasks").params["count"] == 2
    zhang = log_in(Client(), ZHANG)
    mine = zhang.get("/quality/tasks/?keeper=mine").content.decode()
    assert "甲一" in mine
    assert "丙三" not in mine
    assert "丙三" in zhang.get("/quality/tasks/").content.decode()

    take(Given("甲一", "K1", secrets={"email": "jia@example.com"}))
    assert tasks()["甲一"] == "done", "at once, without anybody saying so"
    take(Given("乙二", "K2", secrets={"email": "nonsense"}))
    assert tasks()["乙二"] == "open", "not valid"
    shown = wang.get(answer["Location"]).content.decode()
    assert "33%" in shown

    assert wang.post(f"/quality/campaigns/{campaign().pk}/close/").status_code == 302
    row = campaign()
    assert (row.state, row.members, row.done) == ("closed", 3, 1)
    assert "已结束" in wang.get(answer["Location"]).content.decode()
    assert "甲一" not in zhang.get("/quality/tasks/").content.decode()


def test_one_ends_with_its_last_day_and_its_maker_hears(wang: Client) -> None:
    draw_up(wang)
    begin(wang)
    assert close_overdue() == 0
    with clock.frozen(clock.now() + timedelta(days=11)):
        assert close_overdue() == 1
    assert campaign().state == "closed"
    assert Notification.objects.get(recipient=WANG, kind="quality.closed").params["members"] == 3


def test_it_begins_once_and_not_with_nobody_or_too_many(wang: Client) -> None:
    draw_up(wang, party_type="O")
    assert begin(wang).status_code == 422
    draw_up(wang)
    ParameterValue.objects.create(
        key="quality.most_members", value=2, effective_from="2020-01-01", set_at=clock.now(), set_by="x"
    )
    assert begin(wang).status_code == 422
    assert tasks() == {}
    ParameterValue.objects.all().delete()
    assert begin(wang).status_code == 302
    assert begin(wang).status_code == 409
    assert len(tasks()) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"name": " "},
        {"items": []},
        {"due_on": "2020-01-01"},
        {"unit_code": "370104"},
        {"name": "电话13812345678"},
    ],
)
def test_nonsense_is_refused(wang: Client, said: dict[str, object]) -> None:
    assert draw_up(wang, **said).status_code == 422
    with scope.bulk():
        assert not Campaign.objects.exists()


def test_only_heads_lead_and_only_their_own(wang: Client) -> None:
    zhang = log_in(Client(), ZHANG)
    assert draw_up(zhang).status_code == 403
    draw_up(log_in(Client(), SUN))
    assert campaign().name == "补邮箱"
    assert wang.get(f"/quality/campaigns/{campaign().pk}/").status_code == 404, "of the province above"
    assert begin(wang).status_code == 404
    draw_up(wang)
    assert log_in(Client(), LI).get(f"/quality/campaigns/{campaign().pk}/").status_code == 404
    assert tasks() == {}


def test_pages_stay_cheap(wang: Client) -> None:
    draw_up(wang)
    begin(wang)
    for address in ("tasks/", "campaigns/", f"campaigns/{campaign().pk}/", "campaigns/new/"):
        assert queries_of(wang, f"/quality/{address}") <= MOST_QUERIES, address
    code = code_of("甲一")
    assert queries_of(log_in(Client(), ZHANG), f"/customers/{code}/quality/") <= MOST_QUERIES
