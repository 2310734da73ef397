"""The model in Python: what two rows have in common, in bits, held back by the safeguards; the same as in SQL."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hongyan.identity.batch.scoring import LISTED
from hongyan.identity.model.comparisons import COMPARISONS, UNKNOWN
from hongyan.identity.model.conditions import Row
from hongyan.identity.model.safeguards import SAFEGUARDS, Outcomes, Safeguard
from hongyan.identity.model.weights import Model
from hongyan.identity.online.compiled import Outcome, first_that_applies, outcome_of
from hongyan.identity.online.party import Worth
from hongyan.identity.verdict import BAND_SCORES, Band, Evidence, Verdict

READING = ("id", "name", "birth", "gender", "phone", "email", "address", "origin", "legal_person", "part")
"""Comparisons in the order in which a person wants to read them."""

_TOLD = 1.0
"""Bits from which on it is told apart that a value is common or shared."""
_BITS_A_POINT = 4.0
_MOBILE = re.compile(r"\+861[3-9]")


class Found(dict[str, str]):
    """The outcomes of a pair, each compared when it is asked for: most pairs are settled by name and number."""

    __slots__ = ("_left", "_outcome_of", "_right")

    def __init__(self, outcome_of: dict[str, Outcome], left: Row, right: Row) -> None:
        self._outcome_of, self._left, self._right = outcome_of, left, right

    def __missing__(self, name: str) -> str:
        outcome = self[name] = self._outcome_of[name](self._left, self._right)
        return outcome


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair that no safeguard rules out: its evidence in bits, the band, the outcomes."""

    bits: float
    band: Band
    outcomes: Outcomes


class _Line(NamedTuple):
    """One comparison: its bits, and the part of them that it loses because the value is common or shared."""

    comparison: str
    bits: float
    loss: float


