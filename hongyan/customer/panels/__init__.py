"""Blocks of the customer's page (客户360): a panel answers what its tab shows; `web/customer360.py` lists them."""

from __future__ import annotations

from hongyan.customer.panels.activity import activity
from hongyan.customer.panels.basic import basic
from hongyan.customer.panels.contacts import contacts
from hongyan.customer.panels.files import files
from hongyan.customer.panels.history import what_happened
from hongyan.customer.panels.merges import what_was_merged
from hongyan.customer.panels.overview import (
    case_views,
    header,
    line_chips,
    lines_without_business,
    owner_facts,
    side_parts,
)
from hongyan.customer.panels.relations import relations
from hongyan.customer.panels.sources import sources
from hongyan.customer.panels.suggestions import (
    FindNumber,
    FoundNumber,
    list_address,
    list_query,
    suggested,
    suggestion_groups,
)
from hongyan.customer.panels.tabs import Asked, FindRow, Panel, RowLink
from hongyan.customer.panels.words import LABELS, label_of

__all__ = [
    "LABELS", "Asked", "FindNumber", "FindRow", "FoundNumber", "Panel", "RowLink", "activity", "basic",
    "case_views", "contacts", "files", "header", "label_of", "line_chips", "lines_without_business", "list_address",
    "list_query", "owner_facts", "relations", "side_parts", "sources", "suggested", "suggestion_groups",
    "what_happened", "what_was_merged",
]  # fmt: skip
