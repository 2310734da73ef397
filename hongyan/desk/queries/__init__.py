"""Reads of the desk, as other rooms use them."""

from __future__ import annotations

from hongyan.desk.queries.list_views import opening_query, saved_views
from hongyan.desk.queries.notifications import unread

__all__ = ["opening_query", "saved_views", "unread"]
