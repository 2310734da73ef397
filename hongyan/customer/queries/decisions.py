"""What people decided about pairs of customers (人工判定), as those need it who compare records.

A decision names two parties that stand for the two sides, so it follows them wherever merges and splits take them. Of
two decisions on one pair the later holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hongyan.customer.codes import PairVerdict
from hongyan.customer.models import PairDecision

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PairDecisions:
    """Pairs of party ids: what is one (`must`, of which `override` goes against two valid IDs), and what is not."""

    must: frozenset[Pair] = frozenset()
    override: frozenset[Pair] = frozenset()
    cannot: frozenset[Pair] = frozenset()


def decisions_among(customers: Collection[int]) -> PairDecisions:
    """The decisions that hold about parties of some present customers, as pairs of party ids. One query."""
    last = _last(customers)
    same = {pair for pair, decision in last.items() if decision.verdict == PairVerdict.SAME}
    return PairDecisions(
        must=frozenset(same),
        override=frozenset(pair for pair in same if (merge := last[pair].merge) and merge.is_override),
        cannot=frozenset(pair for pair, one in last.items() if one.verdict == PairVerdict.DIFFERENT),
    )


def decided_apart(customers: Collection[int]) -> frozenset[Pair]:
    """Pairs of present customers, the smaller id first, that people told apart; one of either is among `customers`."""
    apart = [one for one in _last(customers).values() if one.verdict == PairVerdict.DIFFERENT]
    # every party that was decided on belongs to a customer
    pairs = {(one.party.customer_id or 0, one.other_party.customer_id or 0) for one in apart}
    return frozenset((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1])


def _last(customers: Collection[int]) -> dict[Pair, PairDecision]:
    """(smaller party, greater party) → the last decision on them."""
    if not customers:
        return {}
    decisions = PairDecision.objects.select_related("party", "other_party", "merge")
    of_one = decisions.filter(party__customer_id__in=list(customers))
    of_other = decisions.filter(other_party__customer_id__in=list(customers))
    return {
        (min(one.party_id, one.other_party_id), max(one.party_id, one.other_party_id)): one
        for one in of_one.union(of_other).order_by("id")
    }
