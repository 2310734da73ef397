"""A firm gets an agreement by exception; a customer with open items is not closed (issue 6, acceptance 1, 4)."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from hongyan.core.clock import business_date
from hongyan.identity.tests.people import credit_code
from tests.journeys.conftest import Visitor
from tests.journeys.crawl import OVERFLOW, say_what_for
from tests.journeys.site import COUNTY_HEAD, MANAGER, Site

PHONE = {"width": 390, "height": 844}
FIRM = "济南市泉城望岳茶业有限公司"
PROVINCE_HEAD = """
SELECT staff.staff_no FROM org_post post
JOIN org_staff staff ON staff.id = post.staff_id
JOIN org_place place ON place.id = post.place_id
WHERE post.role = 'province_admin' AND post.line_codes @> ARRAY['01']::varchar[]
ORDER BY staff.staff_no LIMIT 1
"""
LET_IN = """
UPDATE org_staff SET password = known.password, password_set_at = known.password_set_at
FROM org_staff known WHERE known.staff_no = %s AND org_staff.staff_no = %s RETURNING org_staff.name
"""
MANAGED = "SELECT code FROM customer_customer WHERE name = %s"
LINES = """
SELECT line FROM customer_relationship JOIN customer_customer customer ON customer.id = customer_id
WHERE customer.name = %s ORDER BY line
"""
POSTED = """
INSERT INTO ledger_mailitem
SELECT (jsonb_populate_record(NULL::ledger_mailitem, to_jsonb(item) || jsonb_build_object(
    'party_id', relationship.party_id, 'line', '02', 'number', %s::text, 'business_date', %s::date, 'entry', 1))).*
FROM (SELECT * FROM ledger_mailitem LIMIT 1) item, customer_relationship relationship
JOIN customer_customer customer ON customer.id = relationship.customer_id
WHERE customer.name = %s AND relationship.line = '02' RETURNING number
"""
LETTER = "SA900000776CN"


def province_head(site: Site) -> str:
    """Somebody who heads the province, with the manager's password: the demo gives them none."""
    [(staff_no,)] = site.rows(PROVINCE_HEAD)
    site.rows(LET_IN, MANAGER, staff_no)
    known = json.loads(site.home.demo_logins.read_text())
    if all(one["staff_no"] != staff_no for one in known):
        known.append({**next(one for one in known if one["staff_no"] == MANAGER), "staff_no": staff_no})
        site.home.demo_logins.write_text(json.dumps(known))
    return str(staff_no)


def fill_in(page: Page, *, line: str) -> None:
    """Type a whole application as a person does."""
    page.goto("/applications/new/")
    page.locator("#entry [name=party_type][value=O]").check()
    for name, text in (
        ("name", FIRM), ("uscc", credit_code()), ("legal_person", "孙丽"), ("mobile", "13512340077"),
        ("address", "山东省济南市历下区泉城路77号"), ("valid_from", business_date().isoformat()),
    ):  # fmt: skip
        page.locator(f"#entry [name={name}]:visible").fill(text)
    page.locator("#entry [name=line]:visible").first.select_option(line)
    page.locator("#entry [name=families][value='1']").check()
    page.locator("#entry [name=is_lifelong]").check()
    page.locator("#entry [name=sighted]").check()


def submit(page: Page) -> None:
    page.get_by_role("button", name="校验并提交").click()


def approve(page: Page, number: str) -> None:
    """From the inbox, as a head does."""
    page.goto("/approvals/")
    page.locator("main a", has_text=FIRM).or_(page.locator("main tr", has_text=FIRM)).first.click()
    expect(page.get_by_role("link", name="打开申请的对象")).to_have_attribute(
        "href", f"/applications/{int(number[1:])}/"
    )
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_role("button", name="通过", exact=True)).to_have_count(0)


def number_on(page: Page) -> str:
    expect(page).to_have_url(re.compile(r"/applications/\d+/$"))
    return f"A{int(page.url.rstrip('/').rsplit('/', 1)[1]):08}"


def test_acceptance_1_a_walk_in_firm_gets_an_agreement_by_exception(site: Site, visitor: Visitor):
    manager, head = visitor(MANAGER, viewport=PHONE), visitor(COUNTY_HEAD)
    fill_in(manager, line="02")
    submit(manager)
    express = number_on(manager)
    approve(head, express)

    fill_in(manager, line="01")
    manager.locator("#entry-told").click()
    manager.locator("#entry-confirm").check()  # the panel knows the firm before anything is sent
    submit(manager)
    check = manager.locator(".admission")
    expect(check).to_contain_text("同一客户已有另一寄递板块的有效协议")
    expect(manager.locator(".clashes a")).to_contain_text(express)
    assert manager.evaluate(OVERFLOW) <= 0
    expect(manager.locator("#entry-confirm")).to_be_checked()
    manager.locator("[name=exception]").fill("两个板块分送不同线路")
    manager.locator("[name=valid_to]").fill((business_date() + timedelta(days=90)).isoformat())
    submit(manager)
    number = number_on(manager)
    approve(head, number)
    approve(visitor(province_head(site)), number)

    [(code,)] = site.rows(MANAGED, FIRM)
    assert [line for (line,) in site.rows(LINES, FIRM)] == ["01", "02"]
    for page in (manager, head):
        page.goto(f"/customers/{code}/business/")
        say_what_for(page)
        expect(page.locator("main")).to_contain_text(express)
        expect(page.locator("main")).to_contain_text(number)


def test_acceptance_4_open_items_block_and_are_named_with_a_link(site: Site, visitor: Visitor):
    [(code,)] = site.rows(MANAGED, FIRM)
    site.rows(POSTED, LETTER, business_date(), FIRM)
    page = visitor(MANAGER)
    page.goto(f"/applications/for/{code}/close/")
    page.locator("[name=reason]").fill("客户停业")
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("main")).to_contain_text("有未了事项，不能注销")
    blocked = page.locator(".open-items").first
    expect(blocked).to_contain_text("速递有效协议")
    expect(blocked.get_by_role("link", name=LETTER)).to_have_attribute("href", re.compile(LETTER))
    blocked.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(rf"/customers/{code}/"))
