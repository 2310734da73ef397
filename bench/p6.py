"""P6, pages: the list with five filters, the record, what a customer bought, and search, at every level.

A real gunicorn and PostgreSQL with both walls standing; an open loop of 20 requests a second per case, each page
asked for in many variants (customers, names, phones of the post's own scope). The bars hold for the server's own
time; `from due` is the reader's: from the instant the request was due, waiting included. The load comes from the
same machine and is charged to nobody. The first seconds warm the connections up and do not count.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.db.models import QuerySet
from rich.console import Console

from bench.business import traded
from bench.counter import SYSTEM
from bench.fill import drop
from bench.load import Answer, Request, open_loop, percentile
from bench.processes import spent
from bench.rows import Row, at_most, figure
from bench.web import Person, Site, log_in, new_password, served, state_purposes
from hongyan.config.home import Home
from hongyan.core import scope
from hongyan.customer.models import Customer, ListRow
from hongyan.customer.queries.ranges import rows_of
from hongyan.customer.rules.tokens import initials
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.org.codes import Viewer
from hongyan.org.models import Unit
from hongyan.org.queries.viewers import find_viewer

RATE = 20.0  # requests a second
SECONDS = 15.0
WARM_UP_SECONDS = 3.0
VARIANTS = 100
SEED = 6

POSTS = {"outlet": "100001", "county": "100003", "province": "100005", "group": "100006"}
"""Staff numbers of the demo's people whose posts stand at each level."""

