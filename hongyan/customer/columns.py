"""Columns that lists about customers share, and those that rooms above lend the list of customers (列表的列).

lend_column(LentColumn(Column("tags", _("标签"), cell, default=False), annotate))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from hongyan.customer.models import Customer
from hongyan.org.codes import Viewer
from hongyan.ui import cells
from hongyan.ui.lists import Column


def standing_customer(row: Any) -> Customer:
    """Who stands for a row's `customer` now: after a merge the survivor, read with the row."""
    return row.customer.survivor or row.customer  # type: ignore[no-any-return]


def who_columns(of: Callable[[Any], Customer] = attrgetter("customer")) -> tuple[Column, Column]:
    """Whom a row is about, by name and code: its `customer`, or whoever it is `of`."""
    return (
        Column(
            "name",
            gettext_lazy("名称"),
            lambda row: cells.named(of(row).name, key=of(row).code),
            phone_role="title",
        ),
        Column(
            "code",
            gettext_lazy("客户编码"),
            lambda row: cells.code(of(row).code),
            width="m",
            phone_role="subtitle",
        ),
    )


@dataclass(frozen=True, slots=True)
class LentColumn:
    """A column of the list of customers that only a room above can fill. `annotate` gives rows what its cell reads,
    where a reader chose to see it.
    """

    column: Column
    annotate: Callable[[Viewer, QuerySet[Any]], QuerySet[Any]]


_lent: list[LentColumn] = []


def lend_column(lent: LentColumn) -> None:
    """Offer a column to readers of the list; its key is lent once."""
    if lent.column.key in {one.column.key for one in _lent}:
        raise ValueError(f"column {lent.column.key} is lent twice")
    _lent.append(lent)


def lent_columns() -> Sequence[LentColumn]:
    """What rooms above lend."""
    return tuple(_lent)


def with_lent(viewer: Viewer, columns: Sequence[Column], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with what the lent ones among the shown columns read."""
    for one in _lent:
        if one.column in columns:
            rows = one.annotate(viewer, rows)
    return rows
