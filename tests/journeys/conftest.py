"""Fixtures of the journeys: a browser, a served site with the demo's people, and pages that may not complain.

Everything is package-wide: the browser's event loop would disturb Django in later tests of the same process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright
from psycopg.conninfo import make_conninfo

from conftest import CONTROLLER_PID, TEST_HOME, WORKER
from hongyan.core import postgres
from tests.journeys.site import Site, database_of_its_own, served

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHINESE_FONT = "fonts-noto-cjk"
INSTALL_SECONDS = 300
TIMEOUT_MS = 15_000
DESKTOP = {"width": 1440, "height": 900}


def pytest_itemcollected(item: pytest.Item) -> None:
    """All journeys are browser tests."""
    if item.path.is_relative_to(Path(__file__).parent):
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> str:
    """The browser's program; installed from Debian where that is possible, else the tests are skipped."""
    if not _installed() or not _has_chinese_font():
        _install("chromium", CHINESE_FONT)
    found = _installed()
    if found is None:
        pytest.skip(
            "no chromium: install the packages chromium and fonts-noto-cjk (as root the tests do it themselves)"
        )
    return found


def _installed() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _has_chinese_font() -> bool:
    listed = shutil.which("fc-list")
    return bool(
        listed and subprocess.run([listed, ":lang=zh"], capture_output=True, check=False).stdout.strip()
    )


def _install(*packages: str) -> None:
    """Install Debian's packages; without root, apt or a network this does nothing."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        try:
            subprocess.run(
                ["apt-get", *arguments],
                env=environment,
                capture_output=True,
                check=True,
                timeout=INSTALL_SECONDS,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return


@pytest.fixture(scope="package")
def site(chromium: str, postgres_server: postgres.Server, template_database: str) -> Iterator[Site]:
    """The demo of 300 customers, loaded through the real intake and served by `hongyan serve`."""
    name = f"test_{CONTROLLER_PID}_{WORKER}_site"
    maintenance = make_conninfo(postgres_server.dsn, dbname="postgres")
    own = database_of_its_own(maintenance, template=template_database, name=name)
    with own, served(TEST_HOME, make_conninfo(postgres_server.dsn, dbname=name)) as site:
        yield site


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complain about during a test: broken rules of the content security policy, scripts' errors."""
    found: list[str] = []
    yield found
    assert found == []


Visitor = Callable[..., Page]


@pytest.fixture
def visitor(site: Site, browser: Browser, complaints: list[str]) -> Iterator[Visitor]:
    """Opens a browser of its own for one of the demo's people and logs in by the front door."""
    opened: list[BrowserContext] = []

    def visit(staff_no: str, **options: object) -> Page:
        context = new_context(browser, site, complaints, **options)
        opened.append(context)
        return log_in(context, site, staff_no)

    yield visit
    for context in opened:
        context.close()


def new_context(browser: Browser, site: Site, complaints: list[str], **options: object) -> BrowserContext:
    """A fresh browser profile whose pages report to `complaints`."""
    settings = {"base_url": site.address, "viewport": DESKTOP, "locale": "zh-CN", **options}
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(TIMEOUT_MS)
    context.on("console", lambda message: _listen(message, complaints))
    context.on("weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}"))
    return context


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    # A 404 that a test asked for is logged as an error as well; its answer is asserted where it is asked for.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(f"{message.page and message.page.url}: {message.text}")


def log_in(context: BrowserContext, site: Site, staff_no: str) -> Page:
    """Log in as a person does."""
    page = context.new_page()
    page.goto("/login/")
    page.locator("[name=staff_no]").fill(staff_no)
    page.locator("[name=password]").fill(site.password(staff_no))
    page.locator("[name=password]").press("Enter")
    try:
        # whoever has work lands on it
        page.wait_for_url(lambda url: urlsplit(url).path in {"/", "/today/"})
    except Error as error:
        raise AssertionError(f"{staff_no} is not let in: {page.inner_text('body')[:200]}") from error
    return page
