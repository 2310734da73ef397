"""SEC, what safety costs: row-level security beside the ORM's wall alone, and sealing, a record and a look-up.

The same queries as the pages make run in this process, in turns: once as a request does, under the post's own role and
scope, and once under the role that row-level security does not filter, where `visible_to` and its like stand alone.
What differs is the price of the second wall. Times are of the whole call, Python and database, without a web server.
"""

from __future__ import annotations

import base64
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import uuid4

from django.http import QueryDict

from bench.fill import filled
from bench.load import percentile
from bench.rows import Row, figure
from hongyan.config.home import Home
from hongyan.core import scope, vault
from hongyan.customer import lists
from hongyan.customer.models import ListRow
from hongyan.customer.queries.ranges import rows_of
from hongyan.customer.queries.records import find_customer, record_of
from hongyan.customer.queries.search import find_hits
from hongyan.customer.queries.terms import read_terms
from hongyan.org.codes import Viewer
from hongyan.org.queries.viewers import find_viewer
from hongyan.ui.lists import ListState, list_of

POSTS = {"outlet": "100001", "county": "100003", "city": "100004", "province": "100005", "group": "100006"}
"""Staff numbers of the demo's people whose posts stand at each level."""

ROUNDS = 100
WARM_UP_ROUNDS = 5
SAMPLED_FROM = 5000
SEED = 4

PROFILES = {"international": "aes-256-gcm", "gm": "sm4-gcm"}
CALLS = 20_000
SECRETS = b'{"credential_no": "11010519491231002X", "mobile": "+8613812345678"}'
"""What is sealed of a person, as a source record holds it."""

HASHES_OF_A_RECORD = 2
"""Keyed hashes of such a person: of the credential and of the phone."""


@dataclass(frozen=True, slots=True)
class Case:
    """Something a page asks the database for, for one customer of the scope."""

    name: str
    ask: Callable[[Viewer, ListRow], object]


def run(size: int, home: Home) -> list[Row]:
    """Measure the walls at every level, then the vault under both profiles."""
    filled(size, home)
    with scope.bulk():
        viewers = {level: find_viewer(staff_no) for level, staff_no in POSTS.items()}
        samples = {level: _sample(viewer) for level, viewer in viewers.items()}
    walls = [
        row
        for case in CASES
        for level, viewer in viewers.items()
        for row in _compared(f"{case.name}, {level}", case, viewer, samples[level])
    ]
    return [*walls, *(row for profile in PROFILES for row in _sealing(profile))]


def _sample(viewer: Viewer) -> list[ListRow]:
    rows = list(rows_of(viewer).order_by()[:SAMPLED_FROM])
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    return chance.choices(rows, k=WARM_UP_ROUNDS + ROUNDS)


def _compared(name: str, case: Case, viewer: Viewer, sample: Sequence[ListRow]) -> Iterator[Row]:
    """Both ways in turns, so that what the machine does meanwhile falls on both alike."""
    both: list[float] = []
    alone: list[float] = []
    for row in sample:
        both.append(_timed(case, viewer, row, scope.acting(viewer.scope)))
        alone.append(_timed(case, viewer, row, scope.bulk()))
    both, alone = both[WARM_UP_ROUNDS:], alone[WARM_UP_ROUNDS:]
    middle, plain = statistics.median(both), statistics.median(alone)
    yield figure("SEC", f"{name}: both walls, p50", middle, "ms")
    yield figure("SEC", f"{name}: both walls, p95", percentile(both, 0.95), "ms")
    yield figure("SEC", f"{name}: ORM alone, p50", plain, "ms")
    yield Row("SEC", f"{name}: both walls to one", round(middle / plain, 2), "×")


def _timed(case: Case, viewer: Viewer, row: ListRow, walls: AbstractContextManager[None]) -> float:
    """Milliseconds of one call; entering the scope is not part of it, since every request does that once."""
    with walls:
        began = time.perf_counter()
        case.ask(viewer, row)
        return (time.perf_counter() - began) * 1000


# --- what pages ask for


def _list(viewer: Viewer, row: ListRow) -> object:
    """The first page of the list with two filters, and its capped count."""
    state = ListState.parse(
        lists.CUSTOMERS, QueryDict(f"type={row.party_type}&status={row.status}"), viewer=viewer
    )
    return list_of(lists.CUSTOMERS, state, lists.rows_for(viewer, state.values), rights=viewer.rights)


def _search(viewer: Viewer, row: ListRow) -> object:
    return find_hits(viewer, read_terms(row.name[:2]))


def _record(viewer: Viewer, row: ListRow) -> object:
    return record_of(viewer, find_customer(viewer, row.code))


CASES = (Case("list", _list), Case("search by 2 characters", _search), Case("record", _record))


# --- sealing


def _sealing(profile: str) -> Iterator[Row]:
    """Microseconds of a call under keys of a profile: to seal what a record holds, and to look something up."""
    keys = vault.KeyRing.read(
        {
            "profile": profile,
            "current": 1,
            "data": {"1": {"algorithm": PROFILES[profile], "key": _key()}},
            "index": _key(),
            "audit": _key(),
        }
    )
    given, vault.ring = vault.ring, lambda: keys  # type: ignore[assignment]
    try:
        record = uuid4()
        sealed = vault.seal(SECRETS, record=record, column="bench")
        seal = _microseconds(lambda: vault.seal(SECRETS, record=record, column="bench"))
        unseal = _microseconds(lambda: vault.unseal(sealed, record=record, column="bench"))
        blind = _microseconds(lambda: vault.blind("P", "+8613812345678"))
    finally:
        vault.ring = given
    yield figure("SEC", f"{profile}: seal and hash, a record", seal + HASHES_OF_A_RECORD * blind, "µs")
    yield figure("SEC", f"{profile}: hash, a look-up", blind, "µs")
    yield figure("SEC", f"{profile}: open, a value shown", unseal, "µs")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _microseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - began) * 1e6 / CALLS
