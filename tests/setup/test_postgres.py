"""The embedded server: made, killed, started again (BARS D: a crash leaves nothing that blocks)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hongyan.config.home import CHECKOUT, Home
from hongyan.core import postgres
from hongyan.core.postgres import PostgresError, Server


@pytest.fixture
def home() -> Iterator[Home]:
    """An empty home below var/test, where the server's user can enter."""
    place = Home(CHECKOUT / "var" / "test" / f"setup-{uuid.uuid4().hex[:8]}")
    yield place
    Server(place).stop()
    elsewhere = place.postgres.resolve()
    shutil.rmtree(place.root, ignore_errors=True)
    if not elsewhere.is_relative_to(place.root):
        shutil.rmtree(elsewhere, ignore_errors=True)


@pytest.fixture
def server(home: Home) -> Server:
    running = Server(home, durable=False)
    running.start()
    return running


def maintenance(server: Server) -> str:
    return make_conninfo(server.dsn, dbname="postgres")


def test_a_new_server_has_checksums_and_asks_for_a_password(server: Server) -> None:
    with psycopg.connect(maintenance(server)) as connection:
        asked = "SELECT current_setting('data_checksums'), current_setting('listen_addresses'), datctype"
        row = connection.execute(f"{asked} FROM pg_database WHERE datname = 'postgres'").fetchone()
    assert row == ("on", "", "C.UTF-8")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(maintenance(server), password="guessed"))


def test_starting_twice_is_one_server(server: Server) -> None:
    pid = server.pid
    server.start()
    assert server.pid == pid


def test_a_stopped_server_starts_again(server: Server) -> None:
    server.stop()
    assert not server.is_running()
    server.start()
    assert server.is_running()


def test_a_killed_server_starts_again_at_once_and_keeps_what_was_committed(home: Home) -> None:
    server = Server(home)
    server.start()
    with psycopg.connect(maintenance(server)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    for _ in range(3):
        os.kill(server.pid or 0, signal.SIGKILL)
        server.start()
    with psycopg.connect(maintenance(server)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_a_pid_file_that_names_another_program_does_not_block(server: Server) -> None:
    """After a crash of the machine the number in the file may belong to anybody."""
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        for file in (server.data / "postmaster.pid", server.socket_folder / ".s.PGSQL.5432.lock"):
            file.write_text(f"{stranger.pid}\n{server.data}\n1\n5432\n{server.socket_folder}\n\n\n")
        assert not server.is_running()
        server.start()
        assert server.is_running()
        stranger.communicate(b"\n")


def test_a_half_made_data_folder_does_not_block(home: Home) -> None:
    (home.postgres / "data.new" / "base").mkdir(parents=True)
    server = Server(home, durable=False)
    server.start()
    assert server.is_running()


def test_data_of_another_version_are_refused_in_one_line(server: Server) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="are of PostgreSQL 14"):
        server.start()


def test_a_folder_without_postgres_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HONGYAN_PG_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="no program `postgres`"):
        postgres.find_binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_a_home_the_servers_user_cannot_enter_keeps_its_data_elsewhere(home: Home) -> None:
    home.root.mkdir()
    home.root.chmod(0o700)
    server = Server(Home(home.root / "closed"), durable=False)
    server.start()
    try:
        assert server.home.postgres.is_symlink()
        assert server.is_running()
    finally:
        server.stop()
        shutil.rmtree(server.home.postgres.resolve())
