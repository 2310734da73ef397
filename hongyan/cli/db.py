"""`hongyan db`: the database as an operator handles it, as its owner."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hongyan.cli.conventions import Refused, Result, answers
from hongyan.config import database, home, secrets
from hongyan.config.home import Home
from hongyan.core import schema
from hongyan.core.postgres import Server, find_binaries
from hongyan.core.roles import create_database, prepare_roles

# Rights for tables to come name the dumping server's owner; `prepare_roles` sets them for the restoring one.
_DEFAULT_RIGHTS = re.compile(rb"^ALTER DEFAULT PRIVILEGES FOR ROLE .*;$")


@click.group()
def db() -> None:
    """Migrate, dump, restore or open the database (as its owner)."""


@db.command()
@answers
def migrate() -> Result:
    """Bring the tables up to this code; quick when they are."""
    with reachable(home.current()) as owner:
        return {"migrated": bring_up_to_date(owner)}


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@answers
def dump(file: Path) -> Result:
    """Write the whole database to FILE as plain SQL; keep the home's keyring.json with it, but elsewhere."""
    draft = file.with_name(f"{file.name}.part")
    with reachable(home.current()) as owner:
        command = [*client("pg_dump", owner), "--no-owner", "--encoding=UTF8"]
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            dumper = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=with_password(owner)
            )
            out.writelines(_without_default_rights(dumper.stdout or ()))
            _, said = dumper.communicate()
    if dumper.returncode:
        draft.unlink()
        raise Refused(f"pg_dump failed: {last_line(said)}")
    draft.replace(file)
    return {"file": str(file), "bytes": file.stat().st_size}


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@answers
def restore(file: Path) -> Result:
    """Replace the whole database by the one in FILE; on any error the present one stays as it is."""
    here = home.current()
    with held(here), reachable(here) as owner:
        name = str(conninfo_to_dict(owner)["dbname"])
        draft = make_conninfo(owner, dbname=f"{name}_restoring")
        drop_database(draft)
        create_database(draft)
        command = [
            *client("psql", draft),
            "-X",
            "-q",
            "-1",
            "-v",
            "ON_ERROR_STOP=1",
            "-o",
            os.devnull,
            "-f",
            str(file),
        ]
        done = subprocess.run(command, capture_output=True, env=with_password(owner), check=False)
        if done.returncode:
            drop_database(draft)
            raise Refused(f"{file} cannot be restored: {last_line(done.stderr)}")
        drop_database(owner)
        rename_database(draft, name)
        prepare_roles(owner, secrets.app_password(here))
    return {"file": str(file), "restored": True}


@db.command()
@click.option("-c", "--command", "statement", help="Run one statement instead of opening a prompt.")
@click.option(
    "--as-app", is_flag=True, help="As hongyan_app, which sees nothing without a scope, not as the owner."
)
@click.option("--json", "as_json", is_flag=True, help="Print the rows of --command as one JSON object.")
def shell(statement: str | None, as_app: bool, as_json: bool) -> None:
    """Open psql on the database."""
    if as_json and statement is None:
        raise click.UsageError("--json needs --command")
    here = home.current()
    with reachable(here) as owner:
        dsn = database.app(here) if as_app else owner
        if as_json:
            answers(rows)(dsn, statement, as_json=True)
            return
        command = [*client("psql", dsn), "-X", *(["-c", statement] if statement else [])]
        raise SystemExit(subprocess.run(command, env=with_password(dsn), check=False).returncode)


def rows(dsn: str, statement: str) -> Result:
    """The rows of one statement, each as column → value."""
    try:
        with psycopg.connect(dsn) as connection:
            cursor = connection.execute(statement.encode())
            names = [column.name for column in cursor.description or ()]
            return {"rows": [dict(zip(names, row, strict=True)) for row in cursor] if names else []}
    except psycopg.Error as error:
        raise Refused(str(error)) from error


# --- what `serve` shares


def bring_up_to_date(owner: str) -> bool:
    """Migrate as the owner if the tables are not those of this code; answers whether anything was done.

    Errors: Refused with the migration's last words.
    """
    if schema.is_current(owner):
        return False
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks", "--verbosity", "0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
            "DATABASE_URL": owner,
            "HONGYAN_AS_OWNER": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise Refused(f"the migration failed: {last_line(done.stderr)}")
    schema.mark_current(owner)
    return True


@contextmanager
def reachable(here: Home) -> Iterator[str]:
    """The owner's connection string, roles made; without `DATABASE_URL` our server runs meanwhile."""
    with nullcontext() if os.environ.get("DATABASE_URL") else Server(here).running():
        owner = database.owner(here)
        prepare_roles(owner, secrets.app_password(here))
        yield owner


@contextmanager
def held(here: Home) -> Iterator[None]:
    """Have this home for ourselves: one `serve`, or one restore. Errors: Refused while another has it."""
    here.root.mkdir(parents=True, exist_ok=True)
    with here.serve_lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(
                f"Hongyan already runs on {here.root} (process {lock.read().strip()}): stop it first"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


# --- PostgreSQL's own programs


def client(program: str, dsn: str) -> list[str]:
    """The call of one of PostgreSQL's programs on a database, the password left to the environment."""
    parts = conninfo_to_dict(dsn)
    return [
        str(find_binaries() / program),
        "-d",
        make_conninfo("", **{k: v for k, v in parts.items() if k != "password"}),
    ]


def with_password(dsn: str) -> dict[str, str]:
    """Our environment plus the password, which the list of processes must not show."""
    password = conninfo_to_dict(dsn).get("password")
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {}), "PGCLIENTENCODING": "UTF8"}


def last_line(said: bytes) -> str:
    """The last line a program said before it failed."""
    return said.decode(errors="replace").strip().rpartition("\n")[2] or "it said nothing"


def _without_default_rights(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A dump's lines without the rights for tables to come; rows of data pass untouched."""
    in_rows = False
    for line in lines:
        if in_rows:
            in_rows = line.rstrip() != b"\\."
        elif _DEFAULT_RIGHTS.match(line):
            continue
        else:
            in_rows = line.startswith(b"COPY ") and line.rstrip().endswith(b"FROM stdin;")
        yield line


def drop_database(dsn: str) -> None:
    """Drop a database if it exists, cutting its clients off."""
    _maintain(dsn, "DROP DATABASE IF EXISTS {} WITH (FORCE)", [str(conninfo_to_dict(dsn)["dbname"])])


def rename_database(dsn: str, name: str) -> None:
    """Give a database another name."""
    _maintain(dsn, "ALTER DATABASE {} RENAME TO {}", [str(conninfo_to_dict(dsn)["dbname"]), name])


def _maintain(dsn: str, statement: str, names: Sequence[str]) -> None:
    with psycopg.connect(make_conninfo(dsn, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
