"""A38, key rotation: sealed values a second from one data key to the next, beside a database as P5 leaves it.

Every value of every sealed column is opened, sealed anew and written, chunk by chunk, as `hongyan keys rotate` does it.
The key before is dropped behind it, so that the ring does not grow with every run.
"""

from __future__ import annotations

import time

import psycopg

from bench.fill import filled
from bench.rows import Row, at_least, figure
from hongyan.config.home import Home
from hongyan.config.secrets import add_data_key, drop_data_key
from hongyan.core import rotation, vault
from hongyan.core.postgres import Server

BAR = 5000  # values a second


def run(size: int, home: Home) -> list[Row]:
    """Rotate everything once."""
    filled(size, home)
    older = vault.ring().current
    before = rotation.counts_by_key()
    current = add_data_key(home)
    began = time.perf_counter()
    done = rotation.rotate()
    took = time.perf_counter() - began
    after = rotation.counts_by_key()
    if after != {current: sum(before.values())}:
        raise RuntimeError(f"values by key {before} became {after}")
    drop_data_key(home, older)
    with psycopg.connect(Server(home).dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")  # P6 measures on the same database
    return [
        figure("A38", "sealed values and files", done, "values"),
        at_least("A38", "sealed anew", done / took, "values/s", BAR),
    ]
