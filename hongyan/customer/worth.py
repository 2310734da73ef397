"""How much an agreement is worth among the customers that there are (常见度): 张伟 little, a rare name much.

Values that many parties share were counted in a sample (`actions.count_values`), and are kept by this process for some
minutes. A request never counts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hongyan.core import vault
from hongyan.customer.codes import PartyType
from hongyan.customer.in_force import KINDS, models
from hongyan.customer.models import ValueCount
from hongyan.identity.batch.parties import RARE
from hongyan.identity.batch.scoring import frequency_columns
from hongyan.identity.model.weights import Model
from hongyan.identity.online.party import Worth
from hongyan.identity.record import Kind

KEPT_SECONDS = 300
SAMPLE = 1 << 17
"""Parties that are read at most to count values."""
_KNOWN_PARTIES = "SELECT coalesce(max(id), 0) FROM customer_sourceparty"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one kind: `parties` of it that were read when there were `known` of both kinds.

    `counts` are (column, hashed value) → how many of them say it.
    """

    known: int
    parties: int
    counts: Mapping[tuple[str, int], int]


NOTHING_COUNTED = Counted(0, 0, {})


class Commonness:
    """Worth by what was counted, after the shares in the sample, among the parties that there are by now."""

    def __init__(
        self, model: Model, counted: Counted, *, known: int, holders: Mapping[tuple[str, Any], int]
    ) -> None:
        self._scale = step(counted.known) * known / counted.known if counted.known else 1.0
        parties = round(counted.parties * self._scale) or known
        self.prior = model.prior(parties)
        self._size = model.size(parties)
        self.once = -math.log2((1 + RARE) / self._size)
        self._counts = counted.counts
        self._frequencies = frozenset(frequency_columns(model.kind))
        self._holders = holders

    def bits(self, column: str, value: Any) -> float:
        """See `identity.online.party.Worth`. What the sample did not show often stands there half a time."""
        if column not in self._frequencies:
            return -math.log2(max(self._holders.get((column, value), 1), 1))
        count = self._counts.get((column, value_hash(column, value)), 0.5) * self._scale
        return -math.log2((max(count, 1.0) + RARE) / self._size)


def worth_now(holders: Mapping[tuple[str, Any], int]) -> dict[Kind, Worth]:
    """The worth of agreements at this moment; `holders` are names under phones and e-mails (`Commonness`)."""
    return {kind: worth_by(model, holders) for kind, model in models().items()}


def worth_by(model: Model, holders: Mapping[tuple[str, Any], int]) -> Commonness:
    """The same as one model has it, which need not be in force."""
    counted = _counted.now()[model.kind]
    return Commonness(model, counted, known=_counted.known, holders=holders)


def known_parties() -> int:
    """About how many source parties there are right now; their numbers are given in order."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_PARTIES)
        _counted.known = int(cursor.fetchone()[0])
    return _counted.known


def parties_when_counted() -> int:
    """How many parties there were when values were counted last; 0 when they never were."""
    return max(found.known for found in _counted.now().values())


def step(known: int) -> int:
    """Of so many parties one in how many is read to count values."""
    return known // SAMPLE + 1


def value_hash(column: str, value: str) -> int:
    """64 bits under which a value is counted."""
    return int.from_bytes(vault.blind(f"count:{column}", value)[:8], signed=True)


def forget_counts() -> None:
    """Read what was counted anew when it is needed next: somebody counted."""
    _counted.read_at = -math.inf


class _Counts:
    """What was counted, as this process knows it."""

    def __init__(self) -> None:
        self.read_at = -math.inf
        self.known = 0
        self._found: dict[Kind, Counted] = {}

    def now(self) -> dict[Kind, Counted]:
        if time.monotonic() - self.read_at > KEPT_SECONDS:
            self._found = {kind: _read(party_type) for kind, party_type in KINDS.items()}
            self.read_at = time.monotonic()
            known_parties()
        return self._found


_counted = _Counts()


def _read(party_type: PartyType) -> Counted:
    rows = ValueCount.objects.filter(party_type=party_type).values_list("column", "value", "count")
    counts = {(column, value): count for column, value, count in rows}
    sample = next(((value, count) for (column, value), count in counts.items() if not column), None)
    return Counted(*sample, counts) if sample else NOTHING_COUNTED
