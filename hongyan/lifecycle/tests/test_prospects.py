"""Potential customers: registered by approval, checked for duplicates, converted, ended; history stays (CUS-008)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.customer.codes import Kind, Status
from hongyan.customer.models import Customer, Relationship
from hongyan.customer.parameters import NEW_AT_ONCE
from hongyan.customer.tests import factory
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import ID, USCC, code_of, log_in
from hongyan.customer.tests.test_api import api
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.tests.applying import ID_OF_QIAN, agreeing, approve, last, typed
from hongyan.lifecycle.tests.test_closing import ask
from hongyan.org.codes import Verdict

NAME = "钱大钧"


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


def register(client: Client, **said: object) -> HttpResponse:
    form = {
        "party_type": "P", "line": "01", "name": NAME, "credential_type": "01", "credential_no": ID_OF_QIAN,
        "mobile": "13500006666", "act": "submit", "key": str(uuid4()), **said,
    }  # fmt: skip
    return client.post("/applications/prospect/", form)


def relationships(name: str = NAME) -> list[tuple[str, str]]:
    with scope.bulk():
        rows = Relationship.objects.filter(customer__name=name).order_by("party_id")
        return list(rows.values_list("kind", "status"))


def test_a_potential_customer_waits_for_the_head_in_a_flow_of_its_own(zhang: Client) -> None:
    assert register(zhang).status_code == 302
    row = last()
    assert (row.kind, row.state) == (ApplicationKind.PROSPECT, ApplicationState.SUBMITTED)
    assert row.approval is not None
    assert row.approval.kind == "lifecycle.prospect"
    with scope.bulk():
        assert not Customer.objects.filter(name=NAME).exists()
    page = log_in(Client(), factory.WANG).get(f"/approvals/{row.approval_id}/").content.decode()
    assert NAME in page
    assert ID_OF_QIAN not in page
    approve()
    assert relationships() == [(Kind.POTENTIAL, Status.ACTIVE)]
    assert last().number in zhang.get(f"/customers/{code_of(NAME)}/applications/").content.decode()
    assert NAME in zhang.get("/customers/?kind=P").content.decode()


def test_nobody_new_is_entered_past_the_approval(zhang: Client) -> None:
    """SM2: 新建 → 待审批 → 有效. Who is known already may be met at once."""
    set_value(NEW_AT_ONCE, False)
    answer = zhang.get("/customers/new/")
    assert (answer.status_code, answer["Location"]) == (302, "/applications/prospect/")
    form = {"party_type": "P", "line": "01", "name": NAME, "mobile": "13500006666", "key": str(uuid4())}
    assert zhang.post("/customers/new/", form).status_code == 403
    body = {"name": NAME, "mobile": "13500006666", "line": "01"}

    def send(path: str, body: dict[str, str], key: str = "k1") -> HttpResponse:
        return api(factory.ZHANG).post(
            f"/api/v1/{path}", body, content_type="application/json", headers={"Idempotency-Key": key}
        )

    refused = send("customers", body)
    assert (refused.status_code, "审批" in refused.json()["detail"]) == (403, True)
    with scope.bulk():
        assert not Customer.objects.filter(name=NAME).exists()
    accepted, again = send("prospects", body, "k2"), send("prospects", body, "k2")
    assert (accepted.status_code, accepted.json(), again.json()) == (
        202, {"number": last().number, "state": "submitted"}, accepted.json(),
    )  # fmt: skip
    approve()
    assert relationships() == [(Kind.POTENTIAL, Status.ACTIVE)]

    known = send("customers", {"name": "王小明", "credential_no": ID, "line": "01"}, "k3")
    assert (known.status_code, known.json()["code"]) == (409, "known")
    met = send(
        "customers", {"name": "王小明", "credential_no": ID, "line": "01", "seen": known.json()["seen"]}, "k3"
    )
    assert met.status_code == 201


def test_a_refused_one_comes_back_as_a_draft(zhang: Client) -> None:
    register(zhang)
    row = approve(verdict=Verdict.REJECT, reason="先联系")
    assert row.state == ApplicationState.REFUSED
    page = zhang.get(f"/applications/{row.pk}/edit/").content.decode()
    assert "登记潜在客户" in page
    assert 'name="valid_from"' not in page
    again = {
        "party_type": "P",
        "line": "01",
        "name": NAME,
        "act": "submit",
        "key": str(uuid4()),
        "version": row.version,
    }
    assert zhang.post(f"/applications/{row.pk}/edit/", again).status_code == 302
    approve()
    assert relationships() == [(Kind.POTENTIAL, Status.ACTIVE)]


def test_the_check_for_duplicates_comes_first(zhang: Client) -> None:
    """Known ones are shown and agreed about; a customer of another unit is nobody's potential one."""
    shown = register(zhang, name="王小明", credential_no=ID)
    assert shown.status_code == 409
    assert "已有这位客户" in shown.content.decode()
    row = last()
    form = {
        "party_type": "P", "line": "01", "name": "王小明", "act": "submit", "key": str(uuid4()),
        "version": row.version, **agreeing(shown),
    }  # fmt: skip
    assert zhang.post(f"/applications/{row.pk}/edit/", form).status_code == 302
    approve()
    assert Kind.POTENTIAL in {kind for kind, _ in relationships("王小明")}
    refused = register(log_in(Client(), factory.LI), name="王小明", credential_no=ID)
    assert refused.status_code == 409
    assert "不能登记为潜在客户" in refused.content.decode()


