"""The working roles: made once, owning nothing, keeping what a migration took from them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hongyan.cli.db import drop_database
from hongyan.config import secrets
from hongyan.config.home import current
from hongyan.core.postgres import Server
from hongyan.core.roles import APP, BULK, GROUP, WORKING, RolesError, prepare_roles

pytestmark = pytest.mark.usefixtures("postgres_server")


@pytest.fixture
def dsn(postgres_server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """An owner's connection string to a database that does not exist yet."""
    from conftest import DATABASE_NAME

    place = make_conninfo(postgres_server.dsn, dbname=f"{DATABASE_NAME}_roles")
    yield place
    drop_database(place)


def prepare(dsn: str) -> None:
    prepare_roles(dsn, secrets.app_password(current()))


def test_they_are_made_and_a_second_call_changes_nothing(dsn: str) -> None:
    prepare(dsn)
    before = catalogue(dsn)
    prepare(dsn)
    assert catalogue(dsn) == before


def test_they_have_exactly_their_attributes(dsn: str) -> None:
    prepare(dsn)
    query = "SELECT rolname, rolcanlogin, rolinherit, rolbypassrls, rolsuper, rolcreaterole FROM pg_roles"
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(f"{query} WHERE rolname = ANY (%s) ORDER BY 1", [list(WORKING)]).fetchall()
    assert rows == [
        (APP, True, False, False, False, False),
        (BULK, False, True, True, False, False),
        (GROUP, False, True, False, False, False),
    ]


@pytest.mark.django_db
def test_they_own_nothing(owner_dsn: str) -> None:
    query = """
        SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY (%(roles)s)
        UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = ANY (%(roles)s)
        UNION ALL SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = ANY (%(roles)s)
    """
    with psycopg.connect(owner_dsn) as connection:
        assert connection.execute(query, {"roles": list(WORKING)}).fetchall() == []


def test_the_application_works_on_tables_but_makes_none(dsn: str) -> None:
    prepare(dsn)
    with psycopg.connect(dsn) as owner:
        owner.execute("CREATE TABLE things (id bigserial PRIMARY KEY)")
    with psycopg.connect(application(dsn)) as app:
        app.execute("INSERT INTO things DEFAULT VALUES")
        for role in (GROUP, BULK):
            app.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            assert app.execute("SELECT count(*) FROM things").fetchone() == (1,)
        app.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine ()")


def test_what_a_migration_revoked_stays_revoked(dsn: str) -> None:
    prepare(dsn)
    with psycopg.connect(dsn) as owner:
        owner.execute("CREATE TABLE things (id int)")
        owner.execute("REVOKE UPDATE, DELETE ON things FROM hongyan_app")
    prepare(dsn)
    with psycopg.connect(application(dsn)) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("UPDATE things SET id = 1")


def test_an_owner_without_the_right_is_told_what_is_missing(dsn: str) -> None:
    prepare(dsn)
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS small_owner")
        owner.execute("CREATE ROLE small_owner LOGIN PASSWORD 'small'")
    small = make_conninfo(dsn, user="small_owner", password="small", dbname=f"{database(dsn)}_small")
    try:
        with pytest.raises(RolesError, match="small_owner lacks CREATEDB"):
            prepare(small)
    finally:
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("DROP ROLE small_owner")


def application(dsn: str) -> str:
    return make_conninfo(dsn, user=APP, password=secrets.app_password(current()))


def database(dsn: str) -> str:
    return str(conninfo_to_dict(dsn)["dbname"])


def catalogue(dsn: str) -> list[tuple[object, ...]]:
    """All that says who may do what: roles, memberships, default rights, rights on database and schema."""
    queries = (
        "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1",
        "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members ORDER BY 1, 2",
        "SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1",
        "SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'",
        "SELECT datacl::text FROM pg_database WHERE datname = current_database()",
    )
    with psycopg.connect(dsn) as connection:
        return [tuple(connection.execute(query).fetchall()) for query in queries]
