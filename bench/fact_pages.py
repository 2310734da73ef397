"""P5F, pages of facts: what a county, the province and the whole house list of the facts that P5F loaded.

A unit's newest month, one outlet, one product, one that nobody sold, the whole delivery: first pages and second ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.db import connections

from bench.load import Request, open_loop, percentile
from bench.processes import spent
from bench.rows import Row, at_most
from bench.web import Person, Site, log_in, new_password, served
from hongyan.config.home import Home
from hongyan.core import audit, scope
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Line, PostRow, Role, Tree

RATE, SECONDS, WARM_UP_SECONDS = 10.0, 5.0, 1.0
BAR, CPU_BAR, QUERY_BAR = (
    100,
    30,
    12,
)  # milliseconds of server time, 99th percentile; of CPU a page; queries a page
POSTS = {
    "county": ("200001", "370102", Role.COUNTY_HEAD),
    "province": ("200002", "3700", Role.PROVINCE_ADMIN),
    "group": ("200003", "1000", Role.GROUP_ADMIN),
}
CASES: Mapping[str, Mapping[str, str]] = {
    "unit": {},
    "an outlet": {"unit": "370102000002"},
    "a product": {"product": "1107"},
    "nothing found": {"product": "9999"},
    "delivery": {"delivery": "D1"},
}
_NEXT = re.compile(r'href="(\?[^"]*after=[^"]*)"')


def measured(place: Home) -> Iterator[Row]:
    """Every list at every level."""
    passwords = _make_people()
    connections.close_all()
    with served(place) as site:
        for level, (staff_no, unit, _role) in POSTS.items():
            person = log_in(site, staff_no, passwords[staff_no])
            for name, asked in CASES.items():
                first = f"/ledger/facts/?{urlencode({'unit': unit} | asked)}"
                yield from _case(site, person, f"facts, {name}, {level}", first)


def _case(site: Site, person: Person, name: str, first: str) -> Iterator[Row]:
    paths = [first, _second(site, person, first) or first]
    requests = [Request(path, headers=person.headers) for path in paths]
    open_loop(site.port, requests, rate=RATE, seconds=WARM_UP_SECONDS)
    before = site.cpu_seconds()
    answers = open_loop(site.port, requests, rate=RATE, seconds=SECONDS)
    cpu = spent(before, site.cpu_seconds()) * 1000 / len(answers)
    if failed := sum(answer.status != 200 for answer in answers):
        raise RuntimeError(f"{name}: {failed} of {len(answers)} requests failed")
    p99 = percentile((answer.server_ms for answer in answers), 0.99)
    yield at_most("P5F", f"{name}: p99", p99, "ms", BAR)
    yield at_most("P5F", f"{name}: CPU", cpu, "ms/page", CPU_BAR)
    yield at_most("P5F", f"{name}: queries", max(one.queries for one in answers), "queries", QUERY_BAR)


def _second(site: Site, person: Person, first: str) -> str | None:
    """The address of the page after the first; None where that is all."""
    connection = HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", first, headers={"Cookie": person.cookies})
    found = _NEXT.search(connection.getresponse().read().decode())
    return f"/ledger/facts/{unescape(found[1])}" if found else None


def _make_people() -> dict[str, str]:
    """Somebody at every level; staff number → password."""
    rows = [
        PostRow(
            row=row,
            staff_no=staff_no,
            name=staff_no,
            gender="0",
            mobile="",
            email="",
            unit_code=unit,
            tree=Tree.POSTAL,
            role=role,
            line_codes=(Line.MAIL,),
            is_primary=True,
            valid_from=None,
            valid_to=None,
        )
        for row, (staff_no, unit, role) in enumerate(POSTS.values(), 2)
    ]
    with scope.bulk():
        take_in_posts(rows, actor=audit.Actor("system:bench"))
        return {row.staff_no: new_password(row.staff_no) for row in rows}
