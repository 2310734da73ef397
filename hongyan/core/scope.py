"""The second wall: what the database itself lets a transaction see.

Each request and each job runs in one transaction whose scope (a range of nested-set organisation numbers) is
set for that transaction only. Row-level security reads it; without it every protected table looks empty.
See docs/adr/0003-two-walls-of-scope.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

GROUP_ROLE = "hongyan_group"
BULK_ROLE = "hongyan_bulk"

_ENTER = "SELECT set_config('hongyan.lo', %s, true), set_config('hongyan.hi', %s, true), set_config('role', %s, true)"

# MATERIALIZED: the role before is read before it is changed.
_CHANGE_ROLE = """
WITH present AS MATERIALIZED (SELECT current_setting('role') AS role)
SELECT role, set_config('role', %s, true) FROM present
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """A range of organisation numbers, both ends included; `everything` is the group's view (全集团)."""

    lo: int = 0
    hi: int = -1
    everything: bool = False

    def covers(self, org_no: int) -> bool:
        """Whether a unit's number lies in this scope.

        >>> Scope(10, 20).covers(20), Scope().covers(0)
        (True, False)
        """
        return self.everything or self.lo <= org_no <= self.hi


PERSONAL = 1 << 60
"""Above the numbers of all units. From here on a number is one person's own: what is shared with them stands there."""


def personal(staff_id: int) -> Scope:
    """The scope of what was shared with one person, and of nothing else.

    >>> personal(7).covers(PERSONAL + 7), personal(7).covers(PERSONAL + 8)
    (True, False)
    """
    return Scope(PERSONAL + staff_id, PERSONAL + staff_id)


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


def enter(scope: Scope) -> None:
    """Set the scope of the transaction that is open; it ends with the transaction.

    Errors: RuntimeError outside a transaction, where the setting would leak into the next pooled request.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a scope can only be entered inside a transaction")
    role = GROUP_ROLE if scope.everything else "none"
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [str(scope.lo), str(scope.hi), role])


@contextmanager
def acting(scope: Scope) -> Iterator[None]:
    """One transaction under a scope: what a request's middleware and a job's runner open."""
    with transaction.atomic():
        enter(scope)
        yield


@contextmanager
def stepping_into(other: Scope, *, back_to: Scope) -> Iterator[None]:
    """Read in another scope for a while, inside the open transaction, and return. Two statements.

    On an error the transaction is over with whatever scope it had. Errors: RuntimeError outside a transaction.
    """
    enter(other)
    yield
    enter(back_to)


@contextmanager
def bulk() -> Iterator[None]:
    """One transaction (or savepoint) as the role of bulk jobs, which row-level security does not filter.

    For set-based loads and projections that cross every unit: intake, renumbering, numbering of a new tree.
    The role before is restored at the end: here, by the end of the transaction, or on an error by the rollback.
    """
    is_inner = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CHANGE_ROLE, [BULK_ROLE])
        before = cursor.fetchone()[0]
        yield
        if is_inner:
            cursor.execute("SELECT set_config('role', %s, true)", [before])


@contextmanager
def counting() -> Iterator[None]:
    """`bulk` for reads inside an open transaction, without the savepoint that writes need: two statements, not four.

    For numbers that are nobody's secret though their rows are. What fails inside ends the whole transaction: it could
    else go on past the walls. Errors: RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the walls can only be passed inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE_ROLE, [BULK_ROLE])
        before = cursor.fetchone()[0]
        try:
            yield
        except BaseException:
            transaction.set_rollback(True)
            raise
        cursor.execute("SELECT set_config('role', %s, true)", [before])
