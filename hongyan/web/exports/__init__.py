"""The lists of the organisation as files (导出). It stands beneath the desk and cannot register them there itself."""

from __future__ import annotations

from hongyan.web.exports import approvals, audit, organisation, places

__all__ = ["approvals", "audit", "organisation", "places"]
