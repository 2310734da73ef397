"""The ledger as a data steward would try it: a truncated file, a correction of last month, tonight's 10,000 yuan."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

from playwright.sync_api import Page, expect

from hongyan.core.clock import business_date
from hongyan.integration.demo.facts.lives import CROSSES_TONIGHT, STAYS_BELOW
from tests.journeys.conftest import Visitor
from tests.journeys.crawl import say_what_for
from tests.journeys.site import GROUP_HEAD, STEWARD, Site

WORK_MS = 30_000
"""A worker takes a job up within a few seconds; a busy machine may need longer."""

STATE = """
    SELECT (SELECT count(*) FROM ledger_transaction), (SELECT sum(entry * amount) FROM ledger_transaction),
           (SELECT sum(revenue + inflow) FROM ledger_monthlyfact), (SELECT count(*) FROM customer_sourceparty)
"""
A_SALE = """
    SELECT fact.number, fact.business_date, fact.amount, customer.code
    FROM ledger_transaction fact
    JOIN customer_sourceparty party ON party.id = fact.party_id
    JOIN customer_customer customer ON customer.id = party.customer_id
    WHERE fact.system = 'yy' AND fact.entry = 1 AND fact.version = 1 AND fact.amount > 1 AND fact.line = '01'
      AND fact.business_date >= %s AND fact.business_date < %s
    ORDER BY fact.number LIMIT 1
"""


def delivered(site: Site, pattern: str) -> Path:
    """A file of the demo as a system delivered it."""
    return next((site.home.root / "drop").glob(pattern))


def upload(page: Page, system: str, name: str, content: bytes) -> None:
    page.goto(f"/intake/upload/?system={system}")
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[data-upload] .btn-primary").click()
    page.locator("a[href^='/intake/deliveries/D']", has_text=re.compile("D0")).first.click()


def last_month(site: Site) -> tuple[date, date]:
    """The first day of the month before that of the demo's files, and the first of the next."""
    this = date.fromisoformat(site.truth["as_of"]).replace(day=1)
    return (this - timedelta(days=1)).replace(day=1), this


def corrected_sale(line: str, *, amount: str, day: str) -> bytes:
    """A file of the counter system with one sale as it was delivered, with another amount and the next version."""
    columns = line.split("|")
    columns[10], columns[12] = amount, str(int(columns[12]) + 1)
    row = f"{'|'.join(columns)}\n".encode("gb18030")
    return f"H|YYXT|SALE|{day}|1.0\n".encode() + row + f"T|1|{amount}|{crc32(row):08X}\n".encode()


def test_a_bank_file_that_lacks_a_row_is_refused_whole(site: Site, visitor: Visitor):
    """Acceptance 1."""
    file = delivered(site, "PSB_TXN_*.dat")
    lines = file.read_bytes().splitlines(keepends=True)
    before = site.rows(STATE)
    page = visitor(STEWARD)

    upload(page, "psb", file.name, b"".join([*lines[:5], *lines[6:]]))
    alert = page.locator(".alert-box.tone-bad")
    expect(alert).to_contain_text("一行也没有采用", timeout=WORK_MS)
    expect(alert).to_contain_text(re.compile(rf"{len(lines) - 1}.*{len(lines) - 2}"))
    assert site.rows(STATE) == before


def test_a_correction_changes_last_month_and_yesterday_can_still_be_asked(site: Site, visitor: Visitor):
    """Acceptance 2: everything before was known yesterday; today a sale of last month is stated anew."""
    [(number, day, amount, code)] = site.rows(A_SALE, *last_month(site))
    site.rows("UPDATE ledger_transaction SET known_at = known_at - interval '1 day' RETURNING 1")
    yesterday = business_date() - timedelta(days=1)
    month = f"{day:%Y-%m}"
    page = visitor(GROUP_HEAD)
    page.goto(f"/customers/{code}/business/")
    assert say_what_for(page)
    figure = page.locator(f".month-table a[href*='month={month}&line=01']")
    before = figure.inner_text()

    file = delivered(site, "YY_SALE_*.txt")
    line = next(one for one in file.read_text("gb18030").splitlines() if one.startswith(f"{number}|"))
    stated = Decimal(amount) + 1
    steward = visitor(STEWARD)
    upload(steward, "yy", file.name, corrected_sale(line, amount=f"{stated}", day=file.stem[-8:]))
    expect(steward.locator(".sum-table td").first).to_contain_text(f"{stated:,}", timeout=WORK_MS)
    expect(steward.locator("#progress [hx-trigger]")).to_have_count(0, timeout=WORK_MS)
    expect(steward.locator(".way-step.is-done")).to_have_count(5, timeout=WORK_MS)

    page.reload()
    after = Decimal(before.removeprefix("¥").replace(",", "")) + 1
    expect(figure).to_have_text(f"¥{after:,}")
    page.locator("#as-of").fill(yesterday.isoformat())
    page.locator(".ledger-known .btn").first.click()
    expect(page.locator("main")).to_contain_text(f"这是 {yesterday} 日终时已知的数字")
    expect(figure).to_have_text(before)

    # the rows behind the figure, and the fact with every entry
    figure.click()
    expect(page.locator("tr", has_text=number)).to_contain_text(f"¥{amount:,}")
    page.locator(".alert-box a.btn").click()
    row = page.locator("tr", has_text=number)
    expect(row).to_contain_text("更正")
    expect(row).to_contain_text(f"¥{stated:,}")
    row.locator("a").click()
    expect(page.locator(".entry-table tbody tr")).to_have_count(3)
    expect(page.locator(".entry-table tbody")).to_contain_text(re.compile("记入.*冲销.*记入", re.DOTALL))


