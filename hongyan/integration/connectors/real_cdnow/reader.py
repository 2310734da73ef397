"""Purchases in columns of blanks beneath a line of their names, without a number of their own.

A purchase is known by its customer, its day and which of the customer's purchases that day it is, in the order of the
file. Customers are the ones that purchases name, each once, where the first purchase stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.reading import Misfit, Reading, batch_of_rows, decode, line_blocks

COLUMNS = ("customer_id", "date", "number_of_cds", "dollar_value")


def read(
    chunks: Iterable[bytes],
    descriptor: Descriptor,
    kind: RecordKind,
    reading: Reading,
    *,
    limit: int,  # noqa: ARG001 - lines are never larger than the file, which was limited
) -> Iterator[pa.RecordBatch]:
    """All purchases, or all customers. Errors: SourceError for encoding, other columns, no purchases."""
    seen: Counter[str] = Counter()
    first = 1
    for block in line_blocks(chunks):
        lines = decode(block, descriptor.encoding, first_row=first).removesuffix("\n").split("\n")
        rows = {row: line.split() for row, line in enumerate(lines, first)}
        if first == 1:
            _refuse_other_columns(rows.pop(1))
        first += len(lines)
        found = {row: values for row, values in rows.items() if len(values) == len(COLUMNS)}
        if kind.code == "CUSTOMER":
            made = _customers(found, seen)
        else:
            made = _purchases(found, seen)
            odd = rows.keys() - found.keys()
            reading.misfits += (Misfit(row, tuple(rows[row])) for row in sorted(odd))
            reading.received += len(odd)
        reading.received += len(made)
        yield batch_of_rows(kind, list(made), list(made.values()))
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)


def _refuse_other_columns(names: Sequence[str]) -> None:
    missing, unknown = set(COLUMNS).difference(names), set(names).difference(COLUMNS)
    if missing or unknown:
        raise SourceError("header", row=1, missing=sorted(missing), unknown=sorted(unknown))


def _customers(rows: dict[int, list[str]], seen: Counter[str]) -> dict[int, tuple[str, ...]]:
    """Row → number and name of each customer not `seen` before.

    >>> _customers({2: ["00001", "19970101", "1", "11.77"], 3: ["00001", "19970102", "1", "9.00"]}, Counter())
    {2: ('00001', 'CDNOW 00001')}
    """
    found: dict[int, tuple[str, ...]] = {}
    for row, (customer, *_) in rows.items():
        if not seen[customer]:
            found[row] = (customer, f"CDNOW {customer}")
        seen[customer] += 1
    return found


def _purchases(rows: dict[int, list[str]], seen: Counter[str]) -> dict[int, tuple[str, ...]]:
    """Row → a number, and the values of each purchase; `seen` counts the purchases of all days so far.

    >>> _purchases({2: ["00001", "19970101", "1", "11.77"]}, Counter())
    {2: ('00001/19970101/1', '00001', '19970101', '1', '11.77')}
    """
    found: dict[int, tuple[str, ...]] = {}
    for row, (customer, day, *values) in rows.items():
        seen[f"{customer}/{day}"] += 1
        found[row] = (f"{customer}/{day}/{seen[f'{customer}/{day}']}", customer, day, *values)
    return found
