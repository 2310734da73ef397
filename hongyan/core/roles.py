"""The database's roles (数据库角色): made at each start and after each migration, known without Django.

| role | is | may |
|---|---|---|
| owner | whoever `DATABASE_URL` names, or the embedded server's | owns all, runs migrations, serves nobody |
| `hongyan_app` | web, worker, tests: LOGIN, NOINHERIT | rows in its scope |
| `hongyan_group` | posts of the whole group, by SET ROLE | rows of every scope: its policies are `true` |
| `hongyan_bulk` | bulk jobs, by SET ROLE: BYPASSRLS | rows of every scope, unfiltered |

Every step looks first and acts only on a difference, so an owner with few rights can run it once an
administrator has made the roles. Rights on tables come by default privileges at the moment a table is made,
never again afterwards: what a migration revokes (no UPDATE on the audit) stays revoked.
"""

from __future__ import annotations

from contextlib import suppress

import psycopg
from psycopg import Connection, errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

APP = "hongyan_app"
GROUP = "hongyan_group"
BULK = "hongyan_bulk"
WORKING = (APP, GROUP, BULK)
_ATTRIBUTES = {APP: "LOGIN NOINHERIT", GROUP: "NOLOGIN", BULK: "NOLOGIN BYPASSRLS"}
_MEMBERSHIP_OPTIONS_SINCE = 160000  # server version


class RolesError(Exception):
    """Roles or database that the owner may not make; the message tells the administrator what to run."""


def prepare_roles(owner_dsn: str, app_password: str) -> None:
    """Make the database, the three working roles and their rights, as far as they are missing.

    Safe to repeat at any time and from several processes. Errors: RolesError when the owner lacks CREATEDB,
    CREATEROLE or BYPASSRLS and the thing is missing; psycopg.OperationalError when there is no server.
    """
    _prepare_database(owner_dsn)
    with psycopg.connect(owner_dsn) as connection:
        # one process at a time: two that grant on the same catalogue row would fail each other
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('hongyan.roles'))")
        _prepare_roles(connection)
        _prepare_memberships(connection)
        _prepare_rights(connection)
    _prepare_password(owner_dsn, app_password)


def _prepare_database(owner_dsn: str) -> None:
    """Create the owner's database if the server has none of that name."""
    try:
        psycopg.connect(owner_dsn).close()
    except psycopg.OperationalError as error:
        name = conninfo_to_dict(owner_dsn).get("dbname")
        if f'database "{name}" does not exist' not in str(error):
            raise
        create_database(owner_dsn)


def create_database(owner_dsn: str) -> None:
    """Make the empty database that a connection string names. Errors: RolesError without CREATEDB."""
    name = str(conninfo_to_dict(owner_dsn)["dbname"])
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").format(
        sql.Identifier(name)
    )
    with psycopg.connect(make_conninfo(owner_dsn, dbname="postgres"), autocommit=True) as connection:
        try:
            connection.execute(statement)
        except errors.DuplicateDatabase:
            return  # another process was first
        except errors.InsufficientPrivilege as error:
            raise RolesError(_needs(connection, f"make the database: {statement.as_string()}")) from error


def _prepare_roles(connection: Connection) -> None:
    present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role, attributes in _ATTRIBUTES.items():
        if role in present:
            continue
        statement = sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(role))
        try:
            with connection.transaction():
                connection.execute(statement)
        except (errors.DuplicateObject, errors.UniqueViolation):
            continue  # another process, from another database of this server, was first
        except errors.InsufficientPrivilege as error:
            raise RolesError(_needs(connection, f"make the roles: {_all_roles()}")) from error


def _prepare_memberships(connection: Connection) -> None:
    """Let `hongyan_app` become the other two by SET ROLE, without holding their rights before it does."""
    for role in (GROUP, BULK):
        query = "SELECT pg_has_role(%s, %s, 'MEMBER')"
        if connection.execute(query, [APP, role]).fetchone() == (True,):
            continue
        options = ""
        if connection.info.server_version >= _MEMBERSHIP_OPTIONS_SINCE:
            options = " WITH INHERIT FALSE, SET TRUE"
        statement = sql.SQL("GRANT {} TO {}" + options).format(sql.Identifier(role), sql.Identifier(APP))
        try:
            with connection.transaction():
                connection.execute(statement)
        except errors.InsufficientPrivilege as error:
            raise RolesError(_needs(connection, f"run: {statement.as_string()}")) from error


def _prepare_rights(connection: Connection) -> None:
    """Rights on the database, the schema, and every table and sequence the owner is going to make."""
    names = {
        "database": sql.Identifier(connection.info.dbname),
        "working": sql.SQL(", ").join(map(sql.Identifier, WORKING)),
        "bulk": sql.Identifier(BULK),
    }
    for text in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {working}",
        "GRANT TEMPORARY ON DATABASE {database} TO {bulk}",
        "GRANT USAGE ON SCHEMA public TO {working}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {working}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {working}",
    ):
        connection.execute(sql.SQL(text).format(**names))
    _let_bulk_jobs_check_references_together(connection)


def _let_bulk_jobs_check_references_together(connection: Connection) -> None:
    """See `core.bulk.references_checked_together`. Only a superuser may grant it; without it loads are slower."""
    present = "SELECT has_parameter_privilege(%s, 'session_replication_role', 'SET')"
    if connection.execute(present, [BULK]).fetchone() == (True,):
        return
    with suppress(errors.InsufficientPrivilege), connection.transaction():
        connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {BULK}")


def _prepare_password(owner_dsn: str, app_password: str) -> None:
    """Set the password of `hongyan_app` unless it is the one that already works."""
    try:
        psycopg.connect(make_conninfo(owner_dsn, user=APP, password=app_password)).close()
    except psycopg.OperationalError:
        with psycopg.connect(owner_dsn) as connection:
            # sent as a SCRAM verifier, so the password itself reaches no log
            verifier = connection.pgconn.encrypt_password(
                app_password.encode(), APP.encode(), b"scram-sha-256"
            ).decode()
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(APP), sql.Literal(verifier)
            )
            try:
                connection.execute(statement)
            except errors.InsufficientPrivilege as error:
                remedy = f"give {APP} the password stored in the home's secrets/database-app"
                raise RolesError(_needs(connection, remedy)) from error


def _all_roles() -> str:
    return " ".join(f"CREATE ROLE {role} {attributes};" for role, attributes in _ATTRIBUTES.items())


def _needs(connection: Connection, remedy: str) -> str:
    return (
        f"the database user {connection.info.user} lacks CREATEDB, CREATEROLE or BYPASSRLS:"
        f" give it these rights, or let an administrator {remedy}"
    )
