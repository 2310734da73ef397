"""`hongyan serve`: one command that starts everything, keeps it alive, and stops it."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hongyan.cli.children import Child, stop_all
from hongyan.cli.conventions import REFUSALS, Refused, prepare_django, refuse
from hongyan.cli.db import bring_up_to_date, held, reachable
from hongyan.config import database, home
from hongyan.config.home import Home
from hongyan.core.postgres import Server

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

READY_SECONDS = 60
NEEDED_BYTES = 512 * 1024**2
HEARTBEAT_SECONDS = 0.25
DATABASE_CHECK_SECONDS = 2.0

console = Console(stderr=True, highlight=False)


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the demo into an empty database (the default).")
@click.option(
    "--json", "as_json", is_flag=True, help="Print address and log-ins as one JSON object once served."
)
def serve(demo: bool, as_json: bool) -> None:
    """Start everything: database, web server, worker. Ctrl-C stops it.

    PORT (8000) and HONGYAN_BIND (127.0.0.1) say where; DATABASE_URL uses a PostgreSQL server of yours.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # SIGINT too: a shell starts its background jobs deaf to it
    try:
        _serve(home.current(), demo=demo, as_json=as_json)
    except REFUSALS as error:
        refuse(error, as_json=as_json)
    except KeyboardInterrupt:
        console.print("stopped")


def _serve(here: Home, *, demo: bool, as_json: bool) -> None:
    bind, port = os.environ.get("HONGYAN_BIND", "127.0.0.1"), _port()
    with held(here):
        require_disk_space(here)
        require_free_port(bind, port)
        with console.status("starting the database"), contextlib.ExitStack() as stack:
            owner = stack.enter_context(_database(here))
            everything = stack.pop_all()
        with everything:
            with console.status("bringing the tables up to date"):
                bring_up_to_date(owner)
            if demo and needs_demo(here, owner):
                load_demo(here)
            require_loopback_for_demo(here, bind)
            with _children(owner) as children:
                await_ready(children[0], bind, port)
                announce(
                    here, f"http://{'localhost' if bind == '127.0.0.1' else bind}:{port}/", as_json=as_json
                )
                supervise(here, children)


@contextlib.contextmanager
def _database(here: Home) -> Iterator[str]:
    """A reachable database; an embedded server is stopped at the end even if it ran before, after a crash."""
    try:
        with reachable(here) as owner:
            yield owner
    finally:
        if not _has_own_server():
            Server(here).stop()


@contextlib.contextmanager
def _children(owner: str) -> Iterator[list[Child]]:
    """Web server and worker, started; stopped at the end. They never learn the owner's password."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
        "DATABASE_URL": database.without_owner(owner),
    }
    # A job behind a lock is found by polling, so the interval is what a second delivery of a system waits at most.
    worker = [
        "worker",
        "--concurrency",
        "2",
        "--shutdown-graceful-timeout",
        "5",
        "--fetch-job-polling-interval",
        "1",
    ]
    children = [
        Child("web", [sys.executable, "-m", "gunicorn", "-c", "python:hongyan.config.gunicorn"], environment),
        Child("worker", [sys.executable, "-m", "django", "procrastinate", *worker], environment),
    ]
    try:
        for child in children:
            child.start()
        yield children
    finally:
        stop_all(children)


# --- what must be right before


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refused(f"PORT is {given!r}; it must be a number from 1 to 65535")
    return int(given)


def require_free_port(bind: str, port: int) -> None:
    """Errors: Refused when somebody else listens there, or the address is not this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            reason = (
                "is in use: stop its user or set PORT"
                if error.errno == 98
                else f"cannot be used: {error.strerror}"
            )
            raise Refused(f"port {port} of {bind} {reason}") from error


def require_loopback_for_demo(here: Home, bind: str) -> None:
    """Errors: Refused when the demo's log-ins, whose passwords were printed, would be open to other machines."""
    if not here.demo_logins.exists():
        return
    where = "" if _is_loopback(bind) else f"on {bind}"
    where = where or ("behind a proxy (HONGYAN_HTTPS)" if os.environ.get("HONGYAN_HTTPS") == "1" else "")
    if where:
        raise Refused(
            f"the demo is served on this machine only, not {where}: start with --no-demo in an empty HONGYAN_HOME"
        )


def _is_loopback(bind: str) -> bool:
    """Whether only this machine can reach an address, or a name that stands for one or several."""
    try:
        found = socket.getaddrinfo(bind, None)
    except socket.gaierror:
        return False
    return all(ipaddress.ip_address(str(entry[4][0])).is_loopback for entry in found)


def require_disk_space(here: Home) -> None:
    """Errors: Refused when the state has no room to grow."""
    free = shutil.disk_usage(here.root).free
    if free < NEEDED_BYTES:
        raise Refused(
            f"{free // 1024**2} MB of disk are left for {here.root}, {NEEDED_BYTES // 1024**2} are needed"
        )


# --- the demo


def needs_demo(here: Home, owner: str) -> bool:
    """Whether there are no customers yet, or a demo whose loading was cut off."""
    if here.demo_unfinished.exists():
        return True
    with psycopg.connect(owner) as connection:
        return connection.execute("SELECT EXISTS (SELECT FROM customer_customer)").fetchone() == (False,)


def load_demo(here: Home) -> None:
    """Generate and load the default demo, showing progress; the next start makes good a kill half-way."""
    prepare_django()
    from django.db import connections

    from hongyan.cli.demo import load_default

    here.demo_unfinished.touch()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        shown: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in shown:
                shown[step] = bars.add_task(step, total=total)
            bars.update(shown[step], completed=done, total=total)

        load_default(progress)
    here.demo_unfinished.unlink()
    connections.close_all()
    cast("DatabaseWrapper", connections["default"]).close_pool()


# --- while it runs


def await_ready(web: Child, bind: str, port: int) -> None:
    """Wait until the web server takes connections. Errors: Refused when it dies or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    with console.status("starting the web server"):
        while time.monotonic() < deadline:
            if not web.is_running():
                raise Refused("the web server does not start; its reason stands above")
            with contextlib.suppress(OSError), socket.create_connection((_reachable(bind), port), timeout=1):
                return
            time.sleep(0.05)
    raise Refused(f"the web server does not answer within {READY_SECONDS} s")


def _reachable(bind: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - compared, not bound


def announce(here: Home, address: str, *, as_json: bool) -> None:
    """Print where it is served and, for a demo, who can log in."""
    logins = json.loads(here.demo_logins.read_text()) if here.demo_logins.exists() else []
    if as_json:
        click.echo(json.dumps({"address": address, "logins": logins}, ensure_ascii=False))
        return
    out = Console(highlight=False)
    out.print(f"\nHongyan 鸿雁 is served at [bold]{address}[/bold]  (Ctrl-C stops it)\n")
    if logins:
        table = Table(
            "staff no.", "name", "post", "password", title="demo log-ins", title_justify="left", box=None
        )
        for login in logins:
            table.add_row(login["staff_no"], login["name"], login["post"], login["password"])
        out.print(table)


def supervise(here: Home, children: list[Child]) -> None:
    """Start again whatever dies, until interrupted."""
    server = None if _has_own_server() else Server(here)
    look_at_database = time.monotonic()
    while True:
        now = time.monotonic()
        if server and now >= look_at_database:
            look_at_database = now + DATABASE_CHECK_SECONDS
            if not server.is_running():
                console.print("the database had ended; it is started again")
                server.start()
        for child in children:
            if child.revive(now):
                console.print(f"the {child.name} had ended; it is started again")
        time.sleep(HEARTBEAT_SECONDS)


def _has_own_server() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
