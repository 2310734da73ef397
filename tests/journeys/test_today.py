"""07:50 on a phone: see what to do, why, call, note the result, next (issue 7, acceptance 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.crawl import OVERFLOW
from tests.journeys.site import MANAGER, Site

PHONE = {"width": 390, "height": 844}
TWO = """
INSERT INTO desk_workitem (
    rule, kind, record_id, line, period, amount, due_on, facts, rank, org_no, staff_id, is_current, is_delegated,
    found_at, state, shown_from, postponed, note, said_by, version
)
SELECT 'deposit', 'customer', row.customer_id, '03', 'journey', 80000 / number, current_date + 3, '{"count": 1}',
       10000000 / number, row.org_no, NULL, true, false, now(), 'open', current_date - 1, 0, '', '', 1
FROM (
    SELECT row.customer_id, row.org_no, row_number() OVER (ORDER BY row.customer_id) AS number
    FROM customer_listrow row
    JOIN org_staff staff ON staff.staff_no = %s
    JOIN org_post post ON post.staff_id = staff.id AND post.is_primary
    JOIN org_place place ON place.id = post.place_id AND place.lo = row.org_no
    JOIN customer_customer customer ON customer.id = row.customer_id AND customer.mobile_masked <> ''
) row WHERE number <= 2
"""


@pytest.fixture
def _two_to_call(site: Site) -> Iterator[None]:
    """Two deposits that mature in three days, as the morning's job would have found them."""
    with psycopg.connect(site.owner_dsn, autocommit=True) as connection:
        connection.execute(TWO, [MANAGER])
        yield
        connection.execute("DELETE FROM desk_workitem WHERE period = 'journey'")


@pytest.mark.usefixtures("_two_to_call")
def test_the_first_call_of_the_day(site: Site, visitor: Visitor) -> None:
    page = visitor(MANAGER, viewport=PHONE, is_mobile=True)
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/today/$"))
    assert page.evaluate(OVERFLOW) <= 0
    items = page.locator(".today-item")
    first = items.first
    name = first.locator(".today-name span").last.inner_text()
    expect(first.locator(".today-why")).to_contain_text("1 笔定期存款共 80,000 元，3 天后到期")

    first.locator("[data-reveal]").click()
    dialog = page.locator("#reveal-dialog")
    dialog.locator("[name=purpose]").first.check()
    dialog.locator("button[type=submit], .btn-primary").last.click()
    number = first.locator("[data-call] a[href^='tel:']")
    expect(number).to_be_visible()
    assert re.fullmatch(r"tel:\+?\d{11,13}", number.get_attribute("href") or "")

    first.get_by_role("link", name="办完").click()
    page.get_by_label("已通话").check()
    page.locator("[name=result]").fill("愿意转存，周五来网点")
    page.get_by_role("button", name="保存").click()

    expect(page).to_have_url(re.compile(r"/today/$"))
    expect(page.locator(".today-name span").filter(has_text=re.compile(f"^{name}$"))).to_have_count(0)
    expect(items.first.locator(".today-why")).to_contain_text("40,000 元")
    said = site.rows("SELECT text FROM desk_note WHERE text LIKE %s", "愿意转存%")
    assert said == [("愿意转存，周五来网点",)]
