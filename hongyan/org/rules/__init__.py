"""Decisions about the organisation, pure: numbering of the trees, delivered rows, spelling of names."""

from __future__ import annotations

from hongyan.org.rules.numbering import BANK_OFFSET, Node, Range, insert_leaf, number_tree

__all__ = ["BANK_OFFSET", "Node", "Range", "insert_leaf", "number_tree"]
