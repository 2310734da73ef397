"""A served Hongyan for browsers: a database of its own on the tests' server, the demo's people, real processes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hongyan.config.home import CHECKOUT, Home

CUSTOMERS = 300
SEED = 37
STOP_SECONDS = 20

MANAGER, NEIGHBOUR, COUNTY_HEAD, STEWARD, GROUP_HEAD, AUDITOR, ADMINISTRATOR, TWO_POSTS = (
    "100001", "100002", "100003", "100005", "100006", "100007", "100008", "100009",
)  # fmt: skip
"""Staff numbers of the demo's people; the neighbour's outlet lies in the next county."""


@dataclass(frozen=True)
class Site:
    """Where it is served, where its files are, and what the generator says is true of its people."""

    address: str
    home: Home
    owner_dsn: str
    truth: dict[str, Any]

    def password(self, staff_no: str) -> str:
        """The password the demo gave to one of its people."""
        log_ins = json.loads(self.home.demo_logins.read_text())
        return str(next(one["password"] for one in log_ins if one["staff_no"] == staff_no))

    def example(self, trait: str) -> dict[str, Any]:
        """A customer the generator made to be shown."""
        return next(one for one in self.truth["examples"] if one["trait"] == trait)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows as the owner reads them, past every wall: to know what is true."""
        with psycopg.connect(self.owner_dsn) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def change(self, query: str, *parameters: Any) -> None:
        """What a test changes as the owner, where the way of people to it is not its point."""
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute(query.encode(), parameters)


@contextmanager
def served(test_home: Home, owner_dsn: str, *, folder: str = "site") -> Iterator[Site]:
    """Generate and load the demo with the commands a user has, then serve it; all ends and goes with the context."""
    with _home(test_home, folder) as home:
        environment = _environment(home, owner_dsn)
        drop = home.root / "drop"
        _hongyan(
            environment,
            "demo",
            "generate",
            "--customers",
            str(CUSTOMERS),
            "--seed",
            str(SEED),
            "--out",
            str(drop),
        )
        _hongyan(environment, "demo", "load", str(drop))
        with _serving(environment):
            truth = json.loads((drop / "truth.json").read_text())
            yield Site(f"http://127.0.0.1:{environment['PORT']}", home, owner_dsn, truth)


@contextmanager
def served_as_it_is(test_home: Home, owner_dsn: str, *, folder: str) -> Iterator[int]:
    """Serve a database that somebody else filled; the port."""
    with _home(test_home, folder) as home:
        environment = _environment(home, owner_dsn)
        with _serving(environment):
            yield int(environment["PORT"])


@contextmanager
def _home(test_home: Home, folder: str) -> Iterator[Home]:
    """A home of its own with the tests' keys, gone at the end."""
    home = Home(test_home.root / f"{folder}-{os.getpid()}")
    home.root.mkdir()
    try:
        (home.root / "secrets").symlink_to(test_home.secrets)
        (home.root / "vendor").symlink_to(CHECKOUT / "var" / "vendor")
        (home.root / "static").symlink_to(_collected(test_home))
        yield home
    finally:
        shutil.rmtree(home.root)


def _environment(home: Home, owner_dsn: str) -> dict[str, str]:
    return {
        **os.environ,
        "HONGYAN_HOME": str(home.root),
        "DATABASE_URL": owner_dsn,
        "PORT": str(_free_port()),
    }


@contextmanager
def database_of_its_own(server_dsn: str, *, template: str, name: str) -> Iterator[None]:
    """A copy of the migrated template, dropped at the end."""
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        new, old = sql.Identifier(name), sql.Identifier(template)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(new, old))
        try:
            yield
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(new))


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "hongyan.cli.main", "serve", "--no-demo", "--json"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            announced = process.stdout.readline() if process.stdout else b""
            assert b'"address"' in announced, f"hongyan serve said {announced!r}"
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)


def _hongyan(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hongyan.cli.main", *arguments, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"hongyan {' '.join(arguments)}: {done.stdout} {done.stderr}"


def _collected(test_home: Home) -> Path:
    """The static files as set-up collects them, kept under the digest of their sources: compressing takes 15 s.

    Collected into a folder of this process and then renamed, so that sessions side by side never meet.
    """
    sources = [path for folder in _static_folders() for path in sorted(folder.rglob("*")) if path.is_file()]
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources))
    collected = test_home.root / f"static-{digest.hexdigest()[:16]}"
    if not collected.exists():
        draft = Home(test_home.root / f"collecting-{os.getpid()}")
        draft.root.mkdir()
        try:
            (draft.root / "secrets").symlink_to(test_home.secrets)
            (draft.root / "vendor").symlink_to(CHECKOUT / "var" / "vendor")
            _collect(draft)
            for old in test_home.root.glob("static-*"):
                shutil.rmtree(old, ignore_errors=True)
            draft.static.rename(collected)
        finally:
            shutil.rmtree(draft.root)
    return collected


def _collect(home: Home) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"],
        env={
            **os.environ,
            "HONGYAN_HOME": str(home.root),
            "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
        },
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _static_folders() -> Sequence[Path]:
    return [*sorted((CHECKOUT / "hongyan").glob("*/static")), CHECKOUT / "var" / "vendor"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
