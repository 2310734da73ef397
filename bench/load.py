"""An open loop of requests: each is due at its own instant, whatever became of those before it.

Latency counts from the instant a request was due, so a server that stalls is charged for everybody who had to wait
(no coordinated omission). The server's own time, its queries and their time come from its `Server-Timing` header.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle, islice

CONNECTIONS = 24
TIMEOUT_SECONDS = 30
_TIMING = re.compile(r"(\w+);dur=([\d.]+)(?:;desc=\"(\d+)\")?")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `body` makes it a POST."""

    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one request went. Times in milliseconds; `latency_ms` from the instant the request was due."""

    status: int
    latency_ms: float
    server_ms: float
    database_ms: float
    queries: int


def open_loop(port: int, requests: Sequence[Request], *, rate: float, seconds: float) -> list[Answer]:
    """Send the requests in turn, `rate` a second, for `seconds`; answers in the order in which they were due."""
    count = int(rate * seconds)
    began = time.perf_counter() + 0.1
    local = threading.local()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        waiting = []
        for number, request in enumerate(islice(cycle(requests), count)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(_send, local, port, request, due))
        return [one.result() for one in waiting]


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values do not exceed.

    >>> percentile([3, 1, 2, 4], 0.5), percentile(range(1, 101), 0.99)
    (2, 99)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 10_000) * len(ordered) // 10_000) - 1)]


def _send(local: threading.local, port: int, request: Request, due: float) -> Answer:
    if not hasattr(local, "connection"):
        local.connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    method = "GET" if request.body is None else "POST"
    try:
        local.connection.request(method, request.path, request.body, dict(request.headers))
    except (ConnectionError, OSError):  # kept alive too long: the server had closed it
        local.connection.close()
        local.connection.request(method, request.path, request.body, dict(request.headers))
    response = local.connection.getresponse()
    response.read()
    latency = (time.perf_counter() - due) * 1000
    timing = {
        name: (float(ms), int(count or 0))
        for name, ms, count in _TIMING.findall(response.headers["Server-Timing"] or "")
    }
    server, database = timing.get("app", (0.0, 0)), timing.get("db", (0.0, 0))
    return Answer(response.status, latency, server[0], database[0], database[1])
