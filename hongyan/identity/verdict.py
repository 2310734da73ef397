"""The answer for a pair: what was found, what it counts, what follows. Stored with each link and each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Band = Literal["join", "review", "new"]
BAND_SCORES: dict[Band, tuple[int, int]] = {"join": (90, 100), "review": (50, 89), "new": (0, 49)}
"""Lowest and highest score of each band: a score alone tells the band."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing found when comparing: what (``code``), how it came out, and what it counts.

    ``weight`` in bits, positive for one party, negative against; ``veto`` whether it forbids a join whatever
    else agrees; ``params`` what an explanation shows: sorted pairs, never an identifier or a contact in clear.
    """

    code: str
    outcome: str
    weight: float
    veto: bool = False
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one pair: band, score 0–100, what decided (``rule``), the evidence in the order of reading.

    The bits of the evidence add up to the whole, from which the score follows; ``rule`` may hold it back. ``model`` is
    the version of the model that weighed it, 0 for the shipped one.
    """

    band: Band
    score: int
    rule: str
    evidence: tuple[Evidence, ...] = ()
    model: int = 0

    @property
    def bits(self) -> float:
        """All evidence together."""
        return sum(item.weight for item in self.evidence)
