"""The audit's change to monthly partitions keeps every row, number and right, forwards and back (BARS A 11)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from hongyan.cli.db import drop_database
from hongyan.config import secrets
from hongyan.config.home import current
from hongyan.core.postgres import Server
from hongyan.core.roles import APP, prepare_roles

WHOLE, BY_MONTH = "0005", "0006"
ROW = """
INSERT INTO core_auditevent
    (at, actor, actor_name, org_no, address, act, subject_kind, subject, purpose, result, count, mac)
VALUES (%s, 'x', '', 5, '', 'a.b', 'k', 's', '', 'done', 1, '\\x00') RETURNING id
"""
INSTANTS = (
    "2021-02-28 23:59:59.999999+00",
    "2021-03-01 00:00+00",
    "2026-11-23 01:00+00",
    "2031-01-01 00:00+00",
)


@pytest.fixture
def dsn(postgres_server: Server) -> Iterator[str]:
    """An owner's connection string to a database whose audit is still one table."""
    from conftest import DATABASE_NAME

    place = make_conninfo(postgres_server.dsn, dbname=f"{DATABASE_NAME}_months")
    prepare_roles(place, secrets.app_password(current()))
    migrate(place, WHOLE)
    yield place
    drop_database(place)


def migrate(dsn: str, target: str) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
        "DATABASE_URL": dsn,
        "HONGYAN_AS_OWNER": "1",
    }
    command = [sys.executable, "-m", "django", "migrate", "core", target, "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)


def rows(dsn: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as owner:
        owner.execute("SET ROLE hongyan_group")
        return owner.execute("SELECT id, at, org_no, mac FROM core_auditevent ORDER BY id").fetchall()


def test_rows_survive_the_change_to_months_and_back(dsn: str) -> None:
    with psycopg.connect(dsn) as owner:
        numbers = [owner.execute(ROW, [instant]).fetchone() for instant in INSTANTS]
    before = rows(dsn)
    assert [(row[0],) for row in before] == numbers

    for target in (BY_MONTH, WHOLE, BY_MONTH):
        migrate(dsn, target)
        assert rows(dsn) == before

    with psycopg.connect(make_conninfo(dsn, user=APP, password=secrets.app_password(current()))) as app:
        app.execute("SELECT set_config('hongyan.lo', '5', true), set_config('hongyan.hi', '5', true)")
        (number,) = app.execute(ROW, ["2031-05-01"]).fetchone() or (0,)
        assert number == len(INSTANTS) + 1, "numbers go on"
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("DELETE FROM core_auditevent")
