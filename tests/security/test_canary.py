"""Planted numbers are nowhere in the clear: database, files, logs, queue, addresses (BARS A 7)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from psycopg import sql

from conftest import clear_tables
from hongyan.core import scope
from hongyan.customer.models import Customer
from hongyan.customer.tests.factory import LIXIA_OUTLET, TESTER, ZHANG, log_in, make_organisation
from hongyan.integration.actions import check
from hongyan.integration.codes import DeliveryState
from hongyan.integration.tests.factory import contact, customer, day, kgc_file, loaded, received
from hongyan.integration.tests.ledger_factory import account, bank
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row

PERSON_ID, BROKEN_ID = "440524188001010014", "440524188001010015"
PHONE, CONTACT_PHONE, STAFF_PHONE = "13798765432", "13687654321", "13576543210"
ACCOUNT = "6217001234567890123"
TYPED = (
    "/customers/{}/", "/customers/{}/purpose/", "/customers/{}/business/", "/customers/?q={}", "/customers/?key={}",
    "/ledger/customers/{}/?month=2026-10&line=01", "/ledger/facts/?customer={}", "/ledger/facts/?number={}",
    "/ledger/facts/transaction/yy/2026-10-05/{}/", "/organisation/staff/{}/", "/organisation/units/{}/",
    "/parameters/{}/", "/views/{}/", "/nowhere/{}/",
)  # fmt: skip
"""Addresses as somebody types them who takes a number for a code."""
CANARIES = (PERSON_ID, BROKEN_ID, PHONE, CONTACT_PHONE, STAFF_PHONE, ACCOUNT)


@pytest.fixture
def planted(transactional_db: None, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A town in which each canary came in by a file: applied, quarantined, staged and waiting, refused."""
    caplog.set_level(logging.DEBUG)
    make_organisation()
    with scope.bulk():
        take_in_posts(
            [
                post_row("gu", "顾小明", LIXIA_OUTLET, Role.STEWARD, mobile=STAFF_PHONE),
                post_row("shen", "沈计", LIXIA_OUTLET, Role.AUDITOR),
            ],
            actor=TESTER,
        )
    good = [customer(number) for number in range(10, 70)]
    bad = [customer(number, 证件类型="1", 证件号码=BROKEN_ID) for number in (2, 3, 4)]
    loaded(kgc_file([customer(1, 证件号码=PERSON_ID), bad[0], *good]))
    loaded(
        kgc_file([contact(手机=CONTACT_PHONE), contact(联系人序号="2", 手机=PHONE)], "CONT"),
        f"KG_CONT_{day()}.txt",
    )
    waiting = loaded(kgc_file([*bad, customer(5, 证件类型="1", 证件号码=PERSON_ID), customer(6)]))
    assert waiting.state == DeliveryState.CHECKED
    cut_off = check(received(kgc_file([customer(7, 证件号码=PERSON_ID)])[:-9]).id, in_background=False)
    assert cut_off.state == DeliveryState.REFUSED
    bank([account(账号=ACCOUNT)], "ACCT")
    yield
    clear_tables()


@pytest.mark.usefixtures("planted")
def test_no_planted_number_is_found_in_the_clear(owner_dsn: str, caplog: pytest.LogCaptureFixture) -> None:
    browse()
    found = [*in_database(owner_dsn), *in_files(Path(settings.HOME.root)), *in_logs(caplog)]
    assert found == []
    assert in_database(owner_dsn, ["王小明"]), "a name, which is not sealed, is found by the same search"


def browse() -> None:
    """Search for the canaries, open what is found, reveal, and ask for what is not there."""
    client = log_in(Client(), ZHANG)
    for number in CANARIES:
        client.post("/customers/search/", {"q": number})
        client.post("/search/", {"q": number})
        client.post("/search/suggestions/", {"q": number})
    with scope.bulk():
        code = Customer.objects.get(name="王小明").code
    client.get(f"/customers/{code}/")
    shown = client.post(f"/customers/{code}/reveal/credential_no/", {"purpose": "service"})
    assert PERSON_ID in shown.content.decode(), "the canary is alive: it can be revealed"
    steward, auditor = log_in(Client(), "gu"), log_in(Client(), "shen")
    for number in CANARIES:
        for address in TYPED:
            steward.get(address.format(number))
            auditor.get(address.format(number))
    for address in ("/intake/quarantine/", "/intake/deliveries/", "/customers/?q=x", "/nowhere/"):
        steward.get(address)


def in_database(owner_dsn: str, wanted: Sequence[str] = CANARIES) -> list[str]:
    """Tables in which a canary stands, as text or as bytes; what a dump would hold."""
    found = []
    with psycopg.connect(owner_dsn) as owner:
        tables = owner.execute("SELECT schemaname, relname FROM pg_stat_user_tables ORDER BY 1, 2").fetchall()
        for schema, table in tables:
            query = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(schema, table))
            with owner.cursor().copy(query) as copy:
                text = b"".join(copy)
            found += [f"{schema}.{table}: {number}" for number in wanted if _stands_in(number, text)]
    assert len(tables) > 40
    return found


def in_files(home: Path) -> list[str]:
    """Files below the home in which a canary stands; keys and the database's own folder apart."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sealed" for path in files)
    assert any(path.suffix == ".parquet" for path in files)
    return [
        f"{path.name}: {number}"
        for path in files
        for number in CANARIES
        if _stands_in(number, path.read_bytes())
    ]


def in_logs(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Log lines in which a canary stands, their extra fields included."""
    lines = [str(vars(record)) for record in caplog.records]
    assert lines
    return [f"log: {line[:120]}" for line in lines for number in CANARIES if number in line]


def _stands_in(number: str, content: bytes) -> bool:
    return number.encode() in content or number.encode().hex().encode() in content
