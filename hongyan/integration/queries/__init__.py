"""Reads of intake: the ledger for everybody who may read intake, quarantined rows within the viewer's scope."""

from __future__ import annotations

from hongyan.integration.queries.deliveries import find_delivery

__all__ = ["find_delivery"]
