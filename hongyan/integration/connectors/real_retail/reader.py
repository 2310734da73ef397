"""Invoice lines of the wholesaler: Parquet under two sets of column names, without a number or an amount of a line.

A line is known by its invoice, its article and which time the article stands on the invoice, in the order of the
file. The amount is quantity by price, exactly; a price of more than two decimals shows in it and is judged there.
Customers are the ones that lines name, each once, where the first of these lines stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers import columnar
from hongyan.integration.readers.reading import Reading, batch, batch_of_rows

_NOBODY = "0"
"""What the second year's file writes for a walk-in; the first year's leaves it empty."""
SALE, REFUND = "sale", "refund"
_NAMES = (
    ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID"),
    ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"),
)
"""What the first and the second year's file call the same seven columns; `Country` is not needed."""


def read(
    chunks: Iterable[bytes], _descriptor: Descriptor, kind: RecordKind, reading: Reading, *, limit: int
) -> Iterator[pa.RecordBatch]:
    """All lines, or all customers. Errors: those of a Parquet file, and SourceError(header) for other columns."""
    if kind.code == "CUSTOMER":
        yield from _customers(chunks, kind, reading, limit)
        return
    seen: Counter[str] = Counter()
    for first, table in columnar.portions(chunks, reading, limit=limit):
        names = _names(table.schema.names)
        invoices, articles, notes, quantities, days, prices, customers = (
            columnar.text(table.column(name)).to_pylist() for name in names
        )
        amounts = list(map(_amount, quantities, prices))
        columns = {
            "number": _numbers(invoices, articles, seen),
            "customer": list(map(_known, customers)),
            "date": days,
            "nature": [REFUND if amount.startswith("-") else SALE for amount in amounts],
            "quantity": quantities,
            "amount": amounts,
            "description": notes,
        }
        texts = [pa.array(columns[column], pa.string()) for column in kind.columns]
        yield batch(kind, columnar.rows_from(first, len(table)), texts)


def _customers(
    chunks: Iterable[bytes], kind: RecordKind, reading: Reading, limit: int
) -> Iterator[pa.RecordBatch]:
    """Number and name of each customer. `reading` counts customers, not the lines they stand on."""
    lines = Reading(checks=reading.checks)
    rows: dict[str, int] = {}
    for first, table in columnar.portions(chunks, lines, limit=limit):
        customers = columnar.text(table.column(_names(table.schema.names)[-1])).to_pylist()
        for row, customer in enumerate(map(_known, customers), first):
            if customer:
                rows.setdefault(customer, row)
    reading.received += len(rows)
    yield batch_of_rows(kind, list(rows.values()), [(customer, f"批发客户{customer}") for customer in rows])


def _known(customer: str) -> str:
    """The customer's number; empty for a walk-in."""
    return "" if customer == _NOBODY else customer


def _names(found: Sequence[str]) -> tuple[str, ...]:
    for names in _NAMES:
        if set(names) <= set(found):
            return names
    missing = sorted(set(_NAMES[0]) - set(found))
    raise SourceError("header", row=1, missing=missing, unknown=sorted(set(found) - set(_NAMES[0])))


def _numbers(invoices: Sequence[str], articles: Sequence[str], seen: Counter[str]) -> list[str]:
    """The number of each line; `seen` counts the articles of all invoices so far.

    >>> _numbers(["489434", "489434"], ["85048", "85048"], Counter())
    ['489434/85048/1', '489434/85048/2']
    """
    numbers = []
    for invoice, article in zip(invoices, articles, strict=True):
        line = f"{invoice}/{article.strip()}"
        seen[line] += 1
        numbers.append(f"{line}/{seen[line]}")
    return numbers


def _amount(quantity: str, price: str) -> str:
    """Quantity by price without rounding; what is no number is left for the rules to find.

    >>> _amount("12", "6.95"), _amount("-3", "0.001"), _amount("1", "nan")
    ('83.40', '-0.003', 'nan')
    """
    try:
        product = Decimal(quantity) * Decimal(price)
    except InvalidOperation:
        return price
    return f"{product:f}" if product.is_finite() else price
