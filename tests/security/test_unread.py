"""What gunicorn itself refuses, asked through a socket: our words, both languages, nothing repeated (BARS A 25)."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hongyan.config import gunicorn

PHONE = "13812345678"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Path, Path]]:
    """Gunicorn as configured, over a tiny application: where it listens, and its log."""
    with tempfile.TemporaryDirectory() as place:  # a socket's path is short
        address, log = Path(place) / "s", Path(place) / "log"
        command = ["-c", "python:hongyan.config.gunicorn", "--workers", "1", "--bind", f"unix:{address}"]
        with log.open("wb") as lines:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *command, "wsgiref.simple_server:demo_app"], stderr=lines
            )
        try:
            _wait_for(address)
            yield address, log
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(address: Path) -> None:
    """Until somebody listens; the file of a socket stands there a moment earlier."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.connect(str(address))
            return
        time.sleep(0.05)


def answer_to(address: Path, request: str) -> tuple[int, str, str]:
    """Status, head and content of the answer to what is written."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(address))
        client.sendall(request.encode())
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    head, _, content = b"".join(parts).decode().partition("\r\n\r\n")
    return int(head.split()[1]), head, content


@pytest.mark.parametrize(
    ("request_text", "status", "chinese", "english"),
    [
        (f"GET /?q={PHONE}{'x' * gunicorn.limit_request_line} HTTP/1.1\r\n\r\n", 414, "地址太长", "too long"),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + "x" * gunicorn.limit_request_field_size + "\r\n\r\n",
            431,
            "清除本站的 Cookie",
            "clear the cookies",
        ),
        (f"GET {PHONE} NONSENSE\r\n\r\n", 400, "读不懂", "cannot be read"),
        (f"GET / HTTP/1.1\r\nHost: x\r\nA B: {PHONE}\r\n\r\n", 400, "读不懂", "cannot be read"),
    ],
    ids=["line", "header", "nonsense", "name"],
)
def test_is_answered_in_both_languages(
    server: tuple[Path, Path], request_text: str, status: int, chinese: str, english: str
) -> None:
    address, log = server
    found, head, content = answer_to(address, request_text)
    assert found == status
    assert chinese in content
    assert english in content
    assert "charset=utf-8" in head
    assert f"Content-Length: {len(content.encode())}" in head
    assert PHONE not in content
    assert PHONE not in log.read_text()


def test_what_can_be_read_is_served(server: tuple[Path, Path]) -> None:
    assert answer_to(server[0], "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[0] == 200
