"""Whether every monthly partition is what its table is (分区一致性, R37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.ledger.parameters import PARTITIONS_AHEAD

PARTITIONED = (
    "ledger_transaction",
    "ledger_mailitem",
    "ledger_mailevent",
    "ledger_balance",
    "ledger_monthlyfact",
)


@dataclass(frozen=True, slots=True)
class PartitionState:
    """One partition against its table. `differences` names what is not alike, in the words of `DIFFERENCES`."""

    table: str
    name: str
    month: date
    rows: int
    bytes: int
    differences: tuple[str, ...]


DIFFERENCES = ("columns", "indexes", "constraints", "walls", "grants", "missing")
"""What can be wrong: other columns, fewer indexes or constraints, no row-level security, own rights, or no table."""

_STATES = """
SELECT parent.relname, part.relname,
       to_date(right(part.relname, 6), 'YYYYMM'), greatest(part.reltuples, 0)::bigint,
       pg_total_relation_size(part.oid),
       array_remove(ARRAY[
           CASE WHEN EXISTS (
               SELECT attname, atttypid, atttypmod, attnotnull FROM pg_attribute
               WHERE attrelid = parent.oid AND attnum > 0 AND NOT attisdropped
               EXCEPT
               SELECT attname, atttypid, atttypmod, attnotnull FROM pg_attribute
               WHERE attrelid = part.oid AND attnum > 0 AND NOT attisdropped
           ) THEN 'columns' END,
           CASE WHEN (SELECT count(*) FROM pg_index WHERE indrelid = parent.oid)
                  <> (SELECT count(*) FROM pg_index own JOIN pg_inherits ON inhrelid = own.indexrelid
                      WHERE own.indrelid = part.oid AND own.indisvalid) THEN 'indexes' END,
           CASE WHEN (SELECT count(*) FROM pg_constraint WHERE conrelid = parent.oid AND contype = 'c')
                  > (SELECT count(*) FROM pg_constraint WHERE conrelid = part.oid AND contype = 'c')
                THEN 'constraints' END,
           CASE WHEN NOT (part.relrowsecurity AND part.relforcerowsecurity) THEN 'walls' END,
           CASE WHEN EXISTS (
               SELECT FROM aclexplode(part.relacl) WHERE grantee <> part.relowner
           ) THEN 'grants' END
       ], NULL)
FROM pg_inherits
JOIN pg_class parent ON parent.oid = inhparent
JOIN pg_class part ON part.oid = inhrelid
WHERE parent.relkind = 'p' AND parent.relname = ANY(%s)
ORDER BY 3 DESC, 1
"""


def partition_states(*, expected: tuple[date, date] | None = None) -> list[PartitionState]:
    """Every partition, the newest month first; those missing between two months, both included, as `missing`.

    Without `expected` only this month has to be there. One query, of the catalogue alone.
    """
    this_month = clock.business_date().replace(day=1)
    first, last = expected or (this_month, this_month)
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [list(PARTITIONED)])
        states = [
            PartitionState(table, name, month, rows, size, tuple(differences))
            for table, name, month, rows, size, differences in cursor.fetchall()
        ]
    known = {(state.table, state.month) for state in states}
    missing = [
        PartitionState(table, f"{table}_{month:%Y%m}", month, 0, 0, ("missing",))
        for month in months_between(first, last)
        for table in PARTITIONED
        if (table, month) not in known
    ]
    return sorted(missing + states, key=lambda state: (-state.month.toordinal(), state.table))


def expected_months() -> tuple[date, date]:
    """The month before this one, and the last month that has to be there ahead of time; as first days."""
    today = clock.business_date()
    number = today.year * 12 + today.month - 1
    first, last = number - 1, number + int(value_of(PARTITIONS_AHEAD))
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months of two days and of those between.

    >>> [month.isoformat() for month in months_between(date(2026, 11, 22), date(2027, 1, 1))]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
