"""What is left of a delivery, cut into chunks that are ready for their owners (装载的分块).

Made one chunk ahead of the writing, in a thread; customers may be read and prepared in another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hongyan.core.elsewhere import Stream
from hongyan.core.parameters import value_of
from hongyan.customer.actions.prepare import Prepared
from hongyan.integration import mapping, places, staging
from hongyan.integration.blocks import FactBlock, fact_blocks
from hongyan.integration.descriptors import FACTS, Descriptor, RecordKind, Target
from hongyan.integration.models import Delivery
from hongyan.integration.parameters import CHUNK_ROWS
from hongyan.integration.prepared import Wanted, prepared_customers
from hongyan.ledger.parameters import CHUNK_ROWS as FACT_CHUNK_ROWS

Rows = list[dict[str, Any]]

TAKEN_WHOLE = frozenset({Target.UNIT, Target.POST})
"""What has to come as one chunk: trees are numbered as a whole."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """So many rows of one kind and where they begin among all good rows of the delivery, ready for their owner.

    Facts are in the `block`, customers are `prepared`, of others the `rows` are there.
    """

    kind: RecordKind
    start: int
    size: int
    rows: Rows = field(default_factory=list)
    prepared: list[Prepared] = field(default_factory=list)
    block: FactBlock | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows of one transaction, of records that become objects and of facts; and where customers are prepared."""

    rows: int
    facts: int
    stream: Stream


def chunks_of(delivery: Delivery, descriptor: Descriptor, pace: Pace) -> Iterator[Chunk]:
    """The rows that are left, kind after kind; made one chunk ahead of the writing, without the database.

    Units and posts are one chunk each: trees are numbered as a whole.
    """
    start, position = 0, delivery.applied_rows
    for kind in kinds_of(delivery, descriptor):
        good = delivery.warnings["quality"][kind.code]["valid"]
        skip = min(max(position - start, 0), good)
        if skip < good:
            yield from _maker_of(kind)(delivery, descriptor, kind, skip, start, pace)
        start += good


def _maker_of(kind: RecordKind) -> Callable[..., Iterator[Chunk]]:
    if kind.target in FACTS:
        return _fact_chunks
    return _customer_chunks if kind.target in mapping.OPEN_FIELDS else _row_chunks


def _row_chunks(
    delivery: Delivery, _descriptor: Descriptor, kind: RecordKind, skip: int, start: int, pace: Pace
) -> Iterator[Chunk]:
    path, at = places.staged(delivery.uuid, kind.code), start + skip
    size = delivery.staged_rows + 1 if kind.target in TAKEN_WHOLE else pace.rows
    for rows in staging.good_rows(path, record=delivery.uuid, skip=skip, chunk=size):
        yield Chunk(kind, at, len(rows), rows)
        at += len(rows)


def _customer_chunks(
    delivery: Delivery, descriptor: Descriptor, kind: RecordKind, skip: int, start: int, pace: Pace
) -> Iterator[Chunk]:
    path, at = places.staged(delivery.uuid, kind.code), start + skip
    wanted = Wanted(
        descriptor.code,
        kind.code,
        path,
        delivery.uuid,
        as_of=delivery.business_date,
        skip=skip,
        chunk=pace.rows,
    )
    for prepared in pace.stream(prepared_customers, wanted):
        yield Chunk(kind, at, len(prepared), prepared=prepared)
        at += len(prepared)


def _fact_chunks(
    delivery: Delivery, descriptor: Descriptor, kind: RecordKind, skip: int, start: int, pace: Pace
) -> Iterator[Chunk]:
    path, at = places.staged(delivery.uuid, kind.code), start + skip
    blocks = fact_blocks(
        kind,
        path,
        record=delivery.uuid,
        system=descriptor.code,
        day=delivery.business_date,
        skip=skip,
        chunk=pace.facts,
    )
    for block in blocks:
        yield Chunk(kind, at, block.rows, block=block)
        at += block.rows


def pace_of(stream: Stream) -> Pace:
    """The pace that the parameters set. One query for each."""
    return Pace(int(value_of(CHUNK_ROWS)), int(value_of(FACT_CHUNK_ROWS)), stream)


def has_customers(delivery: Delivery, descriptor: Descriptor) -> bool:
    """Whether something of a delivery has to be prepared before it is taken in."""
    return any(kind.target in mapping.OPEN_FIELDS for kind in kinds_of(delivery, descriptor))


def kinds_of(delivery: Delivery, descriptor: Descriptor) -> Sequence[RecordKind]:
    """The kinds of records that a delivery holds, in the order in which they are loaded."""
    return [kind for kind in descriptor.kinds if kind.code in delivery.warnings["quality"]]
