"""Customers and everything that says who they are (客户主数据).

    SourceParty ──< SourceRecord        what each system says, every version
         │
        Link (dated, append-only)       which customer a party is, by which decision
         │
     Customer ──< Identifier            golden record, calculated; keys to find it by
         ├──< Merge, PairDecision, GoldenPin  what people decided about who is who
         ├──< ModelPair >── IdentityModel     what the models say of pairs, trained in the house
         ├──< Correction              what people corrected by hand, and what waits for a second person
         ├──< Relationship ──< Ownership  business per line; who looks after it, with which Assistants
         ├──< CustomerScope, ListRow, SearchToken   projections that carry the organisation number
         └──< ContactPermission           projection of what they agreed to, for lists

Merge and split change links only. Projections hold nothing that cannot be calculated again.
"""

from __future__ import annotations

from hongyan.customer.models.business import Assistant, Ownership, Relationship
from hongyan.customer.models.comparing import IdentityModel, ModelPair, ModelUse
from hongyan.customer.models.corrections import Correction
from hongyan.customer.models.entries import Entry
from hongyan.customer.models.freezes import Freeze
from hongyan.customer.models.golden import GoldenChange, GoldenPin
from hongyan.customer.models.keys import CandidateKey, Identifier, StrongKey, ValueCount
from hongyan.customer.models.layouts import Layout
from hongyan.customer.models.marks import CustomerMark
from hongyan.customer.models.merging import Merge, PairDecision
from hongyan.customer.models.parties import (
    Customer,
    CustomerQuerySet,
    CustomerScope,
    Link,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.models.permissions import ContactPermission
from hongyan.customer.models.projections import ListRow, SearchToken
from hongyan.customer.models.relations import Relation, RelationKey, TouchedCustomer
from hongyan.customer.models.review import CaseBatch, CaseRow, ResolutionCount, ReviewCase, SecondLook
from hongyan.customer.models.shares import Share

__all__ = [
    "Assistant",
    "CandidateKey",
    "CaseBatch",
    "CaseRow",
    "ContactPermission",
    "Correction",
    "Customer",
    "CustomerMark",
    "CustomerQuerySet",
    "CustomerScope",
    "Entry",
    "Freeze",
    "GoldenChange",
    "GoldenPin",
    "Identifier",
    "IdentityModel",
    "Layout",
    "Link",
    "ListRow",
    "Merge",
    "ModelPair",
    "ModelUse",
    "Ownership",
    "PairDecision",
    "Relation",
    "RelationKey",
    "Relationship",
    "ResolutionCount",
    "ReviewCase",
    "SearchToken",
    "SecondLook",
    "Share",
    "SourceParty",
    "SourceRecord",
    "StrongKey",
    "TouchedCustomer",
    "ValueCount",
]
