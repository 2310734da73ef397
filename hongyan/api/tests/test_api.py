"""The API's frame: tokens, scope, problem documents. What the routers answer is tested in their rooms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.org import api as org_api
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.models import ApiToken, Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

UNITS = "/api/v1/organisation/units"


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()


def token_of(staff_no: str) -> str:
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        return make_api_token(viewer, name="test")[1]


def client_of(staff_no: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token_of(staff_no)}"})


def problem_of(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


class TestToken:
    @pytest.mark.parametrize(
        "header", [None, "", "Bearer", "Bearer wrong", "Basic emhhbmc6eA==", "hongyan_x"]
    )
    def test_strangers_are_turned_away(self, header):
        answer = Client(headers={"Authorization": header} if header is not None else None).get(UNITS)
        assert problem_of(answer) == (401, "unauthorised")
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_session_is_no_key_to_the_api(self):
        assert problem_of(logged_in("zhang").get(UNITS)) == (401, "unauthorised")

    def test_token_is_no_key_to_the_pages(self):
        assert client_of("zhang").get("/me/").status_code == 302

    def test_sees_what_its_post_sees(self):
        def codes(staff_no: str) -> list[str]:
            return [unit["code"] for unit in client_of(staff_no).get(UNITS).json()["items"]]

        assert codes("zhang") == ["L1"]
        assert codes("li") == ["S1"]
        assert len(codes("chen")) == 10

    @pytest.mark.parametrize(
        "end",
        [
            lambda: ApiToken.objects.update(revoked_at=clock.now()),
            lambda: ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1)),
            lambda: Staff.objects.filter(staff_no="zhang").update(is_active=False),
            lambda: Post.objects.filter(staff__staff_no="zhang").update(valid_to="2001-01-02"),
        ],
        ids=["revoked", "expired", "person disabled", "post ended"],
    )
    def test_ends_at_once(self, end):
        client = client_of("zhang")
        assert client.get(UNITS).status_code == 200
        end()
        assert client.get(UNITS).status_code == 401

    def test_use_is_noted(self):
        client_of("zhang").get(UNITS)
        assert ApiToken.objects.get().last_used_at is not None


class TestProblems:
    def test_foreign_unit_is_absent_and_audited(self):
        assert problem_of(client_of("zhang").get(f"{UNITS}/S1")) == (404, "not_found")
        with scope.acting(scope.EVERYTHING):
            event = AuditEvent.objects.get(result="denied")
        assert (event.actor, event.act, event.subject) == ("zhang", "unit.open", "S1")

    def test_unknown_parameter_value_names_its_place(self):
        answer = client_of("zhang").get(f"{UNITS}?tree=moon")
        assert problem_of(answer) == (422, "invalid")
        assert "tree" in str(answer.json()["errors"])

    def test_position_of_another_list_is_invalid(self):
        assert problem_of(client_of("zhang").get(f"{UNITS}?after=nonsense")) == (422, "invalid")

    def test_database_that_is_down(self, monkeypatch):
        def gone(*_arguments, **_options):
            raise OperationalError("server closed the connection")

        client = client_of("zhang")
        monkeypatch.setattr(org_api, "visible_places", gone)
        answer = client.get(UNITS)
        assert problem_of(answer) == (503, "unavailable")
        assert answer["Retry-After"] == "10"

    def test_speaks_the_language_asked_for(self):
        client = client_of("zhang")
        titles = {
            language: client.get(f"{UNITS}/S1?lang={language}").json()["title"]
            for language in ("zh-hans", "en")
        }
        assert titles["zh-hans"] == "没有找到"


def test_an_address_that_leads_nowhere_is_told_as_a_problem_too():
    assert problem_of(client_of("zhang").get("/api/v1/nowhere")) == (404, "not_found")
    assert problem_of(Client().post("/api/v1/approvals/99/nowhere")) == (404, "not_found")


def test_description_is_served_to_anybody():
    document = Client().get("/api/v1/openapi.json").json()
    assert document["info"]["title"] == "Hongyan"
    assert "/api/v1/organisation/units/{code}" in document["paths"]


def test_units_beneath_one_in_the_order_of_the_tree():
    items = client_of("chen").get(f"{UNITS}?beneath=3701").json()["items"]
    assert [(unit["code"], unit["parent"]) for unit in items] == [
        ("3701", "37"), ("370102", "3701"), ("L1", "370102"), ("L2", "370102"),
        ("370103", "3701"), ("S1", "370103"), ("S2", "370103"),
    ]  # fmt: skip


def test_unit_hides_what_is_above_the_scope():
    unit = client_of("zhang").get(f"{UNITS}/L1").json()
    assert (unit["name"], unit["places"][0]["parent"]) == ("泉城路支局", None)


def test_staff_without_contact_data():
    answer = client_of("zhang").get("/api/v1/organisation/staff")
    assert [person["staff_no"] for person in answer.json()["items"]] == ["zhang"]
    assert "mobile" not in answer.content.decode()
