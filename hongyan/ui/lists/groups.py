"""Rows counted by group (分组计数): how many stand behind each option of a filter, each number a way to its rows.

Counting stops at the list's cap in every group, so a group of a million costs as much as one of a thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Value

from hongyan.ui.lists.counting import Count
from hongyan.ui.lists.filters import Text
from hongyan.ui.lists.state import ListState

MOST_GROUPS = 60

RowsOf = Callable[[ListState], QuerySet[Any]]
"""The rows a list starts from at a state."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: how many rows it has, and the list of them."""

    label: Text
    count: Count
    url: str


@dataclass(frozen=True, slots=True)
class GroupingChoice:
    """A way to group: the key of the filter whose options are counted."""

    key: str
    label: Text
    url: str
    is_chosen: bool


def grouping_choices(state: ListState) -> list[GroupingChoice]:
    """By what the rows may be counted: the filters that the list names."""
    return [
        GroupingChoice(
            one.filter.key,
            one.filter.label,
            state.grouped_by(one.filter.key).link(),
            one.filter.key == state.group,
        )
        for one in state.filters
        if one.filter.key in state.spec.groupings
    ]


def groups_of(state: ListState, rows_of: RowsOf) -> tuple[list[Group], Count]:
    """The groups that have rows, in the order of the filter's options, and the count of all rows. One query.

    What has two lines stands in the groups of both: the numbers need not add up. Counting stops at the cap.
    """
    bound = next(one for one in state.filters if one.filter.key == state.group)
    parts = bound.filter.parts(bound.value, state.viewer)[:MOST_GROUPS]
    found = [(option, state.having(bound.filter.key, value)) for option, value in parts]
    cap = state.spec.count_cap
    everything, *counts = _counted(
        [(rows_of(one), one) for one in (state, *(one for _option, one in found))], cap
    )
    groups = [
        Group(option.label, count, one.grouped_by("").link())
        for (option, one), count in zip(found, counts, strict=True)
        if count.value or count.is_capped
    ]
    return groups, everything


def _counted(asked: list[tuple[QuerySet[Any], ListState]], cap: int) -> list[Count]:
    """How many rows each has, counted no further than one past the cap."""
    parts = [
        state.apply(queryset).order_by()[: cap + 1].values_list(Value(number, IntegerField()))
        for number, (queryset, state) in enumerate(asked)
    ]
    found = Counter(number for (number,) in parts[0].union(*parts[1:], all=True))
    return [Count(min(found[number], cap), is_capped=found[number] > cap) for number in range(len(parts))]
