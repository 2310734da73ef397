"""Two agreement customers with mail items are merged and split again (acceptance 3 of issue 5; CUS-003, SM11)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.crawl import OVERFLOW, say_what_for
from tests.journeys.site import GROUP_HEAD, STEWARD, Site
from tests.journeys.test_ledger import corrected_sale, delivered, last_month, upload

SECOND = "100011"
"""The other head of the group, who checks what the first one asks for."""

PHONE = {"width": 390, "height": 844}
WORK_MS = 30_000

# Two companies, each with an agreement and mail items, the second with a sale of last month. Their credit codes differ,
# as all do; so the merge takes evidence besides the second person.
PAIR = """
WITH suitable AS (
    SELECT customer.id, customer.code, customer.name,
           (SELECT fact.number FROM ledger_transaction fact
            JOIN customer_sourceparty party ON party.id = fact.party_id
            WHERE party.customer_id = customer.id AND fact.system = 'yy' AND fact.entry = 1 AND fact.version = 1
              AND fact.amount > 1 AND fact.business_date >= %s AND fact.business_date < %s
            ORDER BY fact.number LIMIT 1) AS sale
    FROM customer_customer customer
    WHERE customer.party_type = 'O'
      AND EXISTS (SELECT FROM customer_relationship own WHERE own.customer_id = customer.id AND own.kind = 'A')
      AND EXISTS (SELECT FROM customer_identifier known WHERE known.customer_id = customer.id AND known.kind = 'C:20')
      AND EXISTS (SELECT FROM ledger_mailitem item JOIN customer_sourceparty party ON party.id = item.party_id
                  WHERE party.customer_id = customer.id)
)
SELECT one.code, one.name, other.code, other.name, other.sale
FROM suitable one JOIN suitable other ON other.id <> one.id
WHERE other.sale IS NOT NULL
ORDER BY one.id, other.id LIMIT 1
"""
STANDS = """
SELECT customer.code, customer.status, customer.name, customer.mobile_masked, customer.lineage::text,
       (SELECT array_agg(party.system || '/' || party.key ORDER BY party.id) FROM customer_sourceparty party
        WHERE party.customer_id = customer.id),
       (SELECT array_agg(own.agreement_no ORDER BY own.party_id) FROM customer_relationship own
        WHERE own.customer_id = customer.id),
       (SELECT array_agg((owner.line, owner.unit_id, owner.manager_id)::text ORDER BY owner.line)
        FROM customer_ownership owner WHERE owner.customer_id = customer.id AND owner.until IS NULL),
       (SELECT count(*) FROM ledger_mailitem item JOIN customer_sourceparty party ON party.id = item.party_id
        WHERE party.customer_id = customer.id)
FROM customer_customer customer WHERE customer.code = ANY(%s) ORDER BY customer.code
"""
SALES = """
SELECT customer.code, sum(fact.entry * fact.amount) FROM ledger_transaction fact
JOIN customer_sourceparty party ON party.id = fact.party_id
JOIN customer_customer customer ON customer.id = party.customer_id
WHERE customer.code = ANY(%s) GROUP BY 1
"""


def sales(site: Site, codes: list[str]) -> dict[str, Any]:
    return dict(site.rows(SALES, codes))


def approve(page: Page) -> None:
    page.goto("/approvals/")
    page.locator("a[href^='/approvals/']", has_text="客户归并").first.click()
    page.locator("button[name=verdict][value=approve]").click()


def test_two_agreement_customers_are_merged_and_parted(site: Site, visitor: Visitor):
    [(survivor, name, absorbed, other_name, sale)] = site.rows(PAIR, *last_month(site))
    codes = [survivor, absorbed]
    before, sold = site.rows(STANDS, codes), sales(site, codes)
    page = visitor(GROUP_HEAD)

    # look first: nothing changes
    page.goto(f"/customers/{survivor}/merge/")
    page.locator("[name=other]").fill(absorbed)
    page.get_by_role("button", name="预演").click()
    if f"/{survivor}/merge/{absorbed}/" not in page.url:
        page.get_by_role("link", name="换成保留另一个").click()
    for text in (name, other_name, survivor, absorbed):
        expect(page.locator("main")).to_contain_text(text)
    assert site.rows(STANDS, codes) == before
    page.locator("[name=reason]").fill("工商变更证明：换发新的信用代码")
    page.locator("[name=override]").check()
    page.get_by_role("button", name="提交复核").click()
    expect(page.locator("main")).to_contain_text("待审批")
    merged = page.url

    # a second person agrees
    approve(visitor(SECOND))
    page.goto(merged)
    expect(page.locator("main")).to_contain_text("已归并")
    page.goto(f"/customers/{absorbed}/")
    say_what_for(page)
    expect(page).to_have_url(f"{site.address}/customers/{survivor}/")
    together = sales(site, codes)
    assert together == {survivor: sum(sold.values())}

    # what happens meanwhile happens to whom it happens to
    file = delivered(site, "YY_SALE_*.txt")
    line = next(one for one in file.read_text("gb18030").splitlines() if one.startswith(f"{sale}|"))
    amount = line.split("|")[10]
    intake = visitor(STEWARD)
    upload(
        intake, "yy", file.name, corrected_sale(line, amount=f"{float(amount) + 1:.2f}", day=file.stem[-8:])
    )
    expect(intake.locator(".way-step.is-done")).to_have_count(5, timeout=WORK_MS)
    assert sales(site, codes) == {survivor: sum(sold.values()) + 1}

    # on a phone: back as it was
    phone = visitor(GROUP_HEAD, viewport=PHONE)
    phone.goto(f"/customers/{survivor}/merges/")
    say_what_for(phone)
    assert phone.evaluate(OVERFLOW) <= 0
    phone.locator("a.timeline-title", has_text=absorbed).first.click()
    assert phone.evaluate(OVERFLOW) <= 0
    phone.locator("[name=reason]").fill("两家公司，同名而已")
    phone.get_by_role("button", name="拆分").click()
    expect(phone.locator("main")).to_contain_text("已拆分")
    assert site.rows(STANDS, codes) == before
    assert sales(site, codes) == {**sold, absorbed: sold[absorbed] + 1}
    phone.goto(f"/customers/{absorbed}/merges/")
    say_what_for(phone)
    expect(phone.locator("main")).to_contain_text("两家公司，同名而已")
