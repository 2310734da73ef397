"""Tables whose rows carry the number of a unit in `org_no`, and follow it when units are numbered anew (机构编号).

    numbered.follow("customer_listrow", gettext_lazy("客户列表"))

The organisation cannot know who stands above it; each room declares its own. What is not declared keeps the numbers it
was written under, as the audit does (DESIGN 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


def _nothing() -> None:
    """Nobody to wait for."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """One table. `hold` keeps others from writing rows under old numbers until the transaction ends."""

    table: str
    label: str | Promise
    hold: Callable[[], None] = _nothing


_tables: dict[str, Numbered] = {}


def follow(table: str, label: str | Promise, *, hold: Callable[[], None] = _nothing) -> None:
    """Declare a table; it is declared once."""
    if table in _tables:
        raise ValueError(f"table {table} is declared twice")
    _tables[table] = Numbered(table, label, hold)


def tables() -> list[Numbered]:
    """All declared tables by name."""
    return [_tables[table] for table in sorted(_tables)]
