"""Acceptance 2: a file with three bad rows, signed, one row mended in the page; the same file again changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.site import STEWARD, Site

WORK_MS = 30_000
"""A worker takes a job up within a few seconds; a busy machine may need longer."""

STATE = """
    SELECT (SELECT count(*) FROM customer_customer), (SELECT count(*) FROM customer_sourcerecord),
           (SELECT count(*) FROM integration_delivery), (SELECT count(*) FROM integration_quarantinedrow)
"""
DROP_FILE = """([content, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([content], name, { type: "text/csv" }));
  const zone = document.querySelector("[data-drop]");
  for (const type of ["dragover", "drop"])
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def delivered(site: Site, key: str) -> dict[str, str]:
    """A row of the philately system as the demo delivered it, by column."""
    drop = next((site.home.root / "drop").glob("JY_CUSTOMER_*.csv"))
    with drop.open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["客户号"] == key)


def file_with_three_bad_rows(site: Site) -> tuple[str, str]:
    """A sound row and three bad ones; and the number that the first bad one should have. Content, right number."""
    known = delivered(site, dict(site.example("two_spellings")["keys"])["jiyou"])
    right = known["证件号码"]
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    rows = [
        delivered(site, dict(site.example("father")["keys"])["jiyou"]) | {"更新时间": "2026-11-22 10:00:00"},
        known | {"客户号": "JY3799000001", "证件号码": wrong},
        known | {"客户号": "JY3799000002", "登记网点代码": "999999999"},
        known | {"客户号": "JY3799000003", "客户类别": "会员"},
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(known), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + text.getvalue(), right


def upload(page: Page, name: str, content: str) -> None:
    page.goto("/intake/upload/?system=jiyou")
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[data-upload] .btn-primary").click()


def test_three_bad_rows_are_mended_and_the_file_again_changes_nothing(site: Site, visitor: Visitor):
    content, right = file_with_three_bad_rows(site)
    name = f"JY_CUSTOMER_{date(2026, 11, 22):%Y%m%d}.csv"
    page = visitor(STEWARD)

    # three of four rows are bad: more than signs itself, so the console asks the steward
    upload(page, name, content)
    result = page.locator("[data-upload-results] a")
    number = result.inner_text()
    result.click()
    sign = page.locator("#sign .btn-primary")
    expect(sign).to_be_visible(timeout=WORK_MS)
    sign.click()
    expect(page.locator(".way-step.is-current, .way-step.is-done").last).to_contain_text(
        "装载", timeout=WORK_MS
    )
    expect(page.locator("#progress [hx-trigger]")).to_have_count(0, timeout=WORK_MS)

    # the quarantine shows each with its reason
    page.goto("/intake/quarantine/?state=open")
    rows = page.locator("[data-rows] tr", has_text=number)
    expect(rows).to_have_count(3)
    reasons = rows.locator("a").all_inner_texts()
    assert {reason.partition("：")[0] for reason in reasons} >= {"证件号码", "登记网点代码", "客户类别"}

    # one is mended in the page: it joins the customer it belongs to
    page.locator("[data-rows] tr", has_text=number).filter(has_text="证件号码").locator("a").first.click()
    field = page.locator(".mend-form section").first.locator("input")
    expect(field).to_have_count(1)
    field.fill(right)
    page.locator(".mend-bar .btn-primary").click()
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("归入了已有的客户", timeout=WORK_MS)
    expect(outcome).to_contain_text(site.example("two_spellings")["name"])
    page.goto("/intake/quarantine/?state=open")
    expect(page.locator("[data-rows] tr", has_text=number)).to_have_count(2)

    # the same bytes under another name, this time dropped on the page
    before = site.rows(STATE)
    page.goto("/intake/upload/?system=jiyou")
    page.evaluate(DROP_FILE, [content, "JY_CUSTOMER_20261123.csv"])
    expect(page.locator("[data-upload-results]")).to_contain_text("没有重复接收")
    assert site.rows(STATE) == before
