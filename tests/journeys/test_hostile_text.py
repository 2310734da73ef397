"""Planted text in a real browser: nothing runs, nothing is blocked because it tried to (BARS A 26)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from psycopg.conninfo import make_conninfo

from conftest import CONTROLLER_PID, TEST_HOME, WORKER
from hongyan.core import postgres
from tests.journeys.conftest import log_in, new_context
from tests.journeys.crawl import crawl
from tests.journeys.site import (
    ADMINISTRATOR,
    AUDITOR,
    GROUP_HEAD,
    MANAGER,
    STEWARD,
    Site,
    database_of_its_own,
    served,
)
from tests.security import planting

READERS = (GROUP_HEAD, MANAGER, STEWARD, AUDITOR, ADMINISTRATOR)
STARTS = ("/", "/customers/", "/ledger/", "/intake/", "/intake/quarantine/", "/organisation/", "/nowhere/")
RAN = "() => window.planted || 0"
WATCH = "window.planted = 0; window.alert = () => { window.planted += 1; };"

pytestmark = pytest.mark.slow


@pytest.fixture
def hostile(chromium: str, postgres_server: postgres.Server, template_database: str) -> Iterator[Site]:
    """A site of its own, since what is planted there would stand in the way of all other journeys."""
    name = f"test_{CONTROLLER_PID}_{WORKER}_hostile"
    maintenance = make_conninfo(postgres_server.dsn, dbname="postgres")
    with (
        database_of_its_own(maintenance, template=template_database, name=name),
        served(TEST_HOME, make_conninfo(postgres_server.dsn, dbname=name), folder="hostile") as site,
    ):
        assert len(planting.plant(site.owner_dsn)) > 20
        yield site


def test_nothing_planted_runs(hostile: Site, browser: Browser) -> None:
    complaints: list[str] = []
    shown = visited = 0
    for staff_no in READERS:
        context = new_context(browser, hostile, complaints)
        context.add_init_script(WATCH)
        page = log_in(context, hostile, staff_no)
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("load", lambda one: complaints.extend(["planted text ran"] * one.evaluate(RAN)))
        seen = crawl(page, STARTS)
        visited += len(seen)
        shown += sum("onerror=alert" in text for one in seen for text in one.texts)
        context.close()
    assert complaints == []
    assert (visited > 40, shown > 20) == (True, True), (
        "the canaries were not met often enough to prove anything"
    )
