"""A customer as all its parties describe it (成员)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hongyan.identity.model.columns import complete
from hongyan.identity.model.conditions import Row
from hongyan.identity.record import Kind

_CARD = "01"


@dataclass(frozen=True)
class Member:
    """One customer: its id, and the completed rows (``model.columns.complete``) of its parties, in any order."""

    id: int
    kind: Kind
    rows: tuple[Row, ...]

    @cached_property
    def birth(self) -> str:
        """Eight digits: those inside a valid card, else what is said most often; "" for nothing and for a tie."""
        return self._surest("birth_digits")

    @cached_property
    def gender(self) -> str:
        """``1``, ``2`` or ""; found as ``birth`` is."""
        return self._surest("gender")

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The phones of all parties."""
        return frozenset(number for row in self.rows for number in row.get("numbers") or ())

    @cached_property
    def doors(self) -> frozenset[str]:
        """The doors of all parties (``door_of``)."""
        return frozenset(door for door in map(door_of, self.rows) if door)

    @cached_property
    def lives(self) -> frozenset[str]:
        """Valid credentials that stay for life."""
        return frozenset(row["id_key"] for row in self.rows if row.get("id_key") and row.get("id_lifelong"))

    @cached_property
    def cards(self) -> frozenset[str]:
        """Numbers of valid identity cards; an organisation has one where its owner's stands for it (个体工商户)."""
        return frozenset(
            row["id_number"]
            for row in self.rows
            if row.get("id_type") == _CARD and row.get("id_status") == "valid"
        )

    @cached_property
    def counties(self) -> frozenset[str]:
        """Division codes of the addresses."""
        return frozenset(self.said("division"))

    def said(self, column: str) -> Iterator[Any]:
        """Every value of a column."""
        return (row[column] for row in self.rows if row.get(column) is not None)

    def _surest(self, column: str) -> str:
        told = [row for row in self.rows if row.get(column)]
        certain = [row for row in told if row.get("id_status") == "valid" and row.get("id_type") == _CARD]
        counted = Counter(row[column] for row in certain or told).most_common(2)
        if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
            return ""
        return str(counted[0][0])


def member(id_: int, kind: Kind, rows: Iterable[Row]) -> Member:
    """A member from rows of the normalised table.

    >>> member(1, "person", [{"phones": ["+8613812345678"]}]).numbers
    frozenset({'+8613812345678'})
    """
    return Member(id_, kind, tuple(complete(row) for row in rows))


def door_of(row: Row) -> str:
    """Where a row says that its party is: a room, else a house, in its county; "" when it does not say so exactly.

    >>> door_of({"division": "320508", "spot": "幸福里|12-501"})
    '320508|幸福里|12-501'
    """
    division, spot = row.get("division"), row.get("spot")
    return f"{division}|{spot}" if division and spot and not division.endswith("00") else ""
