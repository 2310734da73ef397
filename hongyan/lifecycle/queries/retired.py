"""Closed customers who have to keep a name no longer (到期可匿名化), X-20.

Who is frozen, blacklisted, asks for something, waits for somebody's decision or holds something still keeps it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hongyan.classes.models import BlacklistEntry
from hongyan.classes.queries.blacklist import in_force
from hongyan.consent.models import PersonRequest
from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.customer.codes import CorrectionState, MergeState, Status
from hongyan.customer.models import Correction, Customer, Freeze, GoldenChange, Merge, Relationship
from hongyan.ledger.codes import HoldingStatus
from hongyan.ledger.models import Holding
from hongyan.lifecycle.codes import WAITING
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.parameters import RETENTION_YEARS, UNDO_DAYS
from hongyan.lifecycle.rules.retiring import nameless_from
from hongyan.org.codes import Line


@dataclass(frozen=True, slots=True)
class Retired:
    """A customer who is due: since when it is closed, and since when nobody has to know who it was."""

    id: int
    code: str
    closed_on: date
    due_on: date


def retired(*, among: Collection[int] | None = None) -> list[Retired]:
    """Customers due for anonymising today, by id. Call it inside `scope.bulk()`; a query for each line, and two."""
    today, undo_days = clock.business_date(), int(value_of(UNDO_DAYS))
    years = {line: int(value_of(RETENTION_YEARS, line=line)) for line in Line.values}
    closed = _closed() if among is None else _closed().filter(pk__in=among)
    rows = list(closed.only("id", "code").order_by("id"))
    lines = _lines_of([row.pk for row in rows])
    found = []
    for row in rows:
        day = clock.business_date(row.closed_at)  # type: ignore[attr-defined]
        due = nameless_from(day, years=[years[line] for line in lines[row.pk]], undo_days=undo_days)
        if due <= today:
            found.append(Retired(row.pk, row.code, day, due))
    return found


def _closed() -> QuerySet[Customer]:
    """Closed customers whom nothing holds, with `closed_at`: when it was, or when they came, closed already."""
    ended = GoldenChange.objects.filter(customer=OuterRef("pk"), field="status", after=Status.DEREGISTERED)
    its_own = Q(customer=OuterRef("pk")) | Q(customer__survivor=OuterRef("pk"))
    either = Q(survivor=OuterRef("pk")) | Q(absorbed=OuterRef("pk"))
    holds = (
        Relationship.objects.filter(its_own).exclude(status=Status.DEREGISTERED),
        Freeze.objects.filter(its_own, until=None),
        BlacklistEntry.objects.filter(its_own).filter(in_force(clock.business_date())),
        PersonRequest.objects.filter(its_own, is_closed=False),
        Application.objects.filter(its_own, state__in=WAITING),
        Correction.objects.filter(its_own, state=CorrectionState.WAITING),
        Merge.objects.filter(either, state=MergeState.WAITING),
        Holding.objects.filter(party__customer=OuterRef("pk")).exclude(status=HoldingStatus.CLOSED),
    )
    rows = Customer.objects.filter(status=Status.DEREGISTERED, survivor=None, anonymised_at=None)
    for hold in holds:
        rows = rows.exclude(Exists(hold))
    latest = Subquery(ended.order_by("-at").values("at")[:1])
    return rows.annotate(closed_at=Coalesce(latest, F("created_at")))


def _lines_of(customers: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Relationship.objects.filter(customer__in=customers).values_list("customer_id", "line")
    for customer, line in rows:
        found[customer].add(line)
    return found
