"""What happened to a customer and what lies ahead, from the tables of every room in one query (动态).

Nothing is written for the timeline: a *branch* is what a room tells of its own rows, as a queryset made by `told`. So
it says what the tables say, a merge reads the aliases' rows and a split parts them, and each table keeps its walls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, CharField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from hongyan.ui.lists import Page, paginate_by
from hongyan.ui.lists.paging import BadCursor, Where

PAGE_SIZE = 30
MOST_AHEAD = 12

Branch = QuerySet[Any, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened or is due: when, of which branch, its key in it, by whom, what its words
    need, and whether it is still ahead."""

    at: datetime
    kind: str
    key: str
    who: str
    said: Mapping[str, Any]
    is_due: bool


def told(rows: QuerySet[Any], *, at: str, who: str = "", key: str = "pk", **said: Any) -> Branch:
    """Rows of one table as a branch. `at` is an instant or a day, which begins at midnight UTC; `who` a column.

    `key` sets rows of one instant in order; `said` are columns or expressions, by the name under which words read them.
    """
    told_at = Cast(F(at), DateTimeField())
    columns = {
        "told_key": Cast(F(key), CharField()),
        "told_who": Cast(F(who) if who else Value(""), CharField()),
        "told_said": JSONObject(**said),
    }
    annotated = rows.order_by().annotate(told_at=told_at, **columns)
    branch: Branch = annotated.filter(told_at__isnull=False).values_list("told_at", *columns)
    return branch


@dataclass(frozen=True, slots=True)
class Chronicle:
    """What is due, the most urgent first, and a page of what happened, the newest first."""

    due: Sequence[Told]
    past: Page[Told]


def chronicle(past: Mapping[str, Branch], ahead: Mapping[str, Branch], where: Where) -> Chronicle:
    """What happened, a page, and on the first page what is `ahead`, at most `MOST_AHEAD`. One query."""
    due: list[Told] = []

    def fetch(position: list[Any] | None, limit: int, *, backward: bool) -> Sequence[Told]:
        if position is not None:
            return _read(_beyond_all(past, position, backward=backward), {}, limit, backward=backward)
        found = _read(past, ahead, limit, backward=backward)
        due[:] = sorted((one for one in found if one.is_due), key=lambda one: one.at)[:MOST_AHEAD]
        return [one for one in found if not one.is_due]

    page = paginate_by(fetch, where, position_of=lambda one: (one.at, one.kind, one.key), size=PAGE_SIZE)
    return Chronicle(due, page)


def _read(
    past: Mapping[str, Branch], ahead: Mapping[str, Branch], limit: int, *, backward: bool
) -> list[Told]:
    """All that is ahead, and the first of the past; each branch is cut first, so that its index ends the reading."""
    sign = "" if backward else "-"
    cut = [
        *(_cut(kind, branch, limit, f"{sign}told_at", f"{sign}told_key") for kind, branch in past.items()),
        *(
            _cut(kind, branch, MOST_AHEAD, "told_at", "told_key", is_due=True)
            for kind, branch in ahead.items()
        ),
    ]
    if not cut:
        return []
    order = ("-told_due", f"{sign}told_at", f"{sign}told_kind", f"{sign}told_key")
    first, *others = cut
    rows = first.union(*others, all=True).order_by(*order) if others else first
    return [Told(*row) for row in rows[: limit + MOST_AHEAD * len(ahead)]]


def _cut(kind: str, branch: Branch, limit: int, *order: str, is_due: bool = False) -> Branch:
    named = branch.annotate(
        told_kind=Value(kind, output_field=CharField()), told_due=Value(is_due, output_field=BooleanField())
    )
    columns = ("told_at", "told_kind", "told_key", "told_who", "told_said", "told_due")
    cut: Branch = named.order_by(*order).values_list(*columns)[:limit]
    return cut


def _beyond_all(
    branches: Mapping[str, Branch], position: list[Any], *, backward: bool
) -> Mapping[str, Branch]:
    asked = _read_position(position)
    return {
        kind: branch.filter(_beyond(kind, *asked, backward=backward)) for kind, branch in branches.items()
    }


def _read_position(position: list[Any]) -> tuple[datetime, str, str]:
    try:
        at, kind, key = position
        if "\0" in kind or "\0" in key or len(kind) > 20 or len(key) > 200:
            raise BadCursor(position)
        key.encode()
        return datetime.fromisoformat(at), kind, key
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise BadCursor(position) from None


def _beyond(branch: str, at: datetime, kind: str, key: str, *, backward: bool) -> Q:
    """Rows of one branch strictly beyond a position; kinds are told apart in the order of their letters."""
    way = "gt" if backward else "lt"
    further = Q(**{f"told_at__{way}": at})
    if branch == kind:
        return further | Q(told_at=at, **{f"told_key__{way}": key})
    follows = branch > kind if backward else branch < kind
    return further | Q(told_at=at) if follows else further
