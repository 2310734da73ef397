"""Customers and everything that says who they are (客户主数据).

    SourceParty ──< SourceRecord        what each system says, every version
         │
        Link (dated, append-only)       which customer a party is, by which decision
         │
     Customer ──< Identifier            golden record, calculated; keys to find it by
         ├──< Merge, PairDecision, GoldenPin  what people decided about who is who
         ├──< Relationship ──< Ownership  business per line; who looks after it
         └──< CustomerScope, ListRow, SearchToken   projections that carry the organisation number

Merge and split change links only. Projections hold nothing that cannot be calculated again.
"""

from __future__ import annotations

from hongyan.customer.models.business import Ownership, Relationship
from hongyan.customer.models.golden import GoldenChange, GoldenPin
from hongyan.customer.models.keys import CandidateKey, Identifier, StrongKey, ValueCount
from hongyan.customer.models.merging import Merge, PairDecision
from hongyan.customer.models.parties import (
    Customer,
    CustomerQuerySet,
    CustomerScope,
    Link,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.models.projections import ListRow, SearchToken
from hongyan.customer.models.review import CaseBatch, CaseRow, ReviewCase, SecondLook

__all__ = [
    "CandidateKey",
    "CaseBatch",
    "CaseRow",
    "Customer",
    "CustomerQuerySet",
    "CustomerScope",
    "GoldenChange",
    "GoldenPin",
    "Identifier",
    "Link",
    "ListRow",
    "Merge",
    "Ownership",
    "PairDecision",
    "Relationship",
    "ReviewCase",
    "SearchToken",
    "SecondLook",
    "SourceParty",
    "SourceRecord",
    "StrongKey",
    "ValueCount",
]
