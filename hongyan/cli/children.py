"""Child processes that are kept alive and stopped together: what `hongyan serve` supervises."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a child that lived this long starts again without a pause
STOP_SECONDS = 8.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One program that is to run all the time; started again after a pause that grows when it dies young."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = field(default=0.0)  # seconds of the monotonic clock
    resume_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the program in a session of its own: Ctrl-C reaches the supervisor alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def is_running(self) -> bool:
        """Whether the program lives."""
        return self.process is not None and self.process.poll() is None

    def revive(self, now: float) -> bool:
        """Start the program again once its pause is over; answers whether it was found newly dead."""
        if self.is_running():
            return False
        if self.process is not None:
            self.process = None
            self.deaths = 1 if now - self.started_at > STEADY_SECONDS else self.deaths + 1
            self.resume_at = now + pause_before(self.deaths)
            return True
        if now >= self.resume_at:
            self.start()
        return False


def pause_before(deaths: int) -> float:
    """Seconds to wait before a start after so many early deaths in a row.

    >>> [pause_before(deaths) for deaths in (1, 2, 3, 4, 9)]
    [0.5, 1.0, 2.0, 4.0, 30.0]
    """
    return min(2.0 ** (deaths - 2), LONGEST_PAUSE_SECONDS)


def stop_all(children: Sequence[Child]) -> None:
    """Ask every child to end, wait for all together, kill what is left: its jobs are taken up again later."""
    running = [child.process for child in children if child.process is not None and child.is_running()]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to end this child when the supervisor dies, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
