"""Making the monthly partitions of the facts (账期分区)."""

from __future__ import annotations

from datetime import date

from django.db import connection


def make_partitions(first: date, last: date) -> int:
    """Make what partitions of the months from `first` to `last` are missing; returns how many tables were made.

    Call it inside `scope.bulk()`. Errors: a database error for days before 1990 or after 2099.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_make_partitions(%s, %s)", [first, last])
        return int(cursor.fetchone()[0])
