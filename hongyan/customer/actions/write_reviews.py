"""Cases that intake leaves to a steward (转人工): fresh parties in doubt, changed ones that fit somebody else now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.place_fresh import fitting_elsewhere
from hongyan.customer.actions.prepare import Prepared
from hongyan.customer.models import ReviewCase
from hongyan.customer.queries.decisions import decided_apart
from hongyan.identity.online.placing import Placement
from hongyan.identity.verdict import Verdict

Doubt = tuple[int, int, int, Verdict]
"""A party, its customer, another customer that it may be, and why."""


def write_reviews(
    placed: Sequence[Placement], parties: Sequence[int], customers: Sequence[int], chunk: Chunk
) -> None:
    """Open the cases of fresh parties, each of which has been given its customer."""
    doubts: list[Doubt] = []
    for placement, party, customer in zip(placed, parties, customers, strict=True):
        candidates = (
            (customers[review.position] if review.customer is None else review.customer, review.verdict)
            for review in placement.reviews
        )
        own = [
            (party, customer, candidate, verdict)
            for candidate, verdict in candidates
            if candidate != customer
        ]
        chunk.counts.review += bool(own)
        doubts += own
    _open_cases(doubts, chunk)


def review_changed(changed: Sequence[tuple[Prepared, Known]], chunk: Chunk) -> None:
    """Open a case where a known party fits another customer now: it never moves by itself (ADR 0010)."""
    parties = [replace(item.party, id=stored.party_id) for item, stored in changed if item.party]
    found = fitting_elsewhere(
        parties, [item.keys for item, _ in changed], [stored.customer_id for _, stored in changed]
    )
    doubts = [
        (stored.party_id, stored.customer_id, candidate, verdict)
        for (_, stored), others in zip(changed, found, strict=True)
        for candidate, verdict in others
    ]
    chunk.counts.review += len(_open_cases(doubts, chunk))


def _open_cases(doubts: Iterable[Doubt], chunk: Chunk) -> set[int]:
    """Open a case for each pair that has none yet and was not told apart by people; the parties that opened one."""
    cases: dict[tuple[int, int], ReviewCase] = {}
    for party, customer, candidate, verdict in doubts:
        pair = (min(customer, candidate), max(customer, candidate))
        cases.setdefault(
            pair,
            ReviewCase(
                customer_id=customer,
                candidate_id=candidate,
                party_id=party,
                score=verdict.score,
                evidence=asdict(verdict),
                created_at=chunk.now,
            ),
        )
    if not cases:
        return set()
    involved = {customer for pair in cases for customer in pair}
    stored = ReviewCase.objects.filter(customer_id__in=involved, candidate_id__in=involved)
    for one, other in [*stored.values_list("customer_id", "candidate_id"), *decided_apart(involved)]:
        cases.pop((min(one, other), max(one, other)), None)
    ReviewCase.objects.bulk_create(cases.values())
    # Both sides show that a steward is wanted.
    chunk.touched |= {case.candidate_id for case in cases.values()}
    return {case.party_id for case in cases.values()}
