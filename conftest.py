"""The tests' world: a PostgreSQL of their own, connections as `hongyan_app`, no network.

The server lives in `var/test/` and is started by the first test that asks for a database. Tables are migrated
once, as the owner, into a template named after the migrations' digest; every run and every xdist worker gets
a copy of it and a folder of its own for files, both dropped at the end. What a killed run left behind is dropped
by the next. `HONGYAN_PG_BIN` tests on another PostgreSQL.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from hongyan.cli.conventions import prepare_django
from hongyan.config.home import CHECKOUT, Home
from hongyan.core import postgres

BINARIES = postgres.find_binaries()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CONTROLLER_PID = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
DATABASE_NAME = f"test_{CONTROLLER_PID}_{WORKER}"
# The server's home, with its keys: one per version of the server and per vault profile, whose keys differ.
TEST_HOME = Home(
    CHECKOUT
    / "var"
    / "test"
    / f"{postgres.major_version(BINARIES)}-{os.environ.get('CRYPTO_PROFILE') or 'international'}"
)
# The home of the tests themselves: inboxes and kept files no other worker and no other session can touch.
WORK_HOME = Home(TEST_HOME.root / "work" / f"{CONTROLLER_PID}-{WORKER}")
os.environ["HONGYAN_HOME"] = str(WORK_HOME.root)
os.environ["DJANGO_SETTINGS_MODULE"] = "hongyan.config.settings"
os.environ.pop("HONGYAN_AS_OWNER", None)
os.environ.pop("HONGYAN_MAIL", None)


def pytest_configure() -> None:
    """Load settings and models before anything is collected."""
    _make_work_home()
    os.environ["DATABASE_URL"] = postgres.Server(TEST_HOME, BINARIES).dsn
    prepare_django()
    # Settings are loaded. Commands that tests run are told a database each; xdist's workers, which inherit this
    # environment, load settings with a home of their own.
    del os.environ["DATABASE_URL"], os.environ["DJANGO_SETTINGS_MODULE"]
    if settings.HOME != WORK_HOME:
        raise pytest.UsageError(
            "unset DJANGO_SETTINGS_MODULE: the tests choose their settings and state themselves"
        )
    # nothing is collected for tests, so pages name static files as they are
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # a real hash is slow on purpose; the tests about its duration choose it themselves
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All journeys go to one worker, since they share one served site; every other test goes wherever there is room.

    Said here because the groups of `--dist loadgroup` are lost with the ids of pytest 9.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "journeys" if nodeid.startswith("tests/journeys/") else nodeid

    return Scheduling(config, log)


def _make_work_home() -> None:
    """A folder for this worker's files, with the server's keys in it; those of dead sessions go."""
    TEST_HOME.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in WORK_HOME.root.parent.glob("*-*"):
        if not Path(f"/proc/{folder.name.partition('-')[0]}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    WORK_HOME.static.mkdir(parents=True)
    # as on a machine where the house is tried out: tests of the second factor turn it off
    WORK_HOME.demo_logins.write_text("[]")
    WORK_HOME.secrets.symlink_to(TEST_HOME.secrets)


# --- the server


@contextmanager
def _locked(name: str, how: int) -> Iterator[None]:
    TEST_HOME.root.mkdir(parents=True, exist_ok=True)
    with (TEST_HOME.root / name).open("w") as file:
        fcntl.flock(file, how)
        yield


@pytest.fixture(autouse=True)
def _nothing_kept_of_another_test() -> None:
    """What processes keep in memory for some seconds is of the test before."""
    from hongyan.customer import custom, layouts

    custom.forget()
    layouts.forget()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The tests' own server, used until the session ends; the last session's controller stops it."""
    server = postgres.Server(TEST_HOME, BINARIES, durable=False)
    with _locked("users.lock", fcntl.LOCK_SH):
        with _locked("start.lock", fcntl.LOCK_EX):
            server.start()
        yield server


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop this worker's files; stop the server if this runs the session and no other session uses the server."""
    shutil.rmtree(WORK_HOME.root, ignore_errors=True)
    if hasattr(config, "workerinput") or not TEST_HOME.root.exists():
        return
    try:
        with _locked("users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
            postgres.Server(TEST_HOME, BINARIES).stop()
    except BlockingIOError:
        pass  # a session in another terminal goes on


# --- the databases


@pytest.fixture(scope="session")
def template_database(postgres_server: postgres.Server) -> str:
    """Name of a database with all tables and no rows but those of migrations, made by the owner."""
    from hongyan.cli.db import bring_up_to_date
    from hongyan.config import secrets
    from hongyan.core import schema
    from hongyan.core.roles import prepare_roles

    name = f"template_{schema.fingerprint()[:16]}"
    with _locked("template.lock", fcntl.LOCK_EX):
        _drop_leftovers(postgres_server, keep=name)
        dsn = make_conninfo(postgres_server.dsn, dbname=name)
        prepare_roles(dsn, secrets.app_password(TEST_HOME))
        bring_up_to_date(dsn)
    return name


def _drop_leftovers(server: postgres.Server, *, keep: str) -> None:
    """Drop old templates, and databases of sessions whose process is gone."""
    with _maintenance(server) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            kind, _, rest = name.partition("_")
            pid = rest.partition("_")[0]
            is_old = (kind == "template" and len(rest) == 16 and name != keep) or (
                kind == "test" and pid.isdigit() and not Path(f"/proc/{pid}").exists()
            )
            if is_old:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _maintenance(server: postgres.Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(make_conninfo(server.dsn, dbname="postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def owner_dsn(postgres_server: postgres.Server) -> str:
    """Connection string of this worker's database as its owner: past every policy, to arrange and assert."""
    return make_conninfo(postgres_server.dsn, dbname=DATABASE_NAME)


@pytest.fixture(scope="session")
def django_db_setup(
    postgres_server: postgres.Server,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Copy the template for this worker and point Django's connection, as hongyan_app, to the copy."""
    from django.db import connection

    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        sql.Identifier(DATABASE_NAME), sql.Identifier(template_database)
    )
    with _locked("template.lock", fcntl.LOCK_EX), _maintenance(postgres_server) as maintenance:
        maintenance.execute(statement)
    connection.settings_dict["NAME"] = DATABASE_NAME
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "pool": False}
    yield
    with django_db_blocker.unblock():
        connection.close()
    with _maintenance(postgres_server) as maintenance:
        maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(DATABASE_NAME)))


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    """Let transactional tests clear the tables as the owner, since `hongyan_app` may not TRUNCATE."""
    from django.test import TransactionTestCase

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: clear_tables())
    yield
    monkeypatch.undo()


def clear_tables() -> None:
    """Bring this worker's database back to what the template holds: rows that migrations wrote stay."""
    from django.db import connection

    connection.close()
    dsn = make_conninfo(postgres.Server(TEST_HOME, BINARIES).dsn, dbname=DATABASE_NAME)
    with psycopg.connect(dsn) as owner:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)"
        names = [name for (name,) in owner.execute(query, [list(KEPT_TABLES)])]
        tables = sql.SQL(", ").join(map(sql.Identifier, names))
        owner.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))


KEPT_TABLES = frozenset(
    {
        "django_migrations", "django_content_type", "auth_permission", "procrastinate_version",
        "core_auditguard", "core_calendarday", "core_calendaryear", "ledger_productfamily",
        "ledger_product", "org_division",
    }
)  # fmt: skip


# --- no network


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_at_home(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {host}: tests never use the network")
        return connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = connect_at_home  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
