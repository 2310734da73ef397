"""Acceptance 1, 3 and 4: find a customer, see where each field comes from; one person, one code; county walls."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hongyan.customer.rules.tokens import initials
from hongyan.identity.normalise.pinyin import syllables_of
from tests.journeys.conftest import Visitor
from tests.journeys.site import AUDITOR, MANAGER, NEIGHBOUR, Site

CODES_OF_PARTIES = """
    SELECT DISTINCT customer.code
    FROM customer_sourceparty party JOIN customer_customer customer ON customer.id = party.customer_id
    WHERE (party.system, party.key) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""


def codes_of(site: Site, example: dict[str, Any]) -> list[str]:
    """The codes under which the systems' entries of one person stand."""
    systems, keys = zip(*example["keys"], strict=True)
    return [code for (code,) in site.rows(CODES_OF_PARTIES, list(systems), list(keys))]


def phone_of(site: Site, example: dict[str, Any]) -> str:
    """The mobile that the philately system delivered for a person."""
    key = dict(example["keys"])["jiyou"]
    drop = next((site.home.root / "drop").glob("JY_CUSTOMER_*.csv"))
    row = next(line for line in drop.read_text("utf-8-sig").splitlines() if line.startswith(f"{key},"))
    found = re.search(r"\b1\d{10}\b", row)
    assert found, row
    return found[0]


def search(page: Page, text: str) -> None:
    box = page.locator("[data-search-input]")
    box.fill("")
    box.press_sequentially(text)


@pytest.mark.parametrize("how", ["two characters", "initials", "phone"])
def test_manager_finds_a_customer_and_opens_her(site: Site, visitor: Visitor, how: str):
    """CUS-001: search box, suggestions, record."""
    example = site.example("two_spellings")
    name = example["name"]
    text = {
        "two characters": name[:2],
        "initials": initials(syllables_of(name)),
        "phone": phone_of(site, example),
    }[how]
    page = visitor(MANAGER)
    search(page, text)
    page.locator("[data-suggestions] [role=option]", has_text=name).first.click()
    expect(page).to_have_url(re.compile(rf"/customers/{codes_of(site, example)[0]}/$"))
    expect(page.locator("h1")).to_contain_text(name)


def test_enter_leads_to_the_only_customer_of_a_phone_without_telling_the_address(
    site: Site, visitor: Visitor
):
    example = site.example("two_spellings")
    phone = phone_of(site, example)
    page = visitor(MANAGER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    search(page, phone)
    page.locator("[data-search-input]").press("Enter")
    expect(page).to_have_url(re.compile(r"/(customers/H\d{11}|search)/"))
    assert not [url for url in asked if phone in url]


@pytest.mark.parametrize("scripts", [True, False], ids=["drawer", "page without scripts"])
def test_all_filters_are_chosen_together(visitor: Visitor, scripts: bool):
    """CUS-001: the form of all filters comes when it is asked for, and leads to the filtered list."""
    page = visitor(MANAGER, java_script_enabled=scripts)
    page.goto("/customers/?type=P")
    page.locator(".filters-open").click()
    form = page.locator("#all-filters")
    expect(form.locator("[name=type]")).to_have_value("P")
    form.locator("[name=status]").select_option("active")
    form.locator("button").click()
    expect(page).to_have_url(re.compile(r"/customers/\?type=P&.*status=active"))
    expect(form).not_to_be_visible()
    expect(page.locator(".filter-chip")).to_have_count(2)
    expect(page.locator("[data-rows] tr").first).to_be_visible()


def test_record_tells_the_source_of_each_field(site: Site, visitor: Visitor):
    """V36-001: every golden field names its system, its day and the rule that chose it."""
    example = site.example("two_spellings")
    page = visitor(MANAGER)
    page.goto(f"/customers/{codes_of(site, example)[0]}/")
    fields = page.locator(".golden .field-row", has=page.locator(".field-value:not(:has-text('—'))"))
    sources = page.locator(".golden .source-chip")
    assert fields.count() > 5
    assert sources.count() > 5
    sources.first.click()
    expect(page.locator(".source-pop").first).to_contain_text("取值规则")


def test_same_person_in_two_spellings_is_one_code_with_two_source_records(site: Site, visitor: Visitor):
    """Acceptance 3."""
    example = site.example("two_spellings")
    codes = codes_of(site, example)
    assert len(codes) == 1
    assert {"kgc", "jiyou"} <= dict(example["keys"]).keys()
    page = visitor(MANAGER)
    page.goto(f"/customers/{codes[0]}/sources/")
    for _system, key in example["keys"]:
        expect(page.locator("main")).to_contain_text(key)


def test_father_and_son_with_one_phone_are_two_codes(site: Site, visitor: Visitor):
    """Acceptance 3: same phone, same address, two people."""
    father, son = site.example("father"), site.example("son_with_fathers_phone")
    codes = codes_of(site, father) + codes_of(site, son)
    assert len(codes) == 2
    page = visitor(MANAGER)
    for example, code in zip((father, son), codes, strict=True):
        page.goto(f"/customers/{code}/")
        expect(page.locator("h1")).to_contain_text(example["name"])


def test_manager_of_the_next_county_sees_nothing_and_the_attempt_is_audited(site: Site, visitor: Visitor):
    """Acceptance 4."""
    example = site.example("two_spellings")
    code = codes_of(site, example)[0]
    page = visitor(NEIGHBOUR)
    search(page, example["name"])
    expect(page.locator(".suggestion-none")).to_be_visible()
    page.locator("[data-search-input]").press("Enter")
    expect(page.locator(".empty-state")).to_be_visible()
    expect(page.locator(f"a[href*='{code}']")).to_have_count(0)
    answer = page.goto(f"/customers/{code}/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("body")).not_to_contain_text(example["name"])
    denied = site.rows(
        "SELECT result FROM core_auditevent WHERE actor = %s AND subject = %s", NEIGHBOUR, code
    )
    assert denied == [("denied",)]
    auditor = visitor(AUDITOR)
    auditor.goto("/audit/")
    expect(auditor.locator("main")).to_contain_text(code)
