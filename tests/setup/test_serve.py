"""What `hongyan serve` refuses before it starts, and how it keeps its children alive."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hongyan.cli.children import Child, stop_all
from hongyan.cli.conventions import Refused
from hongyan.cli.db import held
from hongyan.cli.serve import require_free_port, require_loopback_for_demo
from hongyan.config.home import Home


def hongyan(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hongyan.cli.main", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_in_use_is_one_line_and_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        done = hongyan("serve", HONGYAN_HOME=str(tmp_path), PORT=port)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"hongyan: port {port} of 127.0.0.1 is in use: stop its user or set PORT"
    ]


def test_a_bad_port_is_refused_as_json(tmp_path: Path) -> None:
    done = hongyan("serve", "--json", HONGYAN_HOME=str(tmp_path), PORT="many")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "Refused"


def test_a_home_that_cannot_be_made_is_one_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = hongyan("serve", HONGYAN_HOME=str(tmp_path / "file"))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize("url", ["nonsense", "mysql://x:secret@h/x"])
def test_a_database_url_that_is_none_is_one_line_without_its_password(tmp_path: Path, url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
    done = hongyan("serve", HONGYAN_HOME=str(tmp_path), PORT=port, DATABASE_URL=url)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr


def test_wrong_use_is_exit_2() -> None:
    assert hongyan("serve", "--no-such-option").returncode == 2
    assert hongyan("no-such-command").returncode == 2


def test_one_home_is_served_once(tmp_path: Path) -> None:
    with held(Home(tmp_path)), pytest.raises(Refused, match=f"process {os.getpid()}"), held(Home(tmp_path)):
        pass


def test_a_free_port_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port}"):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_a_dead_child_is_started_again_after_a_growing_pause() -> None:
    child = Child("brief", [sys.executable, "-c", ""], {})
    child.start()
    assert child.process is not None
    child.process.wait()
    now = time.monotonic()
    assert child.revive(now)
    assert not child.revive(now + 0.4)
    assert child.process is None
    assert not child.revive(now + 0.6)
    assert child.process is not None
    child.process.wait()
    assert child.revive(now + 1)
    assert child.resume_at == now + 2


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hongyan.cli.children.STOP_SECONDS", 0.3)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
    child = Child("deaf", [sys.executable, "-c", deaf], {})
    child.start()
    time.sleep(0.3)
    stop_all([child])
    assert not child.is_running()


@pytest.mark.parametrize(
    ("bind", "is_refused"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("192.0.2.1", True)]
)
def test_the_demo_is_served_on_this_machine_only(tmp_path: Path, bind: str, is_refused: bool) -> None:
    here = Home(tmp_path)
    require_loopback_for_demo(here, bind)  # no demo, any address
    here.demo_logins.write_text("[]")
    if is_refused:
        with pytest.raises(Refused, match="this machine only"):
            require_loopback_for_demo(here, bind)
    else:
        require_loopback_for_demo(here, bind)


def test_the_demo_is_not_served_behind_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Home(tmp_path)
    monkeypatch.setenv("HONGYAN_HTTPS", "1")
    require_loopback_for_demo(here, "127.0.0.1")
    here.demo_logins.write_text("[]")
    with pytest.raises(Refused, match="behind a proxy"):
        require_loopback_for_demo(here, "127.0.0.1")