def test_it_is_converted_with_all_that_is_known(zhang: Client) -> None:
    """SM2 有效 → 转化为客户: the same customer, its history kept, its numbers never shown."""
    register(zhang)
    approve()
    code = code_of(NAME)
    assert "转为协议客户" in zhang.get(f"/customers/{code}/applications/").content.decode()
    key = str(uuid4())
    began = zhang.post(f"/applications/for/{code}/convert/", {"key": key})
    assert began.status_code == 302
    draft = last()
    assert (draft.kind, draft.state) == (ApplicationKind.CREATE, ApplicationState.DRAFT)
    page = zhang.get(began["Location"]).content.decode()
    assert NAME in page
    assert ID_OF_QIAN not in page
    assert ID_OF_QIAN[:3] in page, "masked, so that the maker knows it is there"
    zhang.post(f"/applications/for/{code}/convert/", {"key": key})
    with scope.bulk():
        assert Application.objects.count() == 2
    form = typed(credential_no="", mobile="", version=last().version)
    shown = zhang.post(f"/applications/{draft.pk}/edit/", form)
    form = typed(credential_no="", mobile="", **agreeing(shown), version=last().version)
    assert zhang.post(f"/applications/{draft.pk}/edit/", form).status_code == 302
    approve()
    assert code_of(NAME) == code
    assert [kind for kind, _ in relationships()] == [Kind.POTENTIAL, Kind.AGREEMENT_PERSON]
    tab = zhang.get(f"/customers/{code}/applications/").content.decode()
    assert "潜在客户登记" in tab
    assert "协议客户准入" in tab


def test_it_is_ended_in_its_own_flow(zhang: Client) -> None:
    register(zhang)
    approve()
    assert ask(zhang, "close", name=NAME).status_code == 302
    row = last()
    assert row.approval is not None
    assert row.approval.kind == "lifecycle.prospect"
    approve()
    assert relationships() == [(Kind.POTENTIAL, Status.DEREGISTERED)]


def test_only_ones_own_potential_customers_are_converted(zhang: Client) -> None:
    code = code_of("王小明")
    assert zhang.post(f"/applications/for/{code}/convert/", {"key": str(uuid4())}).status_code == 422
    assert zhang.post(f"/applications/for/{code}/convert/", {}).status_code == 422
    li = log_in(Client(), factory.LI)
    assert li.post(f"/applications/for/{code}/convert/", {"key": str(uuid4())}).status_code == 404
    with scope.bulk():
        assert Application.objects.count() == 0


def test_the_page_asks_few_questions(zhang: Client) -> None:
    zhang.get("/applications/prospect/")
    with CaptureQueriesContext(connection) as asked:
        assert zhang.get("/applications/prospect/").status_code == 200
    assert sum(" FROM " in one["sql"] for one in asked) <= 12


def test_a_pasted_licence_fills_the_application(zhang: Client) -> None:
    """CUS-002: what the licence says of the firm, and how long it holds; what was typed stays."""
    text = f"名称 济南望岳茶业有限公司\n统一社会信用代码：{USCC}\n营业期限：2019年08月16日至2039年08月15日"
    form = typed(licence=text, act="take", exception="分送不同线路")
    said = zhang.post("/applications/new/", form).context["form"].initial
    assert (said["uscc"], str(said["credential_until"]), said["exception"]) == (
        USCC,
        "2039-08-15",
        "分送不同线路",
    )
    assert said["families"] == ["2"]
    with scope.bulk():
        assert Application.objects.count() == 0
