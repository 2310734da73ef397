"""A reader joins conditions by and/or, counts by group and keeps it as a view; also on the phone (UI.md 3–5)."""

from __future__ import annotations

import os
import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.site import COUNTY_HEAD

PHONE = {"width": 390, "height": 844}
FIRST_FIELD, FIRST_VALUE = "#w0\\.0f", "#w0\\.0v"
SECOND_FIELD, SECOND_VALUE = "#w1\\.0f", "#w1\\.0v"


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: HONGYAN_PICTURES names a folder."""
    if folder := os.environ.get("HONGYAN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def settled(page: Page) -> None:
    """Wait until what was swapped in listens: a person needs longer than that to reach it."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    page.wait_for_timeout(150)


def build(page: Page) -> None:
    """Organisations, or whoever has three sources and more."""
    settled(page)
    page.locator(FIRST_FIELD).select_option("type")
    page.get_by_label("单位", exact=True).check()
    settled(page)
    page.get_by_role("button", name="加一组").click()
    page.locator(SECOND_FIELD).wait_for()
    settled(page)
    page.locator(SECOND_FIELD).select_option("sources")
    page.locator("#w1\\.0o").wait_for()
    settled(page)
    page.locator("#w1\\.0o").select_option("ge")
    settled(page)
    page.locator(SECOND_VALUE).fill("3")
    page.locator("#builder-joiner").select_option("any")


def test_conditions_are_joined_and_kept(visitor: Visitor):
    page = visitor(COUNTY_HEAD)
    page.goto("/customers/")
    page.locator(".build-open").click()
    build(page)
    picture(page, "builder")
    settled(page)
    page.locator(SECOND_VALUE).press("Enter")
    page.wait_for_url(re.compile(r"where=any~~all~type\.is\.O~~all~sources\.ge\.3"))
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".filter-chip")).to_contain_text("客户类型 是 单位 或 来源数 不小于 3")
    page.locator("summary[title='分组计数']").click()
    page.locator(".pop-item", has_text="客户类别").click()
    expect(page.locator(".groups a").first).to_be_visible()
    picture(page, "groups")
    page.locator("[data-dialog-open='save-view']").click()
    page.locator("#view-name").fill("重点客户")
    page.locator("#view-name").press("Enter")
    page.wait_for_url(re.compile(r"view=\d+&where=.*group=kind"))
    expect(page.locator(".view-tab[aria-current]")).to_contain_text("重点客户")
    page.locator(".groups a").first.click()
    expect(page.locator(".groups")).to_have_count(0)
    page.locator(".build-open").click()
    expect(page.locator(SECOND_VALUE)).to_have_value("3")
    page.locator(".conditions-drop").nth(1).click()
    expect(page.locator(SECOND_FIELD)).to_have_count(0)


def test_a_value_left_out_is_asked_for(visitor: Visitor):
    page = visitor(COUNTY_HEAD)
    page.goto("/customers/?build=open")
    page.locator(FIRST_FIELD).select_option("sources")
    expect(page.locator(FIRST_VALUE)).to_be_visible()
    page.locator("#builder .btn-primary").click()
    expect(page.locator("#builder")).to_be_visible()
    assert page.locator(FIRST_VALUE).evaluate("field => field.validity.valueMissing")


def test_on_the_phone(visitor: Visitor):
    page = visitor(COUNTY_HEAD, viewport=PHONE, locale="en-US")
    page.goto("/customers/?lang=en")
    page.locator(".filters-open").click()
    page.locator(".conditions-summary a").click()
    page.locator(FIRST_FIELD).select_option("kind")
    page.locator("[name='w0.0v']").first.check()
    picture(page, "builder-phone")
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("#builder .btn-primary").click()
    page.wait_for_url(re.compile(r"where=all~~all~kind\.is\."))
    page.locator(".filters-open").click()
    page.locator("#filter-grouping").select_option("line")
    page.locator("#all-filters .btn-primary").click()
    expect(page.locator(".groups a").first).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    picture(page, "groups-phone")
