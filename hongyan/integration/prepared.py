"""Customers of a delivery, read from what was staged, mapped and prepared (客户预处理): without the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from hongyan.customer.actions.prepare import Prepared, prepare_all
from hongyan.integration import mapping, staging
from hongyan.integration.descriptors import find_descriptor


@dataclass(frozen=True, slots=True)
class Wanted:
    """Customers to prepare: the staged rows of a kind after the first `skip`, `chunk` at a time."""

    system: str
    kind: str
    path: Path
    record: UUID
    as_of: date | None
    skip: int
    chunk: int


def prepared_customers(wanted: Wanted) -> Iterator[list[Prepared]]:
    """The records of each chunk, in the order of the file."""
    descriptor = find_descriptor(wanted.system)
    assert descriptor is not None, "a delivery's system has a descriptor"
    kind = descriptor.kind(wanted.kind)
    assert kind is not None, "a delivery's kinds have descriptors"
    for rows in staging.good_rows(wanted.path, record=wanted.record, skip=wanted.skip, chunk=wanted.chunk):
        yield prepare_all(mapping.party_record(row, descriptor, kind, as_of=wanted.as_of) for row in rows)
