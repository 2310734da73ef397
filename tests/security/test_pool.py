"""A thousand requests of alternating people over two pooled connections: each sees their own (BARS A 20)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from io import BytesIO
from itertools import cycle, islice

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import Client

from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, ZHANG, Given, log_in, make_organisation, take

REQUESTS = 1000
CONNECTIONS = 2
THREADS = 4
OWN = {ZHANG: "王历下", LI: "王槐荫"}


@pytest.fixture
def two_connections(transactional_db: None) -> Iterator[None]:
    """The pool of the product, with two connections for all threads together."""
    given = connections.settings["default"]
    before = deepcopy(given["OPTIONS"])
    connection.close()
    given["OPTIONS"] = {**before, "pool": {"min_size": CONNECTIONS, "max_size": CONNECTIONS, "timeout": 30}}
    connection.close_pool()
    yield
    connection.close()
    connection.close_pool()
    given["OPTIONS"] = before


@pytest.mark.slow
@pytest.mark.usefixtures("two_connections")
def test_nobody_meets_the_scope_of_the_request_before() -> None:
    make_organisation()
    take(Given(OWN[ZHANG], "K1"), Given(OWN[LI], "K2", unit=HUAIYIN_OUTLET, manager=LI))

    cookies = {staff: log_in(Client(), staff).cookies["hongyan_session"].value for staff in OWN}
    connection.close()
    handler = WSGIHandler()

    def ask(staff_no: str) -> tuple[str, str]:
        return staff_no, _page(handler, cookies[staff_no])

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(ask, islice(cycle(OWN), REQUESTS)))
        list(pool.map(lambda _: connections.close_all(), range(THREADS)))
    leaks = [
        staff_no
        for staff_no, text in answers
        if OWN[staff_no] not in text or any(name in text for staff, name in OWN.items() if staff != staff_no)
    ]
    assert connection.pool.max_size == CONNECTIONS
    assert len(answers) == REQUESTS
    assert leaks == []


def _page(handler: WSGIHandler, cookie: str) -> str:
    """The list of customers, asked for as a server asks: the connection goes back to the pool with the answer."""
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/customers/", "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(), "HTTP_COOKIE": f"hongyan_session={cookie}",
    }  # fmt: skip
    response = handler(environ, lambda *_: None)
    text = b"".join(response).decode()
    response.close()
    return text