def test_a_bar_leads_to_its_rows(site: Site, visitor: Visitor):
    [(_number, _day, _amount, code)] = site.rows(A_SALE, *last_month(site))
    page = visitor(GROUP_HEAD)
    page.goto(f"/customers/{code}/")
    say_what_for(page)
    page.get_by_role("link", name="业务", exact=True).and_(page.locator(".tab")).click()
    canvas = page.locator(".chart-canvas canvas")
    expect(canvas).to_be_visible()
    page.wait_for_load_state()
    page.wait_for_timeout(500)  # the bars grow
    box = canvas.bounding_box()
    assert box is not None
    found = page.evaluate(
        """() => {
          const chart = window.echarts.getInstanceByDom(document.querySelector(".chart-canvas"));
          const { series } = chart.getOption();
          const mail = series.findIndex((one) => one.data.some((value) => value > 0));
          const month = series[mail].data.indexOf(Math.max(...series[mail].data));
          return chart.convertToPixel({ seriesIndex: mail }, [month, series[mail].data[month] / 10]);
        }"""
    )
    page.mouse.click(box["x"] + found[0], box["y"] + found[1])
    expect(page).to_have_url(re.compile(rf"/ledger/customers/{code}/\?month=\d{{4}}-\d{{2}}&line=\d\d"))
    expect(page.locator(".fact-table tbody tr").first).to_be_visible()


def test_who_reaches_ten_thousand_tonight_is_in_the_list_and_who_has_a_fen_less_is_not(
    site: Site, visitor: Visitor
):
    """Acceptance 3 (PSB-008): two customers reach it on the day of the demo's files, a third stays a fen below."""
    day = date.fromisoformat(site.truth["as_of"])
    page = visitor(GROUP_HEAD)
    page.goto(f"/ledger/intake/?on_from={day}&on_to={day}")
    rows = page.locator("[data-rows] tr")
    expect(rows.filter(has_text="¥10,000.00").first).to_be_visible()
    expect(rows.filter(has_text=CROSSES_TONIGHT)).to_have_count(1)
    page.goto("/ledger/intake/")
    expect(rows.first).to_be_visible()
    expect(rows.filter(has_text=STAYS_BELOW)).to_have_count(0)


def test_a_list_is_taken_away_as_a_file_as_often_as_wanted(site: Site, visitor: Visitor):
    day = site.truth["as_of"]
    page = visitor(GROUP_HEAD)
    page.goto(f"/ledger/intake/?on_from={day}&on_to={day}")
    page.get_by_role("link", name="导出").click()
    expect(page.locator("h1")).to_have_text("导出邮储入库")
    page.get_by_role("radio", name="信息核实").check()
    page.get_by_role("radio", name="CSV 文本").check()
    page.get_by_role("button", name="导出").click()
    file = page.locator("a[download]")
    expect(file).to_be_visible(timeout=WORK_MS)
    for _time in range(2):
        with page.expect_download() as started:
            file.click()
        text = Path(started.value.path()).read_text("utf-8-sig")
        assert CROSSES_TONIGHT in text
        assert STAYS_BELOW not in text


def test_the_delivery_calendar_shows_what_came(site: Site, visitor: Visitor):
    page = visitor(STEWARD)
    page.goto("/intake/calendar/")
    bank = page.locator(".slot-table tr", has_text="邮储")
    expect(bank.locator(".slot.is-arrived").last).to_be_visible()
    bank.locator(".slot-link").last.click()
    expect(page).to_have_url(re.compile(r"/intake/deliveries/"))
