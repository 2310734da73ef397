"""Kill the loading of a delivery at a chosen point, as a power cut would, and digest what the database then holds.

Run as a program it applies one delivery and sends itself SIGKILL inside a chunk or right behind one:

    python -m hongyan.integration.tests.killing DELIVERY_ID inside|behind CHUNK
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import django

POINTS = ("inside", "behind")


def apply_and_die(delivery_id: int, point: str, chunk: int, *, owner_dsn: str) -> int:
    """Apply in another process that kills itself at the point; its exit status, -9 when the kill landed."""
    command = [sys.executable, "-m", "hongyan.integration.tests.killing", str(delivery_id), point, str(chunk)]
    environment = {
        **os.environ,
        "DATABASE_URL": owner_dsn,
        "DJANGO_SETTINGS_MODULE": "hongyan.config.settings",
    }
    return subprocess.run(command, env=environment, check=False).returncode


def digest() -> str:
    """Everything a load decides, in one hash: who is who, what each system said, who looks after whom, the counts."""
    from django.db import connection

    from hongyan.core import scope

    with scope.bulk(), connection.cursor() as cursor:
        state = []
        for query in _STATE:
            cursor.execute(query)
            state.append(cursor.fetchall())
    return hashlib.sha256(repr(state).encode()).hexdigest()


_STATE = (
    "SELECT code, party_type, name, status, sort_key, credential_masked, mobile_masked FROM customer_customer"
    " ORDER BY 1",
    "SELECT p.system, p.key, c.code FROM customer_sourceparty p JOIN customer_customer c ON c.id = p.customer_id"
    " ORDER BY 1, 2",
    "SELECT p.system, p.key, r.part, r.version, r.is_current, r.row, encode(r.digest, 'hex')"
    " FROM customer_sourcerecord r"
    " JOIN customer_sourceparty p ON p.id = r.party_id ORDER BY 1, 2, 3, 4",
    "SELECT c.code, s.line, s.org_no FROM customer_customerscope s JOIN customer_customer c ON c.id = s.customer_id"
    " ORDER BY 1, 2",
    "SELECT code, name, org_no, unit_name, source_count FROM customer_listrow ORDER BY 1, 3",
    "SELECT count(*), count(DISTINCT token) FROM customer_searchtoken",
    "SELECT p.system, p.key, k.key, k.mark FROM customer_candidatekey k"
    " JOIN customer_sourceparty p ON p.id = k.party_id ORDER BY 1, 2, 3",
    "SELECT state, received, accepted, quarantined, excluded, new, joined, updated, unchanged, stale, review,"
    " staged_rows, applied_rows, sums::text FROM integration_delivery ORDER BY id",
    "SELECT row, kind, reasons, state FROM integration_quarantinedrow ORDER BY delivery_id, kind, row",
    # numbers of deliveries have gaps where a transaction was undone: their order is what counts
    "SELECT act, dense_rank() OVER (ORDER BY subject_kind, subject), count FROM core_auditevent"
    " WHERE act LIKE 'intake.%' ORDER BY id",
)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _main(delivery_id: int, point: str, chunk: int) -> None:
    django.setup()
    from hongyan.integration.actions import apply

    module: Any = sys.modules["hongyan.integration.actions.apply"]
    calls = 0

    def dying(taker: Callable[..., Any]) -> Callable[..., Any]:
        def take_and_die(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            done = taker(*arguments, **options)
            if point == "inside" and calls == chunk:
                _die()  # everything is written, nothing committed
            return done

        return take_and_die

    module.take_in_prepared, module.book = dying(module.take_in_prepared), dying(module.book)
    chunks = 0

    def report(_done: int, _total: int) -> None:
        nonlocal chunks
        chunks += 1
        if point == "behind" and chunks == chunk:
            _die()

    apply(delivery_id, report=report)


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
