"""What is kept of a source party to compare it by (比对要素): the normalised row, packed small.

Only the columns that comparisons and keys read are kept, without those that follow from others at once. What was packed
by another version of the normalisers is not read: it is made again from the record itself.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import orjson

from hongyan.identity.batch.parties import COMPARED
from hongyan.identity.model.conditions import Row
from hongyan.identity.normalise import VERSION
from hongyan.identity.record import Kind

_STAMPS: dict[Kind, int] = {
    kind: crc32(f"{VERSION} {kind} {columns}".encode()) for kind, columns in COMPARED.items()
}
_KINDS: dict[int, Kind] = {stamp: kind for kind, stamp in _STAMPS.items()}


def pack(kind: Kind, row: Row) -> bytes:
    """A normalised row as a short text.

    >>> unpack(pack("person", {"name_key": "张三", "pinyin": "zhangsan", "readings": ["zhangsan"]}))
    ('person', {'name_key': '张三', 'pinyin': 'zhangsan', 'readings': ['zhangsan']})
    """
    values = [row.get(column) for column in COMPARED[kind]]
    if kind == "person" and row.get("readings") == [row.get("pinyin")]:
        values[COMPARED[kind].index("readings")] = True
    while values and values[-1] is None:
        values.pop()
    return orjson.dumps([_STAMPS[kind], *values])


def unpack(packed: bytes) -> tuple[Kind, dict[str, Any]] | None:
    """Kind and row of a packed one; None when another version packed it."""
    stamp, *values = orjson.loads(packed)
    kind = _KINDS.get(stamp)
    if kind is None:
        return None
    row = {name: v for name, v in zip(COMPARED[kind], values, strict=False) if v is not None}
    if row.get("readings") is True:
        row["readings"] = [row["pinyin"]]
    return kind, row
