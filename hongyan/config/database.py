"""Which database this process talks to, and as whom, known without Django.

`DATABASE_URL` names the owner on a server of yours; without it the owner is the embedded PostgreSQL's. Web,
worker and tests connect to the same database as `hongyan_app`, which owns nothing; only a process started
with `HONGYAN_AS_OWNER=1` (migrations) is the owner.
"""

from __future__ import annotations

import os

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hongyan.config import secrets
from hongyan.config.home import Home
from hongyan.core.postgres import PostgresError, Server
from hongyan.core.roles import APP


def owner(home: Home) -> str:
    """Connection string of the database's owner: `DATABASE_URL`, else the embedded server's.

    Errors: PostgresError for a `DATABASE_URL` that is none; it may hold a password, so it is not repeated.
    """
    url = os.environ.get("DATABASE_URL")
    try:
        return make_conninfo(url) if url else Server(home).dsn
    except ProgrammingError:
        raise PostgresError(
            "DATABASE_URL is not of the form postgresql://user:password@host/database"
        ) from None


def app(home: Home) -> str:
    """Connection string of `hongyan_app` on the owner's server and database."""
    return make_conninfo(owner(home), user=APP, password=secrets.app_password(home))


def current(home: Home) -> str:
    """Connection string of this process."""
    return owner(home) if os.environ.get("HONGYAN_AS_OWNER") == "1" else app(home)


def without_owner(conninfo: str) -> str:
    """The same server and database without the owner's name and password, to hand to web and worker.

    >>> without_owner("host=db dbname=hongyan user=postgres password=x")
    'dbname=hongyan host=db'
    """
    parts = conninfo_to_dict(conninfo)
    return make_conninfo("", **{key: parts[key] for key in parts if key not in {"user", "password"}})
