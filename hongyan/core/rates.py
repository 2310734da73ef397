"""How often something may be done (频率): an allowance that is used up at once and comes back evenly.

One row a key holds the instant at which its allowance will be whole again (the generic cell rate algorithm, ITU-T
I.371), so all processes share one count and a request costs one write, without WAL.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from hongyan.core import clock
from hongyan.core.models import Rate

_TAKE = """
INSERT INTO core_rate AS held (key, full_at) VALUES (%(key)s, %(now)s + %(step)s)
ON CONFLICT (key) DO UPDATE SET full_at = greatest(held.full_at, %(now)s) + %(step)s
WHERE held.full_at <= %(now)s + %(room)s
RETURNING full_at
"""


def seconds_to_wait(key: str, *, per_minute: float, burst: int) -> int:
    """Use one of an allowance: 0 when there was one left, else in how many whole seconds there will be.

    `burst` may be used at once, `per_minute` come back a minute. What is refused uses nothing. Inside a transaction all
    others of the key wait for its end, and a rollback gives back what was used.
    """
    now, step = clock.now(), timedelta(minutes=1) / per_minute
    room = step * (burst - 1)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"key": key, "now": now, "step": step, "room": room}
        cursor.execute(_TAKE, values)
        if cursor.fetchone():
            return 0
    full_at: datetime = Rate.objects.values_list("full_at", flat=True).get(key=key)
    return max(1, ceil((full_at - room - now).total_seconds()))
