"""Blocks of consent: the tab of the customer's page, and what the pages of the room show."""

from __future__ import annotations

from hongyan.consent.panels.consent import consent
from hongyan.consent.panels.excluded import excluded_view

__all__ = ["consent", "excluded_view"]
