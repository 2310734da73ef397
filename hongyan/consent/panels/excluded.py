"""How many a list leaves out, and why (排除统计)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise

from hongyan.consent.queries.excluded import Excluded
from hongyan.customer.queries.contact import Reason
from hongyan.customer.reach import REASONS, told
from hongyan.ui.lists.state import BoundFilter

Text = str | Promise


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason, how many were left out for it, the share of all in percent, and the list of them."""

    reason: Text
    count: int
    share: int
    url: str


@dataclass(frozen=True, slots=True)
class ExcludedView:
    """The count screen: who is asked for, the other conditions, who may be addressed and who not."""

    asked: str
    conditions: Sequence[BoundFilter]
    total: int
    allowed: int
    excluded: int
    rows: Sequence[ReasonRow]
    list_url: str
    all_url: str


def excluded_view(found: Excluded) -> ExcludedView:
    """The counts in words, each with the way to its customers."""
    allowed = found.counts.get(Reason.OPEN, 0)
    page = reverse("customer:list")
    return ExcludedView(
        asked=told(found.reached._replace(reason=None)),
        conditions=[one for one in found.state.chips if one.filter.key != "reach"],
        total=found.total,
        allowed=allowed,
        excluded=found.total - allowed,
        rows=[
            ReasonRow(
                label,
                found.counts[reason],
                round(100 * found.counts[reason] / found.total),
                page + _with(found, reason),
            )
            for reason, label in REASONS.items()
            if found.counts.get(reason)
        ],
        list_url=page + _with(found, None),
        all_url=page + found.state.without("reach").link(),
    )


def _with(found: Excluded, reason: Reason | None) -> str:
    reached = found.reached._replace(reason=reason)
    return replace(found.state, values={**found.state.values, "reach": reached}).link()
