"""Opening shells (未登记客户): parties that facts name before their system describes them.

Facts never wait for customers. A shell belongs to no customer until `take_in` meets its key; then all it did is the
customer's at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from hongyan.customer.actions.take_in import IDENTITY_LOCK

_UNKNOWN = """
SELECT named.key FROM (SELECT DISTINCT key FROM {table} WHERE key IS NOT NULL) named
WHERE NOT EXISTS (SELECT 1 FROM customer_sourceparty party WHERE party.system = %(system)s AND party.key = named.key)
"""
_OPEN = """
INSERT INTO customer_sourceparty (system, key, party_type, first_seen_at, last_seen_at)
SELECT %(system)s, unknown.key, 'P', %(at)s, %(at)s FROM ({unknown}) unknown
ON CONFLICT DO NOTHING
"""


def open_parties(table: str, system: str, *, at: datetime) -> int:
    """Open a shell for every key of a temporary table that the system's parties lack; returns how many.

    Call it inside `scope.bulk()`. Takes the lock of identity resolution only when there is something to open.
    """
    unknown = _UNKNOWN.format(table=table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({unknown})", {"system": system})
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IDENTITY_LOCK])
        cursor.execute(_OPEN.format(unknown=unknown), {"system": system, "at": at})
        return int(cursor.rowcount)
