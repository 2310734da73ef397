"""Blocks that the customer's life lends to other pages."""

from __future__ import annotations

from hongyan.lifecycle.panels.applications import life

__all__ = ["life"]
