"""Acceptance 6, and what holds for every page: language, width, the browser's own complaints, accessibility."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser
from psycopg import sql

from hongyan.classes.parameters import TIERS
from hongyan.config.home import CHECKOUT
from hongyan.core import audit
from hongyan.core.parameters import all_parameters
from tests.journeys.conftest import Visitor, log_in, new_context
from tests.journeys.crawl import Seen, crawl, say_what_for
from tests.journeys.site import ADMINISTRATOR, AUDITOR, GROUP_HEAD, Site

PHONE = {"width": 360, "height": 780}
READERS = (GROUP_HEAD, AUDITOR, ADMINISTRATOR)
"""Together they hold every right that opens a page."""
ALSO = (
    "/",
    "/today/",
    "/overview/",
    "/customers/",
    "/customers/?q=零",
    "/customers/?number=13812345678",
    "/nowhere/",
)

ROOMS = {
    "customers",
    "consent",
    "classes",
    "quality",
    "imports",
    "ledger",
    "ownership",
    "applications",
    "intake",
    "organisation",
    "parameters",
    "audit",
    "exports",
    "notifications",
    "tasks",
    "today",
    "overview",
    "me",
    "views",
}
CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = frozenset(
    [
        "hongyan",
        "english",
        "excel",
        "word",
        "api",
        "csv",
        "xlsx",
        "docx",
        "pdf",
        "png",
        "jpeg",
        "json",
        "utf",
        "ctrl",
        "enter",
        "esc",
        "key",
    ]
)
"""Words that are the same in both languages."""

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`))"""
MAIN_PAGES = (
    "/", "/today/", "/overview/", "/customers/", "/customers/cases/", "/customers/cases/checks/",
    "/customers/cases/quality/", "/customers/cases/overview/",
    "/customers/followed/", "/customers/models/", "/customers/models/person/0/",
    "/customers/layouts/", "/customers/layouts/form/P/",
    "/intake/", "/intake/deliveries/", "/intake/quarantine/", "/intake/upload/",
    "/intake/calendar/", "/consent/requests/", "/consent/texts/", "/consent/texts/new/",
    "/ledger/", "/ledger/products/", "/ledger/intake/", "/ledger/partitions/",
    "/classes/", "/classes/moves/", "/classes/blacklist/", "/classes/tags/",
    "/quality/", "/quality/customers/", "/quality/campaigns/", "/quality/campaigns/new/", "/quality/tasks/",
    "/quality/files/",
    "/ownership/", "/ownership/shared/", "/ownership/load/", "/ownership/belonging/", "/ownership/changes/",
    "/applications/", "/exports/", "/exports/new/customers/", "/schedules/", "/schedules/new/customers/",
    "/mass/",
    "/organisation/", "/organisation/staff/", "/parameters/",
    "/imports/", "/imports/new/",
    "/notifications/", "/notifications/settings/", "/tasks/", "/tasks/new/", "/tasks/calendar/", "/me/",
    "/search/",
)  # fmt: skip


@dataclass
class Walk:
    """All pages in one language on one screen."""

    seen: list[Seen] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="package")
def walks(site: Site, browser: Browser) -> dict[str, Walk]:
    """Every page as three people see it, in Chinese on a narrow phone and in English on a desktop."""
    return {
        "zh-hans": _walk(site, browser, "zh-hans", viewport=PHONE, is_mobile=True),
        "en": _walk(site, browser, "en"),
    }


def _walk(site: Site, browser: Browser, language: str, **options: object) -> Walk:
    walk = Walk()
    for staff_no in READERS:
        context = new_context(browser, site, walk.complaints, **options)
        page = log_in(context, site, staff_no)
        page.goto(f"/?lang={language}")
        walk.seen += crawl(page, ALSO)
        context.close()
    return walk


@pytest.fixture(scope="package")
def data(site: Site) -> str:
    """Everything that is data, not interface: all text of the database, descriptors, parameters' keys, acts' names."""
    told = [*described(), *(parameter.key for parameter in all_parameters())]
    told += [f"{parameter.default} {parameter.source} {parameter.choices}" for parameter in all_parameters()]
    return "\n".join([*told, *audit.labels(), *_stored_texts(site)]).casefold()


