"""Where fresh parties of a chunk belong (归并判定): at a known customer, with each other, or nowhere yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from hongyan.customer.actions.prepare import LookUpKey, may_meet
from hongyan.customer.candidates import customers_per_contact, customers_under, met_under, parties_of
from hongyan.customer.in_force import models
from hongyan.customer.queries.decisions import decisions_among
from hongyan.customer.worth import worth_now
from hongyan.identity.online.party import Party, Worth
from hongyan.identity.online.placing import Decisions, Placement, place
from hongyan.identity.record import Kind
from hongyan.identity.verdict import Verdict


def placements(parties: Sequence[Party], keys: Sequence[Sequence[LookUpKey]]) -> list[Placement]:
    """One placement for each fresh party, in order; `keys` are those of each. Call it inside `scope.bulk()`.

    Most parties of a first load meet nobody; they are new without being compared.
    """
    hits, known = met_under(key for own in keys for key in own)
    meeting = _meeting_keys(keys)
    near = [
        position
        for position, own in enumerate(keys)
        if any(key.value in hits or key in meeting for key in own)
    ]
    found = [Placement(position, None, None) for position in range(len(parties))]
    if not near:
        return found
    for position, placed in zip(near, _placed([parties[position] for position in near], known), strict=True):
        reviews = tuple(
            review if review.customer is not None else replace(review, position=near[review.position])
            for review in placed.reviews
        )
        found[position] = replace(placed, group=near[placed.group], reviews=reviews)
    return found


def fitting_elsewhere(
    changed: Sequence[Party], keys: Sequence[Sequence[LookUpKey]], customers: Sequence[int]
) -> list[list[tuple[int, Verdict]]]:
    """For each party that changed, the other customers that it fits or may fit now, with the reasons.

    The parties have their ids and stay where they are, `customers`; `keys` are their new ones. Call it inside
    `scope.bulk()`, after what changed was written.
    """
    hits = customers_under(key for own in keys for key in own)
    met = [set().union(*(hits.get(key.value, ()) for key in own)) for own in keys]
    if all(found <= {customer} for found, customer in zip(met, customers, strict=True)):
        return [[] for _ in changed]
    known = parties_of({*customers, *chain.from_iterable(met)})
    worth = worth_now(customers_per_contact(changed, chain.from_iterable(known.values())))
    decisions = _decisions(known)
    return [
        _elsewhere(party, customer, {one: known[one] for one in {customer, *found}}, worth, decisions)
        for party, customer, found in zip(changed, customers, met, strict=True)
    ]


def _elsewhere(
    party: Party,
    customer: int,
    known: Mapping[int, Sequence[Party]],
    worth: Mapping[Kind, Worth],
    decisions: Decisions,
) -> list[tuple[int, Verdict]]:
    """The other customers of one party; what else is known of its own customer stands beside it."""
    assert party.id is not None
    own = [one for one in known[customer] if one.id != party.id]
    together = {(party.id, one.id) for one in own if one.id is not None}
    (placed,) = place(
        [party],
        {**known, customer: own},
        models=models(),
        worth=worth,
        decisions=replace(decisions, must={*decisions.must, *together}),
    )
    found = {one.customer: one.verdict for one in placed.reviews if one.customer is not None}
    if placed.customer is not None and placed.verdict is not None:
        found[placed.customer] = placed.verdict
    return [(other, verdict) for other, verdict in found.items() if other != customer]


def _meeting_keys(keys: Sequence[Sequence[LookUpKey]]) -> set[LookUpKey]:
    """The keys under which somebody else of the chunk stands who has not another number for life."""
    standing: dict[int, Counter[LookUpKey]] = defaultdict(Counter)
    for own in keys:
        for key in set(own):
            standing[key.value][key] += 1
    return {
        key
        for found in standing.values()
        if found.total() > 1
        for key in found
        if found[key] > 1 or any(key != other and may_meet(key, other) for other in found)
    }


def _placed(fresh: Sequence[Party], known: Mapping[int, Sequence[Party]]) -> list[Placement]:
    worth = worth_now(customers_per_contact(fresh, chain.from_iterable(known.values())))
    if len(fresh) == 1:  # mostly without asking for decisions, which takes longer than all the rest
        placed = place(fresh, known, models=models(), worth=worth)
        if not _is_contested(*placed):
            return placed
    return place(fresh, known, models=models(), worth=worth, decisions=_decisions(known))


def _is_contested(placed: Placement) -> bool:
    """Whether a fresh party fits several known customers, which people may have told apart.

    About the fresh party itself nobody has decided yet.
    """
    joins = [one for one in placed.reviews if one.customer is not None and one.verdict.band == "join"]
    return len(joins) + (placed.customer is not None) > 1


def _decisions(customers: Collection[int]) -> Decisions:
    """What people decided about known customers."""
    decided = decisions_among(customers)
    return Decisions(decided.must, decided.override, decided.cannot)