class Scorer:
    """A model ready to compare rows in Python."""

    def __init__(self, model: Model) -> None:
        self.model = model
        comparisons = COMPARISONS[model.kind]
        self._outcome_of = {comparison.name: outcome_of(comparison) for comparison in comparisons}
        self._barring = first_that_applies(g for g in SAFEGUARDS[model.kind] if g.at_most == "new")
        self._holding = first_that_applies(g for g in SAFEGUARDS[model.kind] if g.at_most == "review")
        self._weights = {
            (comparison.name, outcome): weight
            for comparison in comparisons
            for outcome, weight in zip(comparison.outcomes, model.weights(comparison.name), strict=True)
        }
        self._levels = {
            (comparison.name, level.name): level
            for comparison in comparisons
            for level in comparison.levels
            if level.frequency or level.holders
        }

    def weigh(self, left: Row, right: Row, worth: Worth) -> Weighed | None:
        """The evidence of a pair; None as soon as a safeguard rules it out."""
        outcomes = Found(self._outcome_of, left, right)
        if self._barring(outcomes):
            return None
        bits = worth.prior + sum([line.bits for line in self._lines(outcomes, left, right, worth)])
        return Weighed(bits, self._band(bits, held=self._holding(outcomes) is not None), outcomes)

    def verdict(self, left: Row, right: Row, worth: Worth, outcomes: Outcomes | None = None) -> Verdict:
        """The whole answer, also for a pair that is ruled out: every piece of evidence, what decided, the score.

        ``outcomes`` where they were found already.
        """
        outcomes = Found(self._outcome_of, left, right) if outcomes is None else outcomes
        lines = [*self._lines(outcomes, left, right, worth)]
        bits = worth.prior + sum(line.bits for line in lines)
        barring, holding = self._barring(outcomes), self._holding(outcomes)
        evidence = [Evidence("prior", "start", worth.prior)]
        for line in sorted(lines, key=lambda line: READING.index(line.comparison)):
            veto = barring is not None and line.comparison in barring.when
            evidence += self._told(line, outcomes[line.comparison], left, right, veto=veto)
        band: Band = "new" if barring else self._band(bits, held=holding is not None)
        rule = self._rule(bits, barring, holding)
        return Verdict(band, self._score(bits, band), rule, tuple(evidence), self.model.version)

    def _lines(self, outcomes: Outcomes, left: Row, right: Row, worth: Worth) -> Iterator[_Line]:
        """What counts of all that both sides speak of: the trained weight, corrected for the value."""
        for name in self._outcome_of:
            outcome = outcomes[name]
            if outcome == UNKNOWN:
                continue
            weight, level = self._weights[name, outcome], self._levels.get((name, outcome))
            if level is None:
                yield _Line(name, weight, 0.0)
            elif level.holders:
                shared = _worth(level.holders, left, right, worth)
                yield _Line(name, weight + shared, shared)
            elif level.frequency:
                rare = _worth(level.frequency, left, right, worth)
                # How rare this value is takes the place of how rare such values are on average.
                correction = rare + math.log2(self.model.chances[name][outcome].u)
                yield _Line(name, weight + correction, min(max(correction, rare - worth.once), 0.0))

    def _band(self, bits: float, *, held: bool) -> Band:
        if bits < self.model.review:
            return "new"
        return "review" if held or bits < self.model.join else "join"

    def _rule(self, bits: float, barring: Safeguard | None, holding: Safeguard | None) -> str:
        if barring:
            return barring.code
        if bits < self.model.review:
            return "too_little"
        if bits < self.model.join:
            return "likely"
        return holding.code if holding else f"same_{self.model.kind}"

    def _score(self, bits: float, band: Band) -> int:
        """0–100: the bits, straightened so that the thresholds fall upon the limits of the bands."""
        review, join = self.model.review, self.model.join
        if bits >= join:
            score = 90 + (bits - join) / _BITS_A_POINT
        elif bits >= review:
            score = 50 + 40 * (bits - review) / (join - review)
        else:
            score = 50 + bits - review
        low, high = BAND_SCORES[band]
        return min(max(math.floor(score), low), high)

    def _told(self, line: _Line, outcome: str, left: Row, right: Row, *, veto: bool) -> Iterator[Evidence]:
        """A comparison as evidence; what it loses because the value is common or shared, apart."""
        name, loss = line.comparison, line.loss if line.loss <= -_TOLD else 0.0
        code = "organisation_name" if name == "name" and self.model.kind == "organisation" else name
        params = tuple(sorted(_params(name, outcome, left, right)))
        yield Evidence(code, outcome, line.bits - loss, veto, params)
        if loss:
            why = "common" if self._levels[name, outcome].frequency else "shared"
            yield Evidence("worth", why, loss, params=(("of", code),))


@lru_cache(maxsize=8)
def scorer(model: Model) -> Scorer:
    """The scorer of a model, made once."""
    return Scorer(model)


def compare(model: Model, left: Row, right: Row, worth: Worth) -> Verdict:
    """Whether two completed rows are one party: the answer of the batch for the same pair, with its reasons.

    Symmetrical but for which name an explanation puts first.
    """
    return scorer(model).verdict(left, right, worth)


def _worth(column: str, left: Row, right: Row, worth: Worth) -> float:
    """What a shared value is worth; of several the best one, of two spellings the commoner one."""
    if column == LISTED:
        return max(worth.bits(LISTED, value) for value in set(left[LISTED]) & set(right[LISTED]))
    said = {value for value in (left.get(column), right.get(column)) if value is not None}
    return min((worth.bits(column, value) for value in said), default=0.0)


def _params(name: str, outcome: str, left: Row, right: Row) -> Iterator[tuple[str, str]]:
    """What the words for a piece of evidence show: names, never a number."""
    if name == "name":
        yield from (("left", left.get("name_key") or ""), ("right", right.get("name_key") or ""))
    elif name == "part" and outcome != "whole":
        yield from (("left", left.get("branch") or ""), ("right", right.get("branch") or ""))
    elif name == "id" and left.get("id_type") == right.get("id_type"):
        yield "type", left["id_type"]
    elif name == "phone" and outcome == "same":
        shared = set(left[LISTED]) & set(right[LISTED])
        yield "phone", "mobile" if any(_MOBILE.match(number) for number in shared) else "landline"
