"""What the steps of taking a chunk in tell each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hongyan.customer.codes import TakenIn
from hongyan.customer.rules.golden import View


@dataclass(slots=True)
class Chunk:
    now: datetime
    decided_by: str
    delivery_id: int | None
    counts: TakenIn = field(default_factory=TakenIn)
    touched: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    """Customers that have no row yet."""
    views: dict[int, list[View]] = field(default_factory=dict)
    """All current records of the customers that exist since this chunk, so that nothing is read back."""
    stamp: str = field(init=False)
    """`now` as text, worked out once for the many rows that carry it."""

    def __post_init__(self) -> None:
        self.stamp = self.now.isoformat()


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one part of one party."""

    party_id: int
    customer_id: int
    record_id: int
    version: int
    digest: bytes
