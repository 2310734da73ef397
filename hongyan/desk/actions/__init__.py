"""Writes of the desk, as other rooms use them."""

from __future__ import annotations

from hongyan.desk.actions.notifications import notify

__all__ = ["notify"]
