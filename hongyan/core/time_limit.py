"""How long the database may work on what somebody asked (查询时限): a question no index serves ends, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

_CANCELLED = "57014"

# Two commands in one message: a page that may ask twelve questions spends two on this, not four.
_BEGIN = "SAVEPOINT time_limit; SET LOCAL statement_timeout = %s"
_END = "SET LOCAL statement_timeout TO DEFAULT; RELEASE SAVEPOINT time_limit"
_UNDO = "ROLLBACK TO SAVEPOINT time_limit; RELEASE SAVEPOINT time_limit"


class TooSlow(Exception):
    """A statement was stopped at its limit; the transaction goes on as if it had not been asked."""


@contextmanager
def limited(milliseconds: int) -> Iterator[None]:
    """No statement inside may take longer. Not to be nested: afterwards the limit of the session holds again.

    Errors: TooSlow; RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a time limit can only be set inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [milliseconds])
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _CANCELLED:
            raise
        with connection.cursor() as cursor:
            cursor.execute(_UNDO)
        raise TooSlow from error
    with connection.cursor() as cursor:
        cursor.execute(_END)
