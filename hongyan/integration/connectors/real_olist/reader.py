"""Parquet files of senders and parcels, and an archive of two tables that together tell how parcels went.

The archive (ZIP) holds the table of orders, with their times, and the table of their items, both as packed CSV. A row
is an item with the values of its order beside its own, numbered by its line in the table of items. A kind of events has
the rows in which the event has a time.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind, Target
from hongyan.integration.readers import columnar, packed
from hongyan.integration.readers.reading import Reading, batch

PARQUET = frozenset({"SELLER", "ITEM"})
ORDERS, ITEMS = "olist_orders_dataset.csv.gz", "olist_order_items_dataset.csv.gz"
"""The tables in the archive."""
ORDER = "order_id"
_FIRST_ROW = 2  # beneath the header


def read(
    chunks: Iterable[bytes], _descriptor: Descriptor, kind: RecordKind, reading: Reading, *, limit: int
) -> Iterator[pa.RecordBatch]:
    """All rows of a kind. `limit` is in unpacked bytes, of each table.

    Errors: those of a Parquet file; SourceError for what is no such archive, a bomb, other columns, no rows.
    """
    if kind.code in PARQUET:
        yield from columnar.read(chunks, kind, reading, limit=limit)
        return
    orders, items = _tables(b"".join(chunks), limit)
    whole = _beside(items, orders)
    if missing := sorted(set(kind.columns).difference(whole.column_names)):
        raise SourceError("header", row=1, missing=missing, unknown=[])
    rows = pa.array(range(_FIRST_ROW, _FIRST_ROW + len(whole)), pa.int32())
    if kind.target is Target.MAIL_EVENT:
        happened = pc.not_equal(whole[kind.column_of("event_time")], "")
        whole, rows = whole.filter(happened), rows.filter(happened)
    reading.received += len(whole)
    if not reading.received:
        raise SourceError("no_rows")
    reading.checks.passed("content", found=reading.received)
    for first in range(0, len(whole), columnar.BATCH_ROWS):
        part = whole.slice(first, columnar.BATCH_ROWS).combine_chunks()
        columns = [part[column].combine_chunks() for column in kind.columns]
        yield batch(kind, rows.slice(first, len(part)), columns)


def _tables(archive: bytes, limit: int) -> list[pa.Table]:
    """The two tables, all values as texts."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            if max(opened.getinfo(name).file_size for name in (ORDERS, ITEMS)) > limit:
                raise SourceError("too_large", limit=limit)
            return [_table(opened.read(name), limit) for name in (ORDERS, ITEMS)]
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, pa.ArrowInvalid) as error:
        raise SourceError("archive") from error


def _table(content: bytes, limit: int) -> pa.Table:
    text = b"".join(packed.unpacked([content], limit=limit))
    names = pv.read_csv(io.BytesIO(text)).column_names
    texts = pv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return pv.read_csv(io.BytesIO(text), convert_options=texts)


def _beside(items: pa.Table, orders: pa.Table) -> pa.Table:
    """Every item with the values of its order, empty where the table of orders does not have it, in their order.

    >>> items = pa.table({"order_id": ["b", "c"], "item": ["1", "2"]})
    >>> _beside(items, pa.table({"order_id": ["a", "b"], "at": ["x", "y"]})).to_pydict()
    {'order_id': ['b', 'c'], 'item': ['1', '2'], 'at': ['y', '']}
    """
    places = pc.index_in(items[ORDER], value_set=orders[ORDER])
    whole = items
    for name in orders.column_names:
        if name != ORDER:
            whole = whole.append_column(name, orders[name].take(places).fill_null(""))
    return whole
