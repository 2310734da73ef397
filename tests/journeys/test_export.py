"""Acceptance 5: an export waits for the county head, who approves it on the phone; the file says who and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hongyan.desk.tests.exporting import sheet_of
from tests.journeys.conftest import Visitor
from tests.journeys.site import COUNTY_HEAD, MANAGER, NEIGHBOUR, Site

WORK_SECONDS = 30
"""A worker takes a job up within a few seconds; a busy machine may need longer."""

PHONE = {"width": 390, "height": 844}
FREE_ROWS = """
    INSERT INTO core_parametervalue (key, line, value, effective_from, set_at, set_by, reason)
    VALUES ('desk.export_free_rows', '', %s, '2020-01-01', '2020-01-01T00:00Z', 'test', '')
    ON CONFLICT (key, unit_id, line, effective_from) DO UPDATE SET value = EXCLUDED.value
    RETURNING id
"""
REASON = "核对网点客户清单"


def fits(page: Page) -> bool:
    return bool(
        page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    )


def ask_for_customers(page: Page) -> str:
    """As the head of an outlet: from the list to the request; its number."""
    page.goto("/customers/")
    page.locator("a[href^='/exports/new/customers/']").click()
    page.locator("#id_purpose").get_by_text("信息核实").click()
    page.locator("#id_note").fill(REASON)
    page.locator("form button.btn-primary", has_text="申请导出").click()
    expect(page.locator("#export")).to_contain_text("待审批")
    found = re.search(r"X\d{8}", page.inner_text("main"))
    assert found
    return found[0]


@pytest.fixture
def few_rows_are_free(site: Site) -> Iterator[None]:
    """For this journey only: others share the site and take lists without asking."""
    (number,) = site.rows(FREE_ROWS, "1")[0]
    yield
    site.rows("DELETE FROM core_parametervalue WHERE id = %s RETURNING id", number)


def test_the_county_head_approves_on_the_phone_and_the_file_can_be_had(
    visitor: Visitor, few_rows_are_free: None, tmp_path: Path
):
    asking = visitor(MANAGER)
    number = ask_for_customers(asking)

    head = visitor(COUNTY_HEAD, viewport=PHONE, is_mobile=True, has_touch=True)
    head.goto("/approvals/")
    head.locator("a[href^='/approvals/']", has_text="导出").first.tap()
    expect(head.locator("main")).to_contain_text(REASON)
    assert fits(head)
    head.locator("button[name=verdict][value=approve]").tap()
    expect(head.locator("main")).to_contain_text("通过")
    assert fits(head)

    download = asking.locator("a[download]")
    for _second in range(WORK_SECONDS):
        asking.reload()
        if download.count():
            break
        asking.wait_for_timeout(1000)
    with asking.expect_download() as waiting:
        download.click()
    file = tmp_path / "export.xlsx"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == f"客户-{number}.xlsx"
    (watermark,), header, *rows = sheet_of(file.read_bytes())
    assert all(text in watermark[1] for text in (number, MANAGER, "信息核实", REASON))
    assert ("text", "客户编码") in header
    assert len(rows) > 1
    assert "138" not in {text for _kind, text in rows[0]}
    mobiles = [row[header.index(("text", "手机"))][1] for row in rows]
    assert [mobile for mobile in mobiles if mobile and "*" not in mobile] == []


def test_what_is_asked_for_can_be_taken_back_and_is_nobody_elses(visitor: Visitor, few_rows_are_free: None):
    page = visitor(MANAGER)
    number = ask_for_customers(page)
    address = page.url
    other = visitor(NEIGHBOUR)
    answer = other.goto(address)
    assert answer is not None
    assert answer.status == 404
    assert number not in other.inner_text("body")
    page.locator("button", has_text="取消导出").click()
    expect(page.locator("#export")).to_contain_text("已取消")


def test_the_pages_fit_a_phone(visitor: Visitor, few_rows_are_free: None):
    page = visitor(MANAGER, viewport=PHONE, is_mobile=True, has_touch=True)
    for path in ("/exports/", "/exports/new/customers/", "/exports/new/customers/?q=无人"):
        page.goto(path)
        assert fits(page), path
