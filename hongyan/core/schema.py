"""Whether the database's tables are those of this code (库表版本), known without Django and in milliseconds.

After a migration the digest of all migration files is written as the comment of `django_migrations`; it
travels with a dump. Where it is the digest of the code, there is nothing to migrate.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

PACKAGE = Path(__file__).resolve().parents[1]
DISTRIBUTIONS_WITH_TABLES = ("Django", "procrastinate")


@cache
def fingerprint() -> str:
    """Digest of every file in the rooms' `migrations` folders and of the packages that bring tables."""
    digest = hashlib.sha256()
    for name in DISTRIBUTIONS_WITH_TABLES:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for file in sorted(PACKAGE.glob("*/migrations/**/*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(PACKAGE)}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(dsn: str) -> bool:
    """Whether exactly this code migrated the database. Errors: psycopg.OperationalError without a server."""
    with psycopg.connect(dsn) as connection:
        query = "SELECT obj_description(to_regclass('django_migrations'))"
        return connection.execute(query).fetchone() == (fingerprint(),)


def mark_current(owner_dsn: str) -> None:
    """Write that the database was migrated by this code."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(sql.Literal(fingerprint()))
        )
