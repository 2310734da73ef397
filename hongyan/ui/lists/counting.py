"""Counting that stops early: a list says “1,000+” at once and counts on only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Count:
    """A number of rows; ``is_capped`` when there are more than it says."""

    value: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.value:,}{'+' if self.is_capped else ''}"


def capped_count(queryset: QuerySet[Any], cap: int | None = 1000) -> Count:
    """How many rows, counting no further than ``cap`` (None: all of them)."""
    rows = queryset.order_by()
    if cap is None:
        return Count(rows.count())
    if rows.query.group_by is None and not rows.query.values_select:
        rows = rows.values("pk")  # what is shown beside a row costs a look-up each, and is not counted
    found = rows[: cap + 1].count()
    return Count(min(found, cap), is_capped=found > cap)
