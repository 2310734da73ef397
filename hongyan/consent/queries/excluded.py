"""Whom a filter by consent leaves out of a list, and why (排除统计)."""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.core import clock
from hongyan.customer import lists
from hongyan.customer.queries.contact import Reason, counts_by_reason
from hongyan.customer.reach import Reached
from hongyan.org.codes import Viewer
from hongyan.ui.lists import ListState


@dataclass(frozen=True, slots=True)
class Excluded:
    """Counts of a list's customers per reason; `state` is the list with its filter by consent."""

    state: ListState
    reached: Reached
    counts: dict[Reason, int]

    @property
    def total(self) -> int:
        """All customers of the list without the filter by consent."""
        return sum(self.counts.values())


def excluded_from(viewer: Viewer, state: ListState) -> Excluded | None:
    """Count the customers that the other filters leave; None for a list that does not ask for consent. One query."""
    reached: Reached | None = state.values.get("reach")
    if reached is None:
        return None
    others = state.without("reach")
    rows = others.apply(lists.rows_for(viewer, others.values))
    return Excluded(state, reached, counts_by_reason(rows, reached.reach, at=clock.now()))
