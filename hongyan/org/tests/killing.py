"""Kill a reorganisation in the middle, as a power cut would: every row moved, nothing committed.

Run as a program it carries one out and sends itself SIGKILL when the last table has followed:

    python -m hongyan.org.tests.killing REORGANISATION_ID
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import django


def move_and_die(reorganisation_id: int, *, owner_dsn: str) -> int:
    """Carry out in another process that kills itself; its exit status, -9 when the kill landed."""
    command = [sys.executable, "-m", "hongyan.org.tests.killing", str(reorganisation_id)]
    environment = {
        **os.environ,
        "DATABASE_URL": owner_dsn,
        "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
    }
    return subprocess.run(command, env=environment, check=False).returncode


def _main(reorganisation_id: int) -> None:
    django.setup()
    from hongyan.org.actions import reorganise, trees

    renumber = trees.renumber

    def renumber_and_die(moves: Mapping[int, int]) -> dict[str, int]:
        renumber(moves)
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    trees.renumber = renumber_and_die
    reorganise.carry_out(reorganisation_id)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
