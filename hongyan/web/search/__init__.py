"""Search everywhere (全局搜索): what a text may mean, whom that asks, and what they answer."""

from __future__ import annotations

from hongyan.web.search.finders import Found, find_everything
from hongyan.web.search.rules import Asked, read_asked

__all__ = ["Asked", "Found", "find_everything", "read_asked"]
