"""CPU time of the processes that answer a request: gunicorn's workers and PostgreSQL's sessions (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/<pid>/stat after the name


def children_of(pid: int) -> list[int]:
    """Process numbers of the direct children."""
    stats = ((int(path.name), _stat(path)) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [number for number, stat in stats if stat and int(stat[_PARENT]) == pid]


def sessions_of(postmaster: int, *, user: str) -> list[int]:
    """PostgreSQL's server processes that work for connections of `user`."""
    return [pid for pid in children_of(postmaster) if f" {user} " in _title(pid)]


def cpu_seconds(pids: Iterable[int]) -> dict[int, float]:
    """CPU time so far, user and system, by process; processes that ended are left out."""
    stats = {pid: _stat(Path(f"/proc/{pid}")) for pid in pids}
    return {
        pid: (int(stat[_USER]) + int(stat[_SYSTEM])) / TICKS_PER_SECOND for pid, stat in stats.items() if stat
    }


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """CPU seconds between two readings; processes born meanwhile count from their birth."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _stat(process: Path) -> list[str] | None:
    try:
        return (process / "stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") + " "
    except (FileNotFoundError, ProcessLookupError):
        return ""
