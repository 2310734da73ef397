"""A cell of the list of customers is corrected where it stands (UI pattern 6, CUS-009)."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.customer.tests.factory import LIXIA_OUTLET, TESTER, ZHANG, code_of, log_in
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


def pencils(client: Client) -> dict[str, str]:
    """Field → where the pencil behind it leads, for 王小明."""
    page = client.get("/customers/").content.decode()
    found = map(html.unescape, re.findall(r'href="([^"]*)" data-cell-edit', page))
    return {one.partition("field=")[2]: one for one in found if code_of("王小明") in one}


def form_at(client: Client, address: str) -> dict[str, Any]:
    """The form over the cell, as a browser would post it untouched."""
    page = client.get(address, headers=SCRIPT)
    said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    shown = {field.name: field.value() for field in page.context["form"] if field.value() is not None}
    return {**said, **shown, "reason": "客户来电说明", "key": str(uuid4())}


def test_what_is_saved_is_answered_without_a_page(zhang: Client) -> None:
    address = pencils(zhang)["mobile"]
    said = form_at(zhang, address)
    wrong = zhang.post(address, {**said, "mobile": "1"}, headers=SCRIPT)
    assert (wrong.status_code, wrong.content.decode().lstrip()[:7]) == (422, "<dialog")
    answer = zhang.post(address, {**said, "mobile": "13900001111"}, headers=SCRIPT)
    assert (answer.status_code, "ui:toast" in answer["HX-Trigger"], answer.content) == (204, True, b"")
    assert "139****1111" in zhang.get("/customers/").content.decode()

    late = zhang.post(address, {**said, "mobile": "13900002222", "key": str(uuid4())}, headers=SCRIPT)
    assert late.status_code == 409
    assert "139****1111" in late.content.decode(), "who was slower sees what stands there now"
    assert "139****2222" not in zhang.get("/customers/").content.decode()


def test_what_takes_a_second_person_waits_in_its_cell(zhang: Client) -> None:
    address = pencils(zhang)["name"]
    answer = zhang.post(address, {**form_at(zhang, address), "name": "王晓明"}, headers=SCRIPT)
    assert answer.status_code == 204
    page = zhang.get("/customers/").content.decode()
    assert ("待审批" in page, "王晓明" in page) == (True, False)
    assert pencils(zhang).keys() == {"mobile", "credential_no"}


def test_who_may_not_correct_has_no_pencil(zhang: Client) -> None:
    with scope.bulk():
        take_in_posts([post_row("du", "杜读", LIXIA_OUTLET, Role.READER)], actor=TESTER)
    assert "data-cell-edit" not in log_in(Client(), "du").get("/customers/").content.decode()
