"""No planted text becomes markup, on any page, in either language, nor in what charts and scripts read (BARS A 26)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from psycopg import sql

from conftest import KEPT_TABLES, clear_tables
from hongyan.core import clock, scope
from hongyan.customer.actions.take_in import take_in  # noqa: F401  the rooms are loaded
from hongyan.integration.models import Delivery
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded
from hongyan.org.codes import Role
from tests.security import planting
from tests.security.doors import DOORS
from tests.security.test_web import LIFELINE
from tests.security.world import COUNTY, Area, World, browser, caller, make_world

SAMPLE = (Role.GROUP_ADMIN, Role.AUDITOR)
ENOUGH = {Role.GROUP_ADMIN: 30, Role.AUDITOR: 10, Role.MANAGER: 10, Role.SYSTEM_ADMIN: 10}
"""Pages on which a role must meet a canary as text."""
READERS = tuple(ENOUGH)
HEADERS = ("HX-Trigger", "Content-Disposition", "Location")
REFLECTED = (
    "q",
    "name",
    "sort",
    "view",
    "filters",
    "after",
    "next",
    "year",
    "month",
    "kind",
    "unit",
    "system",
    "purpose",
)
CANARY = planting.LONG.format(n=0)
FILE_NAME = "'><img src=x onerror=alert(1)>.txt"


@pytest.fixture
def planted(transactional_db: None, owner_dsn: str) -> Iterator[World]:
    """The world of the matrix, a file of hostile texts, an upload with a hostile name, canaries in all tables."""
    world = make_world()
    hostile = dict.fromkeys(
        ("客户名称", "地址", "结算方式", "行业", "证件类型", "客户编号", "归属机构代码"), CANARY
    )
    rows = [customer(number, **{column: text}) for number, (column, text) in enumerate(hostile.items(), 40)]
    loaded(kgc_file([*rows, *(customer(number) for number in range(60, 70))]), f"KG_CUST_{day()}.txt")
    bad = io.BytesIO(b"x")
    bad.name = FILE_NAME
    caller(Role.GROUP_ADMIN).post(
        "/api/v1/intake/kgc/files", {"file": bad}, headers={"Idempotency-Key": "hostile"}
    )
    _fill_in(world)
    with as_they_were(owner_dsn):
        planting.plant(owner_dsn)
        yield world
        clear_tables()


@contextmanager
def as_they_were(owner_dsn: str) -> Iterator[None]:
    """Give the tables that outlive a test their rows back: other tests read the same divisions and products."""
    tables = [sql.Identifier(table) for table in sorted(KEPT_TABLES) if not planting.NOT_TOLD.match(table)]
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for number, table in enumerate(tables):
            owner.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(_copy(number), table))
        yield
        owner.execute("SET session_replication_role = replica")  # the rows of others point at them meanwhile
        for number, table in enumerate(tables):
            owner.execute(sql.SQL("DELETE FROM {}").format(table))
            owner.execute(sql.SQL("INSERT INTO {} TABLE {}").format(table, _copy(number)))


def _copy(number: int) -> sql.Identifier:
    return sql.Identifier(f"copy_{number}")


def _fill_in(world: World) -> None:
    """What people write into forms, which the audit keeps too."""
    today, admin = clock.business_date().isoformat(), browser(Role.SYSTEM_ADMIN, world)
    parameter = {"value": "7", "unit": COUNTY, "line": "", "effective_from": today, "reason": CANARY}
    sent = (
        admin.post("/parameters/org.login_free_failures/", parameter),
        admin.post("/me/tokens/", {"name": CANARY}),
        browser(Role.STEWARD, world).post(
            "/intake/systems/kgc/", {"connection": "connected", "note": CANARY}
        ),
    )
    assert [answer.status_code for answer in sent] == [302, 200, 302]


def answers(client: Client, world: World, *, api: bool) -> Iterator[tuple[str, HttpResponse]]:
    """What every door answers: plainly in Chinese, asked with canaries in English, and sent canaries."""
    things, asked = world.things[Area.OWN], dict.fromkeys(REFLECTED, CANARY)
    for name in sorted(DOORS):
        if name.startswith("api:") != api or name in LIFELINE:
            continue
        for door in DOORS[name]:
            values = {k: world.delivery if v == "D00000001" else v for k, v in door.values(things).items()}
            address = reverse(name, kwargs=values)
            yield name, client.get(address + door.query)
            yield name, client.get(address, {**asked, "lang": "en"})
            yield name, client.post(address, {**door.sent(things), **asked})


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role in SAMPLE else pytest.mark.slow) for role in READERS]
)
def test_no_planted_text_becomes_markup(planted: World, role: Role) -> None:
    faults, alive, seen = [], set(), 0
    for name, answer in answers(browser(role, planted), planted, api=False):
        faults += [f"{name}: 500"] if answer.status_code >= 500 else []
        faults += [f"{name}: {one}" for one in HEADERS if "<" in answer.get(one, "").replace("\\u003c", "")]
        if answer["Content-Type"].startswith("text/html"):
            html, seen = answer.content.decode(), seen + 1
            faults += [f"{name}: {fault}" for fault in planting.escaped_from(html)]
            alive |= {name} if planting.is_shown(html) else set()
    assert faults == []
    assert seen > 100
    assert len(alive) > ENOUGH[role], (
        f"canaries are shown on too few pages to prove anything: {sorted(alive)}"
    )


def test_json_is_never_a_page(planted: World) -> None:
    """The API hands text over as it is; no browser may take it for a page."""
    shown = 0
    for name, answer in answers(caller(Role.GROUP_ADMIN), planted, api=True):
        if answer.content and answer.status_code != 405:
            assert "json" in answer["Content-Type"], name
            assert answer["X-Content-Type-Options"] == "nosniff", name
        shown += b"<img src=x" in answer.content
    assert shown


def test_a_file_s_own_name_is_told_as_text(planted: World) -> None:
    """Kept as it came, without folders; shown in lists, on its page, and in the answer to an upload."""
    with scope.bulk():
        assert Delivery.objects.filter(file_name__startswith=FILE_NAME).exists()
    bad = io.BytesIO(b"x")
    bad.name = FILE_NAME
    answer = browser(Role.GROUP_ADMIN, planted).post("/intake/upload/", {"system": "kgc", "sent": bad})
    assert planting.is_shown(answer.content.decode())
    assert list(planting.escaped_from(answer.content.decode())) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p><img src=x onerror=alert(1)></p>", True),
        ("<b id=x12>", True),
        ("<a href=' java\nscript:alert(1)'>", True),
        ("<p>49~</p>", True),
        ("<script>alert(1)</script>", True),
        ("<p>&lt;img src=x onerror=alert(1)&gt;{{7*7}}~</p>", False),
        ('<script type="application/json">{"a": "\\u003Cimg"}</script><script src="/a.js"></script>', False),
    ],
)
def test_an_escaped_canary_is_noticed(html: str, found: bool) -> None:
    assert bool(list(planting.escaped_from(html))) is found
