"""Emptying the numbers of what people held who became nameless (匿名化)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

# A number's hash finds its account as well as the number does.
_EMPTY = """
UPDATE ledger_holding
SET number_masked = '', sealed = '', key_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')
WHERE party_id = ANY(%s)
"""


def empty_holdings(parties: Collection[int]) -> None:
    """Take the numbers of accounts, policies and agreements of some parties. Call it inside `scope.bulk()`."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, [list(parties)])