LIST_BAR, SEARCH_BAR = 100, 50  # milliseconds of server time, 99th percentile
CPU_BAR = 30  # milliseconds a page
QUERY_BAR = 12
SUGGESTIONS = "/search/suggestions/"

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """Customers of one post's scope, as list rows, those who bought something, phones of those registered there."""

    rows: Sequence[ListRow]
    buyers: Sequence[ListRow]
    phones: Sequence[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A page, the bar of its server time, and how its requests are made from a sample."""

    name: str
    bar: float
    requests: Callable[[Sample, Person], Iterable[Request]]


def run(size: int, home: Home) -> list[Row]:
    """Measure every page for every post."""
    facts = traded(size, home)
    viewers, passwords = {}, {}
    with scope.bulk():
        for level, staff_no in POSTS.items():
            viewers[level] = find_viewer(staff_no)
            passwords[level] = new_password(staff_no)
        samples = {level: _sample(size, home, viewer) for level, viewer in viewers.items()}
        customers = Customer.objects.count()
    connections.close_all()
    with served(home) as site:
        people = {level: log_in(site, POSTS[level], passwords[level]) for level in POSTS}
        for level, person in people.items():
            sample = samples[level]
            state_purposes(site, person, {row.code for row in (*sample.rows, *sample.buyers)})
        return [
            figure("P6", "customers in the database", customers, "customers"),
            figure("P6", "facts in the database", facts, "facts"),
            *(
                row
                for case in CASES
                for level, person in people.items()
                for row in _measured(site, level, case, list(case.requests(samples[level], person)))
            ),
        ]


def _measured(site: Site, level: str, case: Case, requests: list[Request]) -> Iterator[Row]:
    open_loop(site.port, requests, rate=RATE, seconds=WARM_UP_SECONDS)
    before = site.cpu_seconds()
    answers = open_loop(site.port, requests, rate=RATE, seconds=SECONDS)
    cpu = spent(before, site.cpu_seconds()) * 1000 / len(answers)
    failed = sum(answer.status != 200 for answer in answers)
    if failed:
        raise RuntimeError(f"{case.name} for the {level}: {failed} of {len(answers)} requests failed")
    name = f"{case.name}, {level}"
    p99 = percentile((answer.server_ms for answer in answers), 0.99)
    console.print(f"{name}: p99 {p99:.0f} ms, {cpu:.0f} CPU ms")
    yield at_most("P6", f"{name}: p99", p99, "ms", case.bar)
    yield from _explained(name, answers)
    yield at_most("P6", f"{name}: CPU", cpu, "ms/page", CPU_BAR)
    yield at_most("P6", f"{name}: queries", max(answer.queries for answer in answers), "queries", QUERY_BAR)


def _explained(name: str, answers: Sequence[Answer]) -> Iterator[Row]:
    yield figure("P6", f"{name}: p50", percentile((answer.server_ms for answer in answers), 0.5), "ms")
    database = percentile((answer.database_ms for answer in answers), 0.99)
    yield figure("P6", f"{name}: p99 waiting for the database", database, "ms")
    yield figure(
        "P6", f"{name}: p99 from due", percentile((answer.latency_ms for answer in answers), 0.99), "ms"
    )


# --- the pages


def _lists(sample: Sample, person: Person) -> Iterator[Request]:
    """Five filters that a customer of the scope fits, so that none is empty."""
    for row in sample.rows:
        filters: list[tuple[str, str]] = [
            ("type", row.party_type),
            ("kind", row.kind),
            ("line", row.line_codes.split(",")[0]),
            ("status", row.status),
            ("system", row.system_codes.split(",")[0]),
        ]
        yield Request(f"/customers/?{urlencode(filters)}", headers=person.headers)


def _records(sample: Sample, person: Person) -> Iterator[Request]:
    return (Request(f"/customers/{row.code}/", headers=person.headers) for row in sample.rows)


def _buyers_records(sample: Sample, person: Person) -> Iterator[Request]:
    return (Request(f"/customers/{row.code}/", headers=person.headers) for row in sample.buyers)


def _business(sample: Sample, person: Person) -> Iterator[Request]:
    return (Request(f"/customers/{row.code}/business/", headers=person.headers) for row in sample.buyers)


def _bought(sample: Sample, person: Person) -> Iterator[Request]:
    return (
        Request(f"/ledger/facts/?{urlencode({'customer': row.code})}", headers=person.headers)
        for row in sample.buyers
    )


def _named(sample: Sample, person: Person) -> Iterator[Request]:
    return (_suggestion(row.name[:2], person) for row in sample.rows)


def _named_in_list(sample: Sample, person: Person) -> Iterator[Request]:
    return (
        Request(f"/customers/?{urlencode({'q': row.name[:2]})}", headers=person.headers)
        for row in sample.rows
    )


def _initials(sample: Sample, person: Person) -> Iterator[Request]:
    return (_suggestion(initials(syllables_of(row.name)), person) for row in sample.rows)


def _phones(sample: Sample, person: Person) -> Iterator[Request]:
    return (_suggestion(phone, person) for phone in sample.phones)


def _suggestion(text: str, person: Person) -> Request:
    headers = {**person.headers, "Content-Type": "application/x-www-form-urlencoded"}
    return Request(SUGGESTIONS, urlencode({"q": text}).encode(), headers)


CASES = (
    Case("list with 5 filters", LIST_BAR, _lists),
    Case("record", LIST_BAR, _records),
    Case("record of a buyer", LIST_BAR, _buyers_records),
    Case("business of a buyer", LIST_BAR, _business),
    Case("facts of a buyer", LIST_BAR, _bought),
    Case("list by 2 characters", LIST_BAR, _named_in_list),
    Case("search by 2 characters", SEARCH_BAR, _named),
    Case("search by initials", SEARCH_BAR, _initials),
    Case("search by phone", SEARCH_BAR, _phones),
)


# --- what is asked for


def _sample(size: int, home: Home, viewer: Viewer) -> Sample:
    """Persons of the scope drawn evenly by number, and phones; the same ones at every run."""
    persons = rows_of(viewer).filter(party_type="P")
    buyers = persons.filter(system_codes__contains=SYSTEM)
    return Sample(_drawn(persons), _drawn(buyers), _phones_of(size, home, viewer))


def _drawn(rows: QuerySet[ListRow]) -> list[ListRow]:
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    numbers = list(rows.values_list("customer_id", flat=True))
    chosen = chance.sample(numbers, min(VARIANTS, len(numbers)))
    found = {row.customer_id: row for row in rows.filter(customer_id__in=chosen)}
    return [found[number] for number in chosen]


def _phones_of(size: int, home: Home, viewer: Viewer) -> list[str]:
    """Mobiles of customers registered at the outlets of the scope, as the philately system's file has them."""
    units: set[Any] = set(
        Unit.objects.filter(places__lo__range=(viewer.scope.lo, viewer.scope.hi)).values_list(
            "code", flat=True
        )
    )
    file = next(path for path in drop(size, home) if path.name.startswith("JY_"))
    found: list[str] = []
    with file.open(encoding="utf-8-sig", newline="") as content:
        for row in csv.DictReader(content):
            is_here = viewer.scope.everything or row["登记网点代码"] in units
            if is_here and row["手机"].isdigit() and len(row["手机"]) == 11 and row["证件号码"]:
                found.append(row["手机"])
            if len(found) == 20 * VARIANTS:
                break
    return found[:: max(1, len(found) // VARIANTS)][:VARIANTS]
