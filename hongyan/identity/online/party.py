"""A party as the online check sees it, and what its statements are worth among all that are known."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hongyan.identity.batch.parties import RARE
from hongyan.identity.batch.scoring import LISTED, frequency_columns, holders_columns
from hongyan.identity.model.columns import complete
from hongyan.identity.model.conditions import Row
from hongyan.identity.model.weights import Model
from hongyan.identity.record import Kind


@dataclass(frozen=True, slots=True)
class Party:
    """One party of one source.

    Fields: ``row`` columns of the normalised table and the derived ones; ``id`` the number under which people
    decided about it, None while it has none.
    """

    kind: Kind
    row: Row
    id: int | None = None


def party_of(kind: Kind, row: Row, id_: int | None = None) -> Party:
    """A party from a row of the normalised table (``normalise.batch``); what the row lacks it does not say."""
    return Party(kind, complete(row), id_)


class Worth(Protocol):
    """How much agreements count among the parties of one kind.

    ``prior``: the evidence in bits before anything is compared; ``once``: the bits of a value that is said once.
    """

    prior: float
    once: float

    def bits(self, column: str, value: Any) -> float:
        """For a column of frequencies: how surprising it is that a stranger says the same. For a column of
        holders: minus one bit for each doubling of the names known under the value, 0 for one."""


class Counts:
    """Worth from counted values, as the batch counts a file.

    ``records`` parties of the kind there are; ``counts`` (column, value) → parties that say it, or different
    names (``pinyin``) under it for a column of holders. A value without an entry counts as said once.

    >>> from hongyan.identity.model.weights import default_model
    >>> worth = Counts(default_model("person"), 1000, {("name_key", "张伟"): 97, ("numbers", "+8613812345678"): 4})
    >>> round(worth.bits("name_key", "张伟"), 1), round(worth.bits("name_key", "单雄信"), 1)
    (10.0, 14.6)
    >>> worth.bits("numbers", "+8613812345678"), worth.bits("email", "zhang@example.com")
    (-2.0, -0.0)
    """

    def __init__(self, model: Model, records: int, counts: Mapping[tuple[str, Any], int]) -> None:
        self.prior = model.prior(records)
        self._size = model.size(records)
        self.once = -math.log2((1 + RARE) / self._size)
        self._frequencies = frozenset(frequency_columns(model.kind))
        self._counts = counts

    def bits(self, column: str, value: Any) -> float:
        """See ``Worth``."""
        count = max(self._counts.get((column, value), 1), 1)
        return -math.log2((count + RARE) / self._size if column in self._frequencies else count)


class Among:
    """Worth among given parties besides: a phone that several names share right here is known to be shared."""

    def __init__(self, worth: Worth, kind: Kind, rows: Iterable[Row]) -> None:
        self.prior, self.once = worth.prior, worth.once
        self._worth = worth
        names: dict[tuple[str, Any], set[str]] = defaultdict(set)
        columns = holders_columns(kind)
        for row in rows:
            name = row.get("pinyin")
            for column in columns:
                value = row.get(column)
                if name is None or value is None:
                    continue
                for one in value if column == LISTED else (value,):
                    names[column, one].add(name)
        self._bits = {key: -math.log2(len(found)) for key, found in names.items() if len(found) > 1}

    def bits(self, column: str, value: Any) -> float:
        """See ``Worth``."""
        found = self._worth.bits(column, value)
        here = self._bits.get((column, value))
        return found if here is None else min(found, here)