def described() -> set[str]:
    """What connectors say of their systems: names of columns and codes are the source's own, in any language."""
    descriptors = (CHECKOUT / "hongyan" / "integration" / "connectors").glob("*/descriptor.toml")
    return {value for path in descriptors for value in _texts(tomllib.loads(path.read_text()))}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)


def _stored_texts(site: Site) -> Iterator[str]:
    columns = site.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        " AND table_name !~ '^(django|auth|procrastinate)'"
    )
    for table, column in columns:
        query = sql.SQL("SELECT DISTINCT {}::text FROM {}").format(
            sql.Identifier(column), sql.Identifier(table)
        )
        yield from (text for (text,) in site.rows(query.as_string()) if text)


def shown(walk: Walk) -> Iterator[tuple[str, str]]:
    """(address, text) of everything the pages show."""
    return ((page.path, text) for page in walk.seen for text in page.texts)


def messages() -> dict[str, str]:
    """Chinese sentence → English sentence, from all catalogues; those with places for values left out."""
    found = {}
    for path in sorted((CHECKOUT / "hongyan").glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if (
                    isinstance(message.id, str)
                    and message.id
                    and "{" not in message.id
                    and "%" not in message.id
                ):
                    found[message.id] = str(message.string)
    return found


def first_of_each(found: Sequence[tuple[str, str]]) -> str:
    """Each text once, with the first page that shows it: what to mend."""
    return "\n".join(
        f"{path}: {text}" for text, path in {text: path for path, text in reversed(found)}.items()
    )


def test_every_door_for_readers_was_visited(walks: dict[str, Walk]):
    """The crawl is worth something only while it reaches the rooms."""
    for walk in walks.values():
        assert {page.path.split("/")[1].partition("?")[0] for page in walk.seen} >= ROOMS


def test_no_chinese_is_left_in_the_english_interface(walks: dict[str, Walk], data: str, site: Site):
    known, source = messages(), described()
    # a division may be called what we call its kind: 县 of 重庆
    places = {name for (name,) in site.rows("SELECT DISTINCT name FROM org_division")}
    # a portrait shows the surname, which may be a word of ours: 高
    surnames = {name for (name,) in site.rows("SELECT DISTINCT left(name, 1) FROM org_staff")}
    # where tiers are edited, their names stand as an administrator wrote them
    tiers = {row[key] for row in TIERS.default for key in ("scheme_name", "tier_name")}
    left = [
        (path, text)
        for path, text in shown(walks["en"])
        if text not in surnames
        and not (path.startswith("/intake/") and text in source)
        and not (path.startswith("/divisions/") and text in places)
        and not (path.startswith("/parameters/classes.tiers/") and text in tiers)
        and (known.get(text, text) != text or any(run not in data for run in CHINESE.findall(text)))
    ]
    assert not left, first_of_each(left)


def test_no_english_word_is_left_in_the_chinese_interface(walks: dict[str, Walk], data: str):
    left = [
        (path, text)
        for path, text in shown(walks["zh-hans"])
        if any(word not in NAMES and word not in data for word in map(str.casefold, WORD.findall(text)))
    ]
    assert not left, first_of_each(left)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_breaks_the_content_security_policy_or_a_script(walks: dict[str, Walk], language: str):
    """BARS A 25."""
    assert walks[language].complaints == []


def test_no_page_is_wider_than_a_phone_of_360_pixels(walks: dict[str, Walk]):
    """UI: one page works at 360 px width."""
    assert [(page.path, page.overflow_px) for page in walks["zh-hans"].seen if page.overflow_px > 0] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_main_pages_are_accessible(site: Site, visitor: Visitor, theme: str):
    """axe-core finds no fault on the pages that are used most, in either theme."""
    page = visitor(GROUP_HEAD)
    page.context.add_init_script(path=AXE)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.address}])
    code = site.rows("SELECT code FROM customer_listrow ORDER BY customer_id LIMIT 1")[0][0]
    record = f"/customers/{code}/"
    case = f"/customers/cases/{site.rows('SELECT min(case_id) FROM customer_caserow')[0][0]}/"
    faults = []
    for path in (*MAIN_PAGES, case, record, f"{record}contacts/", f"{record}sources/", f"{record}history/"):
        page.goto(path)
        say_what_for(page)
        assert page.locator("html").get_attribute("data-theme") == theme
        faults += [f"{path} {fault}" for fault in page.evaluate(AXE_RUN)]
    assert not faults, "\n".join(faults)
