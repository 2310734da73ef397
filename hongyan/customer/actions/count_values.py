"""Counting what many parties say (常见度统计): how common names, birthdays and places are, from a sample.

A share hardly changes as customers come in, so it is counted every night, and during a first load each time there are
four times as many parties as at the last count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from hongyan.core import scope, vault
from hongyan.core.bulk import copy_rows
from hongyan.customer.actions.prepare import LIKENESS_COLUMN
from hongyan.customer.in_force import KINDS, models
from hongyan.customer.models import ValueCount
from hongyan.customer.rules.likeness import unpack
from hongyan.customer.worth import forget_counts, known_parties, parties_when_counted, step, value_hash
from hongyan.identity.batch.scoring import frequency_columns
from hongyan.identity.online.party import party_of
from hongyan.identity.record import Kind

FEWEST = 4
"""A value is kept when so many of the sample say it; what fewer say is rare."""
WORTH_COUNTING = 4096
"""Fewer parties tell nothing about what is common."""
GROWTH = 4
_BATCH = 2000
_MOST_VALUES = 100_000

_SOME = """
SELECT record.uuid, record.likeness
FROM generate_series(%s, %s, %s) AS wanted(party_id)
CROSS JOIN LATERAL (
    SELECT uuid, likeness FROM customer_sourcerecord
    WHERE party_id = wanted.party_id AND part = '' AND is_current AND length(likeness) > 0 OFFSET 0
) record
"""

Counts = dict[Kind, dict[str, Counter[str]]]


def count_values() -> int:
    """Count anew; returns how many parties were read. Running it again, or after a kill, ends in the same state."""
    with scope.bulk():
        known = known_parties()
        read, counts = _counted(known)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM customer_valuecount")
        copy_rows(ValueCount, ("party_type", "column", "value", "count"), _rows(read, counts, known))
    forget_counts()
    return sum(read.values())


def count_if_grown() -> None:
    """Count when there are several times as many parties as at the last count. Call it inside `scope.bulk()`."""
    parties = known_parties()
    if parties >= WORTH_COUNTING and parties >= GROWTH * parties_when_counted():
        count_values()


def _counted(known: int) -> tuple[Counter[Kind], Counts]:
    """(parties read of each kind, kind → column → value → how many say it)."""
    read: Counter[Kind] = Counter()
    columns = {kind: frequency_columns(kind) for kind in models()}
    counts: Counts = {kind: defaultdict(Counter) for kind in models()}
    for kind, row in _rows_of(known):
        read[kind] += 1
        for column in columns[kind]:
            if (value := row.get(column)) is not None:
                counts[kind][column][value] += 1
        if sum(read.values()) % _BATCH == 0:
            _thin_out(counts)
    return read, counts


def _rows_of(known: int) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    """Kind and row of one in `step` parties."""
    span = _BATCH * step(known)
    for first in range(1, known + 1, span):
        with connection.cursor() as cursor:
            cursor.execute(_SOME, [first, min(first + span - 1, known), step(known)])
            for uuid, likeness in cursor.fetchall():
                kept = unpack(vault.unseal(likeness, record=uuid, column=LIKENESS_COLUMN))
                if kept is not None:
                    yield kept[0], party_of(*kept).row


def _thin_out(counts: Counts) -> None:
    """Forget what was met once, where it is too much to keep: what is common comes again (lossy counting)."""
    for columns in counts.values():
        for column, counter in columns.items():
            if len(counter) > _MOST_VALUES:
                columns[column] = Counter({value: count for value, count in counter.items() if count > 1})


def _rows(read: Counter[Kind], counts: Counts, known: int) -> Iterator[tuple[str, str, int, int]]:
    for kind, party_type in KINDS.items():
        yield party_type.value, "", known, read[kind]
        for column, counter in counts[kind].items():
            for value, count in counter.items():
                if count >= FEWEST:
                    yield party_type.value, column, value_hash(column, value), count
