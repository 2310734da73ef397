"""A known customer under another spelling: the panel shows her, and why, before anything is saved (acceptance 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import DESKTOP, Visitor
from tests.journeys.crawl import OVERFLOW
from tests.journeys.site import MANAGER, NEIGHBOUR, Site
from tests.journeys.test_find_and_open import codes_of, phone_of

PHONE = {"width": 390, "height": 844}
HOMOPHONES = str.maketrans("晓丽", "小莉")
STANDS = """
SELECT (SELECT count(*) FROM customer_customer), (SELECT count(*) FROM customer_sourceparty),
       (SELECT count(*) FROM customer_entry)
"""


@pytest.fixture(scope="module", autouse=True)
def at_once(site: Site) -> Iterator[None]:
    """A house where new customers take effect without approval; `test_apply` walks the way with one."""
    key = ("customer.new_at_once",)
    site.change(
        "INSERT INTO core_parametervalue (key, line, effective_from, value, set_at, set_by, reason) "
        "VALUES (%s, '', '2020-01-01', 'true', now(), 'test', '')",
        *key,
    )
    yield
    site.change("DELETE FROM core_parametervalue WHERE key = %s", *key)


def fill(page: Page, **said: str) -> None:
    """Type as a person does; the panel asks by itself."""
    for name, text in said.items():
        page.locator(f"#entry [name={name}]").press_sequentially(text)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_another_spelling_shows_her_before_saving(site: Site, visitor: Visitor, viewport: dict[str, int]):
    example = site.example("two_spellings")
    name, mobile = example["name"], phone_of(site, example)
    other = name.translate(HOMOPHONES)
    assert other != name
    [code] = codes_of(site, example)
    before = site.rows(STANDS)

    page = visitor(MANAGER, viewport=viewport)
    page.goto("/customers/")
    page.get_by_role("link", name="新增客户").click()
    expect(page.locator("h1")).to_have_text("新增客户")
    fill(page, name=other, mobile=mobile)
    panel = page.locator("#duplicates")
    expect(panel).to_contain_text(f"保存后归入现有客户 {code}")
    expect(panel).to_contain_text(f"姓名同音({other}/{name})")
    expect(panel).to_contain_text(re.compile(r"手机号相同.* → 同一人"))
    expect(panel).to_contain_text(f"{mobile[:3]}****{mobile[-4:]}")
    assert mobile not in panel.inner_text()
    assert mobile not in page.url
    panel.locator("summary").click()
    expect(panel.locator(".waterfall li").first).to_be_visible()
    assert page.evaluate(OVERFLOW) <= 0
    assert site.rows(STANDS) == before

    page.get_by_role("button", name="保存").click()
    assert page.locator("#entry-confirm").evaluate("box => box.validity.valueMissing"), (
        "she has to be agreed about"
    )
    assert site.rows(STANDS) == before


def test_what_is_said_in_the_panel_outlives_the_answer_on_its_way(site: Site, visitor: Visitor):
    example = site.example("two_spellings")
    page = visitor(MANAGER)
    page.goto("/customers/new/")
    fill(page, name=example["name"], mobile=phone_of(site, example))
    agreed = page.locator("#entry-confirm")
    expect(agreed).not_to_be_checked()

    def agree_meanwhile(route: Route) -> None:
        agreed.check()
        route.continue_()

    page.route("**/new/check/", agree_meanwhile)
    with page.expect_response("**/new/check/"):
        fill(page, email="a@example.com")
    expect(page.locator("#duplicates")).not_to_have_class(re.compile("is-stale"))
    expect(agreed).to_be_checked()


def test_a_new_customer_is_entered_and_stands_on_her_page(site: Site, visitor: Visitor):
    page = visitor(MANAGER)
    page.goto("/customers/new/")
    fill(page, name="闻人静姝", mobile="13512349876", address="泉城路5号")
    expect(page.locator("#duplicates")).to_contain_text("没有找到同一客户")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile(r"/customers/H\d{11}/$"))
    expect(page.locator("h1")).to_contain_text("闻人静姝")
    expect(page.locator("main")).to_contain_text("135****9876")

    # of a company other fields are asked
    page.goto("/customers/new/")
    page.get_by_label("单位", exact=True).check()
    expect(page.get_by_label("统一社会信用代码")).to_be_visible()
    expect(page.get_by_label("证件号码")).to_be_hidden()


def test_a_customer_of_the_next_county_is_told_by_a_masked_name_alone(site: Site, visitor: Visitor):
    example = site.example("two_spellings")
    [code] = codes_of(site, example)
    page = visitor(NEIGHBOUR)
    page.goto("/customers/new/")
    fill(page, name=example["name"], mobile=phone_of(site, example))
    panel = page.locator("#duplicates")
    expect(panel).to_contain_text("已是集团其他机构的客户")
    text = panel.inner_text()
    assert code not in text
    assert example["name"] not in text
    assert "*" in text
    before = site.rows(STANDS)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#duplicates")).to_contain_text("不能重复新增")
    assert site.rows(STANDS) == before
