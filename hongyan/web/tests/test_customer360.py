"""The record page as the house puts it together: what the rooms lend it fits."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import strip_tags

from hongyan.customer.tests.factory import ZHANG, code_of, log_in, make_town
from hongyan.integration.queries.systems import forget_connections
from hongyan.integration.tests.console import QIAN, browser, make_stewards
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, sell

pytestmark = pytest.mark.django_db


def test_example_23_a_system_without_connection_is_named_and_left_out_of_the_sums(client: Client) -> None:
    make_town()
    make_stewards()
    book_rows(FactKind.TRANSACTION, sell("S1", "10.00"), system="kgc")
    browser(QIAN).post("/intake/systems/ems85/", {"connection": "tender", "note": "招标到六月", "unit": ""})
    try:
        page = log_in(client, ZHANG).get(f"/customers/{code_of('王小明')}/business/")
    finally:
        forget_connections()
    panel, text = page.context["panel"], page.content.decode()
    absent = {one.name for one in panel.absent}

    assert absent
    assert text.count("未接入</span>") == len(absent)
    assert "未接入系统的业务不在合计之内" in text
    assert absent.isdisjoint(one.name for one in panel.sources)
    assert [strip_tags(total) for total in panel.table.totals] == ["¥10.00", "¥10.00"]
