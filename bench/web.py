"""The web server as `hongyan serve` starts it, and people logged in to it by the front door."""

from __future__ import annotations

import re
import secrets
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password

from bench.place import collect_static
from bench.processes import children_of, cpu_seconds, sessions_of
from hongyan.cli.children import Child, stop_all
from hongyan.config import database
from hongyan.config.home import Home
from hongyan.core import clock
from hongyan.core.postgres import Server
from hongyan.core.roles import APP
from hongyan.org.models import Staff

READY_SECONDS = 60
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Site:
    """A served home: where it listens, and who works for it."""

    port: int
    gunicorn: int
    postmaster: int

    def cpu_seconds(self) -> dict[int, float]:
        """CPU time so far of gunicorn's workers and of PostgreSQL's sessions for them, by process."""
        return cpu_seconds([*children_of(self.gunicorn), *sessions_of(self.postmaster, user=APP)])


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody logged in: the headers their browser sends."""

    staff_no: str
    cookies: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """For any request; the token for those that post."""
        return {"Cookie": self.cookies, "X-CSRFToken": self.token, "Accept-Encoding": "gzip"}


@contextmanager
def served(place: Home) -> Iterator[Site]:
    """Gunicorn with the product's own configuration, timings switched on."""
    collect_static()
    port = _free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
        "DATABASE_URL": database.without_owner(database.owner(place)),
        "PORT": str(port),
        "HONGYAN_TIMINGS": "1",
    }
    web = Child(
        "web", [sys.executable, "-m", "gunicorn", "-c", "python:hongyan.config.gunicorn"], environment
    )
    web.start()
    try:
        _await(port)
        if web.process is None:
            raise RuntimeError("the web server has no process")
        yield Site(port, web.process.pid, Server(place).pid or 0)
    finally:
        stop_all([web])


def new_password(staff_no: str) -> str:
    """Give somebody a fresh random password; call it under the bulk role."""
    password = secrets.token_urlsafe(12)
    Staff.objects.filter(staff_no=staff_no).update(
        password=make_password(password), password_set_at=clock.now()
    )
    return password


def log_in(site: Site, staff_no: str, password: str) -> Person:
    """Log in as a browser does. Errors: RuntimeError when refused."""
    connection = HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", "/login/")
    page = connection.getresponse()
    token = _found(_FORM_TOKEN, page.read())
    cookies = _cookies(page.headers.get_all("Set-Cookie"))
    form = {"staff_no": staff_no, "password": password, "csrfmiddlewaretoken": token}
    headers = {"Cookie": _joined(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login/", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"{staff_no} cannot log in: {answer.status}")
    cookies |= _cookies(answer.headers.get_all("Set-Cookie"))
    connection.request("GET", "/me/", headers={"Cookie": _joined(cookies)})
    return Person(staff_no, _joined(cookies), _found(_TOKEN, connection.getresponse().read()))


def state_purposes(site: Site, person: Person, codes: Iterable[str]) -> None:
    """Say what customers of others are needed for, as the page before theirs asks; it holds for the session."""
    connection = HTTPConnection("127.0.0.1", site.port)
    headers = {**person.headers, "Content-Type": "application/x-www-form-urlencoded"}
    for code in codes:
        connection.request("POST", f"/customers/{code}/purpose/", urlencode({"purpose": "service"}), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 302:
            raise RuntimeError(f"{person.staff_no} cannot say what {code} is needed for: {answer.status}")


def _found(pattern: re.Pattern[str], page: bytes) -> str:
    match = pattern.search(page.decode())
    if match is None:
        raise RuntimeError(f"the page holds no {pattern.pattern}")
    return match[1]


def _cookies(headers: list[str] | None) -> dict[str, str]:
    jar = SimpleCookie()
    for header in headers or ():
        jar.load(header)
    return {name: cookie.value for name, cookie in jar.items()}


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the web server does not answer within {READY_SECONDS} s")
