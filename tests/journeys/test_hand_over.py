"""A manager leaves, and it is undone; a person withdraws a consent (issue 6, acceptance 2 and 3)."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.crawl import OVERFLOW
from tests.journeys.site import COUNTY_HEAD, GROUP_HEAD, MANAGER, Site

WORK_MS = 30_000
"""A worker takes a job up within a few seconds; a busy machine may need longer."""

PHONE = {"width": 390, "height": 844}
LEAVING = """
SELECT staff.staff_no, staff.name, count(DISTINCT owner.customer_id)
FROM customer_ownership owner
JOIN org_staff staff ON staff.id = owner.manager_id
JOIN org_post post ON post.staff_id = staff.id AND post.role = 'manager'
JOIN org_place place ON place.id = post.place_id
JOIN org_staff head ON head.staff_no = %s
JOIN org_post headed ON headed.staff_id = head.id
JOIN org_place county ON county.id = headed.place_id AND place.lo BETWEEN county.lo AND county.hi
WHERE owner.until IS NULL AND NOT owner.gives_way AND owner.line = ANY(post.line_codes)
GROUP BY 1, 2 HAVING count(DISTINCT owner.customer_id) >= 4 ORDER BY 3 DESC, 1
"""
OWNERS = """
SELECT customer_id, line, unit_id, manager_id FROM customer_ownership WHERE until IS NULL ORDER BY 1, 2, 3
"""
LET_IN = """
UPDATE org_staff SET password = known.password, password_set_at = known.password_set_at
FROM org_staff known WHERE known.staff_no = %s AND org_staff.staff_no = %s RETURNING org_staff.name
"""


def let_in(site: Site, staff_no: str) -> None:
    """Let one of the generator's people log in, with the manager's password unless the demo gave them one."""
    known = json.loads(site.home.demo_logins.read_text())
    if all(one["staff_no"] != staff_no for one in known):
        site.rows(LET_IN, MANAGER, staff_no)
        known.append({**next(one for one in known if one["staff_no"] == MANAGER), "staff_no": staff_no})
        site.home.demo_logins.write_text(json.dumps(known))


def shares(page: Page) -> list[tuple[str, str]]:
    """(primary key, words) of the colleagues who may take customers."""
    options = page.locator("[name=to_1] option").all()
    return [(one.get_attribute("value") or "", one.inner_text()) for one in options][1:]


def test_a_manager_leaves_and_the_same_day_it_is_undone(site: Site, visitor: Visitor):
    """Acceptance 2: two colleagues and the pool in one act; both and the head see it; undo restores all."""
    before = site.rows(OWNERS)
    leaving, name, _ = site.rows(LEAVING, COUNTY_HEAD)[0]
    head = visitor(COUNTY_HEAD)
    head.goto(f"/ownership/hand-over/{leaving}/")
    expect(head.locator("h1")).to_contain_text(name)
    head.get_by_role("button", name="分配这些客户").click()
    expect(head.locator("[name=to_1]")).to_be_visible()
    colleagues = shares(head)
    assert len(colleagues) >= 2, colleagues
    for number, (key, _words) in enumerate(colleagues[:2], 1):
        head.locator(f"[name=to_{number}]").select_option(key)
        head.locator(f"[name=count_{number}]").fill("1")
    head.locator("[name=reason]").fill("调往外地，客户移交")
    head.get_by_role("button", name="预览").click()
    expect(head.locator("#plan")).to_contain_text("网点待分配池")
    assert site.rows(OWNERS) == before, "a preview changes nothing"
    head.get_by_role("button", name="确认办理").click()
    expect(head.get_by_role("button", name="撤销")).to_be_visible(timeout=WORK_MS)
    act, after = head.url, site.rows(OWNERS)
    assert [row[:2] for row in after] == [row[:2] for row in before], "every line keeps one owner"
    [(number,)] = site.rows("SELECT id FROM org_staff WHERE staff_no = %s", leaving)
    gone = {row[0] for row in before if row[3] == number} - {row[0] for row in after if row[3] == number}
    assert len(gone) >= 4
    for key, _words in colleagues[:2]:
        [(staff_no,)] = site.rows("SELECT staff_no FROM org_staff WHERE id = %s", int(key))
        let_in(site, staff_no)
        colleague = visitor(staff_no, viewport=PHONE, is_mobile=True)
        colleague.goto("/notifications/")
        expect(colleague.locator("main")).to_contain_text("您新增管户 1 户")
        assert colleague.evaluate(OVERFLOW) == 0
    head.goto("/ownership/changes/")
    expect(head.locator("main")).to_contain_text(name)
    head.goto(act)
    head.get_by_role("button", name="撤销").click()
    expect(head.locator("#progress")).to_contain_text("已撤销", timeout=WORK_MS)
    assert site.rows(OWNERS) == before


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f"main form [name={name}]").select_option(value)


def test_who_takes_a_consent_back_is_in_no_list_any_more_and_the_page_says_why(site: Site, visitor: Visitor):
    """Acceptance 3: insurance marketing, by any channel; at once, which is within five minutes."""
    publisher = visitor(GROUP_HEAD)
    publisher.goto("/consent/texts/new/")
    tick(publisher, "purpose", "marketing")
    tick(publisher, "line", "04")
    tick(publisher, "basis", "consent")
    publisher.locator("[name=text]").fill("我同意邮政保险用电话和短信告诉我新的保险产品，可以随时撤回。")
    publisher.locator("[name=text_en]").fill("I agree to be told of new insurance; I may take this back.")
    publisher.locator("main form .btn-primary").click()
    publisher.wait_for_url(f"{site.address}/consent/texts/**")
    manager = visitor(MANAGER)
    manager.goto("/customers/?type=P")
    manager.locator("[data-rows] tr a").first.click()
    manager.wait_for_url("**/customers/H*/**")
    code = manager.url.split("/customers/")[1].split("/")[0]
    asked, reach = f"&q={code}", "reach=marketing.04"

    manager.goto(f"/consent/customers/{code}/give/")
    tick(manager, "purpose", "marketing")
    tick(manager, "line", "04")
    tick(manager, "source", "counter")
    tick(manager, "proof", "signed")
    manager.locator("[name=reference]").fill("授权书2026-077")
    manager.locator("main form .btn-primary").click()
    manager.wait_for_url(f"{site.address}/customers/{code}/consent/**")
    manager.goto(f"/customers/?{reach}{asked}")
    expect(manager.locator("[data-rows] tr")).to_have_count(1)

    manager.goto(f"/consent/customers/{code}/withdraw/")
    tick(manager, "purpose", "marketing")
    tick(manager, "line", "04")
    tick(manager, "source", "phone")
    manager.locator("main form .btn-primary").click()
    manager.wait_for_url(f"{site.address}/customers/{code}/consent/**")
    expect(manager.locator("main")).to_contain_text("已撤回同意")
    for channel in ("", "&reach_by=sms", "&reach_by=phone"):
        manager.goto(f"/customers/?{reach}{channel}{asked}")
        expect(manager.locator("[data-rows] tr")).to_have_count(0)
    manager.goto(f"/consent/excluded/?{reach}")
    expect(manager.locator("main")).to_contain_text("已撤回同意")
    manager.goto(f"/customers/?{reach}&reach_why=withdrawn{asked}")
    expect(manager.locator("[data-rows] tr")).to_have_count(1)
