"""Blocks of the ledger's pages: the business of a customer, months of units, a fact in fields and entries."""

from __future__ import annotations

from hongyan.ledger.panels.behaviour import behaviour
from hongyan.ledger.panels.behind import behind
from hongyan.ledger.panels.business import AbsentSystem, business
from hongyan.ledger.panels.facts import fact_url, fact_view
from hongyan.ledger.panels.figures import unit_figure
from hongyan.ledger.panels.numbers import find_number
from hongyan.ledger.panels.partitions import partition_view
from hongyan.ledger.panels.sections import sections
from hongyan.ledger.panels.units import unit_view

__all__ = [
    "AbsentSystem", "behaviour", "behind", "business", "fact_url", "fact_view", "find_number", "partition_view",
    "sections", "unit_figure", "unit_view",
]  # fmt: skip
