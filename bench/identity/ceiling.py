"""What nobody can beat: how far records of one party hang together by anything they have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pyarrow as pa

_SHARED = ("id_key", "id_number", "organisation_code", "email", "address_key")


def attainable(normalised: pa.Table, entities: Sequence[Hashable]) -> list[int]:
    """Labels of the best resolution there could be: two records of one party come together only over an identifier,
    a phone, an e-mail, a door, or a whole name with a birth date, a county or a legal representative in common.

    An engine that joins more has guessed.
    """
    parent = list(range(len(entities)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = index = parent[parent[index]]
        return index

    first: dict[tuple[Hashable, ...], int] = defaultdict(lambda: -1)
    for index, row in enumerate(normalised.to_pylist()):
        for value in _common(row):
            key = (entities[index], *value)
            if first[key] >= 0:
                parent[root(index)] = root(first[key])
            first[key] = index
    return [root(index) for index in range(len(entities))]


def _common(row: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    yield from ((column, row[column]) for column in _SHARED if row[column])
    yield from (("phone", phone) for phone in row["phones"] or ())
    if row["room"] and (row["road"] or row["estate"]):
        yield from (("door", place, row["room"]) for place in {row["road"], row["estate"]} - {None})
    name = row["stem"] or (row["name_key"] if row["name_complete"] else None)
    if name:
        yield from (
            ("name", name, str(row[column]))
            for column in ("birth_digits", "division", "legal_person", "region")
            if row[column]
        )
