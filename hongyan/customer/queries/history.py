"""What happened to a customer, newest first, from four tables in one query (变更历史)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer, GoldenChange, Link, SourceRecord
from hongyan.customer.queries.search import SEARCHING
from hongyan.ui.lists import Page, paginate_by
from hongyan.ui.lists.paging import BadCursor, Where

PAGE_SIZE = 30

OPENING = "customer.open"
"""The act of opening a customer."""

STATING = "customer.state_purpose"
"""The act of saying what a customer of others is needed for."""

ASKING = "customer.ask_purpose"
"""The act of being asked for it: the page that asks tells the customer's name."""

_LOOKS = (OPENING, ASKING, STATING, SEARCHING)
"""Acts left out of the history, where every look would bury the changes. The audit has them."""


class Kind(StrEnum):
    """What sort of thing happened. The order of the letters breaks ties of the same instant."""

    AUDIT = "audit"
    CHANGE = "change"
    LINK = "link"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    | kind | subject | before | after | note |
    |---|---|---|---|---|
    | audit | act | result | – | purpose |
    | change | golden field | value | value | source record's id |
    | link | system | key | outcome | – |
    | record | system | key | version | part |
    """

    at: datetime
    kind: Kind
    id: int
    who: str
    subject: str
    before: str
    after: str
    note: str


def history_of(customers: Sequence[Customer], where: Where) -> Page[Entry]:
    """A page of the history of a customer and of its aliases. One query."""
    return paginate_by(
        partial(_fetch, customers),
        where,
        position_of=lambda entry: (entry.at, entry.kind, entry.id),
        size=PAGE_SIZE,
    )


def _fetch(
    customers: Sequence[Customer], position: list[Any] | None, limit: int, *, backward: bool
) -> Sequence[Entry]:
    asked = _read_position(position) if position is not None else None
    first, *others = (
        branch.filter(_beyond(kind, asked, backward=backward)) if asked else branch
        for kind, branch in _branches(customers).items()
    )
    order = ("entry_at", "-entry_kind", "id") if backward else ("-entry_at", "entry_kind", "-id")
    rows = first.union(*others, all=True).order_by(*order)[:limit]
    return [Entry(at, Kind(kind), *rest) for at, kind, *rest in rows]


def _branches(customers: Sequence[Customer]) -> dict[Kind, QuerySet[Any, tuple[Any, ...]]]:
    codes = [customer.code for customer in customers]
    about = AuditEvent.objects.filter(subject_kind="customer", subject__in=codes)
    audits = about.exclude(act__in=_LOOKS)
    changes = GoldenChange.objects.filter(customer__in=customers)
    links = Link.objects.filter(customer__in=customers)
    records = SourceRecord.objects.filter(party__customer__in=customers)
    nothing, system, key = Value(""), "party__system", "party__key"
    return {
        Kind.AUDIT: _columns(audits, Kind.AUDIT, "at", "actor_name", "act", "result", nothing, "purpose"),
        Kind.CHANGE: _columns(changes, Kind.CHANGE, "at", "actor", "field", "before", "after", "record_id"),
        Kind.LINK: _columns(links, Kind.LINK, "since", "decided_by", system, key, "outcome", nothing),
        Kind.RECORD: _columns(records, Kind.RECORD, "received_at", nothing, system, key, "version", "part"),
    }


def _columns(rows: QuerySet[Any], kind: Kind, at: str, *texts: str | Value) -> QuerySet[Any, tuple[Any, ...]]:
    """The columns of an Entry, in its order; all but the first and third as text, so that the branches unite."""
    names = ("who", "subject", "before", "after", "note")
    columns = {
        f"entry_{name}": Cast(text if isinstance(text, Value) else F(text), CharField())
        for name, text in zip(names, texts, strict=True)
    }
    entry_kind = Value(kind.value, output_field=CharField())
    annotated = rows.order_by().annotate(entry_at=F(at), entry_kind=entry_kind, **columns)
    united: QuerySet[Any, tuple[Any, ...]] = annotated.values_list("entry_at", "entry_kind", "id", *columns)
    return united


def _read_position(position: list[Any]) -> tuple[datetime, Kind, int]:
    try:
        at, kind, key = position
        return datetime.fromisoformat(at), Kind(kind), int(key)
    except (TypeError, ValueError, OverflowError):
        raise BadCursor(position) from None


def _beyond(kind: Kind, asked: tuple[datetime, Kind, int], *, backward: bool) -> Q:
    """Rows of one branch strictly beyond a position: later kinds and smaller ids follow within one instant."""
    at, asked_kind, key = asked
    further = Q(entry_at__gt=at) if backward else Q(entry_at__lt=at)
    if kind == asked_kind:
        return further | (Q(entry_at=at) & (Q(id__gt=key) if backward else Q(id__lt=key)))
    follows = kind < asked_kind if backward else kind > asked_kind
    return further | Q(entry_at=at) if follows else further
