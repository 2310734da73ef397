#!/usr/bin/env python3
"""Pictures of the main pages (界面截图), taken from a running demo.

    make run                                  # in another terminal
    .venv/bin/python dev/screenshots.py       # [--only customer] [--address …] [--out …]

Every page of `PAGES` in Chinese and English, on a desktop and on a phone. Those that the README shows are
copied to `docs/images/`. Needs the development packages, a Chromium and a Chinese font.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("HONGYAN_HOME") or ROOT / "var")
IMAGES = ROOT / "docs" / "images"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
DEVICES = {"": (1440, 900), "-phone": (390, 844)}  # width and height in CSS pixels
OUTLET, STEWARD, AUDITOR = "100001", "100005", "100007"
EXAMPLE = "欧阳晓丽"


@dataclass(frozen=True)
class Shot:
    """One page: the picture's name, who looks ("" is nobody), and how to get there."""

    name: str
    staff_no: str
    path: str
    then: Callable[[Page], None] | None = None
    is_in_readme: bool = False


def first_customer(page: Page) -> None:
    """Open the first customer of the list."""
    with page.expect_navigation():
        page.locator("a[href^='/customers/H']").first.click()


def business_of_first_customer(page: Page) -> None:
    """Open the first customer of the list, and the tab of business."""
    first_customer(page)
    with page.expect_navigation():
        page.locator("a[href$='/business/']").first.click()


PAGES = (
    Shot("log-in", "", "/login/"),
    Shot("home", OUTLET, "/"),
    Shot("customers", OUTLET, "/customers/"),
    Shot("customer", OUTLET, f"/customers/?q={EXAMPLE}", first_customer, is_in_readme=True),
    Shot("business", OUTLET, f"/customers/?q={EXAMPLE}", business_of_first_customer, is_in_readme=True),
    Shot("months", STEWARD, "/ledger/"),
    Shot("products", STEWARD, "/ledger/products/"),
    Shot("organisation", STEWARD, "/organisation/"),
    Shot("staff", STEWARD, "/organisation/staff/"),
    Shot("intake", STEWARD, "/intake/"),
    Shot("deliveries", STEWARD, "/intake/deliveries/"),
    Shot("delivery-calendar", STEWARD, "/intake/calendar/"),
    Shot("quarantine", STEWARD, "/intake/quarantine/"),
    Shot("parameters", STEWARD, "/parameters/"),
    Shot("audit", AUDITOR, "/audit/"),
)


def main() -> int:
    """Take all pictures; answer the exit code."""
    options = _options()
    passwords = _passwords()
    options.out.mkdir(parents=True, exist_ok=True)
    shots = [shot for shot in PAGES if options.only in {None, shot.name}]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.getuid() == 0 else [],
        )
        people = dict.fromkeys(shot.staff_no for shot in shots)
        for language, device, staff_no in product(LANGUAGES, DEVICES, people):
            with _session(browser, options.address, language, device) as page:
                if staff_no:
                    _log_in(page, staff_no, passwords[staff_no])
                for shot in (shot for shot in shots if shot.staff_no == staff_no):
                    print(_take(page, shot, options.out / f"{shot.name}-{language}{device}.png"))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of the main pages of a running demo.")
    parser.add_argument("--address", default="http://localhost:8000")
    parser.add_argument("--out", type=Path, default=HOME / "screenshots")
    parser.add_argument("--only", choices=[shot.name for shot in PAGES], help="one page instead of all")
    return parser.parse_args()


def _passwords() -> dict[str, str]:
    """Staff number → password of the demo's people."""
    logins = json.loads((HOME / "demo-logins.json").read_text("utf-8"))
    return {login["staff_no"]: login["password"] for login in logins}


@contextmanager
def _session(browser: Browser, address: str, language: str, device: str) -> Iterator[Page]:
    width, height = DEVICES[device]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, device_scale_factor=1.5
    )
    try:
        page = context.new_page()
        page.goto(f"/login/?lang={LANGUAGES[language]}")
        yield page
    finally:
        context.close()


def _log_in(page: Page, staff_no: str, password: str) -> None:
    page.fill("[name=staff_no]", staff_no)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def _take(page: Page, shot: Shot, picture: Path) -> Path:
    answer = page.goto(shot.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.path} answers {answer.status if answer else 'nothing'}")
    if shot.then:
        shot.then(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=picture)
    if shot.is_in_readme and not picture.stem.endswith("-phone"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, IMAGES / picture.name)
    return picture


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Error, OSError) as error:
        sys.exit(f"screenshots: {str(error).splitlines()[0]}")
