"""What speaks for two stored customers being one (归并依据): their parties compared by the model of the house."""

from __future__ import annotations

from itertools import islice, product

from hongyan.customer.candidates import customers_per_contact, parties_of
from hongyan.customer.in_force import models
from hongyan.customer.worth import worth_now
from hongyan.identity.online.scoring import compare
from hongyan.identity.verdict import Verdict

COMPARED = 64
"""Of two customers with many parties, so many pairs are compared."""


def verdict_between(one: int, other: int) -> Verdict | None:
    """The strongest verdict on a party of either customer; None for a person and an organisation.

    Call it inside `scope.bulk()`: how common a value is, no post in a scope may read.
    """
    known = parties_of([one, other])
    pairs = [
        (left, right)
        for left, right in islice(product(known.get(one, ()), known.get(other, ())), COMPARED)
        if left.kind == right.kind
    ]
    worth = worth_now(customers_per_contact([left for left, _ in pairs], [right for _, right in pairs]))
    verdicts = (compare(models()[left.kind], left.row, right.row, worth[left.kind]) for left, right in pairs)
    return max(verdicts, key=lambda verdict: (verdict.score, verdict.bits), default=None)
