"""A source's key that was given to somebody else (换人的客户号).

Keys belong to the systems that give them, and some give an old one out again. What then looks like a change of one
customer is another one; taken at its word it would put a stranger's name and ID on somebody's code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """What one version of a record says about who it is; credentials are the blinded valid ones."""

    party_type: str
    name: str
    credentials: frozenset[bytes]


def is_somebody_else(before: Stated, after: Stated) -> bool:
    """Whether a new version of a record speaks of another customer than the version before.

    Two different valid credentials are two customers (DESIGN 3, Identity 4), unless the name stayed: then a number was
    corrected or a document renewed. A person never becomes an organisation.

    >>> before = Stated("P", "林小燕", frozenset({b"1"}))
    >>> is_somebody_else(before, Stated("P", "林小燕", frozenset({b"2"})))
    False
    >>> is_somebody_else(before, Stated("P", "陈大文", frozenset({b"2"})))
    True
    """
    if before.party_type != after.party_type:
        return True
    both = bool(before.credentials and after.credentials)
    return both and before.credentials.isdisjoint(after.credentials) and before.name != after.name
