"""A steward works twenty review cases by keyboard alone, each with one request (REQUIREMENTS 5.5 screen 5)."""

from __future__ import annotations

import json
import re

import psycopg
import pytest
from playwright.sync_api import Page, Request, expect

from hongyan.config.home import CHECKOUT
from hongyan.customer.tests.cases import ALIKE
from tests.journeys.conftest import Visitor
from tests.journeys.site import GROUP_HEAD, Site

CASES = 20
ADDRESS = re.compile(r"/customers/cases/(\d+)/")


PROJECT = (CHECKOUT / "hongyan" / "customer" / "sql" / "project_cases.sql").read_text()
PAIRS = """
    INSERT INTO customer_reviewcase (customer_id, candidate_id, party_id, score, evidence, state, created_at)
    SELECT one.id, other.id,
           (SELECT min(id) FROM customer_sourceparty WHERE customer_id = one.id), 82, %s, 'open', now()
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM customer_customer
          WHERE party_type = 'P' AND survivor_id IS NULL) one
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM customer_customer
          WHERE party_type = 'P' AND survivor_id IS NULL) other ON other.place = one.place + 1
    WHERE one.place %% 2 = 0 ORDER BY one.id LIMIT %s
    RETURNING customer_id
"""


@pytest.fixture(scope="module")
def queue(site: Site) -> None:
    """More cases than the small demo leaves: neighbours in the list of people, as intake would keep them."""
    with psycopg.connect(site.owner_dsn) as connection:
        pairs = connection.execute(PAIRS, (json.dumps(ALIKE), CASES + 5)).fetchall()
        connection.execute(PROJECT.encode(), {"customers": [customer for (customer,) in pairs]})


def number_of(page: Page) -> str:
    found = ADDRESS.search(page.url)
    assert found, page.url
    return found.group(1)


def press(page: Page, *keys: str) -> None:
    """Press keys and wait until another case stands on the page."""
    before = page.locator("#desk .case-line .code").inner_text()
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("#desk .case-line .code")).not_to_have_text(before)


@pytest.mark.usefixtures("queue")
def test_twenty_cases_by_keyboard_alone(site: Site, visitor: Visitor):
    page = visitor(GROUP_HEAD)
    page.goto("/customers/cases/")
    page.keyboard.press("g")
    page.wait_for_url(ADDRESS)

    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/customers/cases/" in request.url else None)
    decided = []
    for count in range(CASES):
        decided.append(number_of(page))
        if page.locator('[data-key="m"]').is_enabled() and count % 3 == 0:
            press(page, "m")
        elif count % 3 == 1:
            press(page, "u", "2")
        else:
            press(page, "n")
        # the answer to the decision is the next case, and the keyboard is where it was
        expect(page.locator("#desk .case-title")).to_be_focused()
    assert len(set(decided)) == CASES
    assert [request.method for request in asked] == ["POST"] * CASES

    states = dict(
        site.rows(
            "SELECT id, state FROM customer_reviewcase WHERE id = ANY(%s)", [int(one) for one in decided]
        )
    )
    assert set(states.values()) <= {"merged", "asked", "shelved", "rejected"}
    assert {"shelved", "rejected"} <= set(states.values())

    # the last one was a mistake
    page.keyboard.press("z")
    expect(page.locator("#desk .case-line .code")).to_have_text(f"R{int(decided[-1]):08}")
    again = site.rows("SELECT state FROM customer_reviewcase WHERE id = %s", int(decided[-1]))
    assert again == [("open",)]

    # forward and back without deciding, help, and home to the queue
    press(page, "j")
    press(page, "k")
    page.keyboard.press("?")
    expect(page.locator("#page-keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    page.wait_for_url(re.compile(r"/customers/cases/\?"))


@pytest.mark.usefixtures("queue")
def test_the_bar_of_decisions_is_at_the_thumb_of_a_phone(site: Site, visitor: Visitor):
    case = site.rows("SELECT case_id FROM customer_caserow WHERE state = 'open' ORDER BY case_id LIMIT 1")[0][
        0
    ]
    page = visitor(GROUP_HEAD, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.goto(f"/customers/cases/{case}/")
    bar = page.locator(".decision-bar").bounding_box()
    assert bar
    assert bar["y"] > 844 / 2
    for button in page.locator(".decision-bar > .btn, .decision-bar .unsure > .btn").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".unsure summary").tap()
    expect(page.locator(".unsure-why .btn").first).to_be_visible()
