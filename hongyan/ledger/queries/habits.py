"""When and how a customer does business (行为视图), added up from facts: day, hour, way, unit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractHour

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import MailItem, Transaction


@dataclass(frozen=True, slots=True)
class Habit:
    """So many facts of a kind on a day, in an hour (0–23, in China), by a way, at a unit.

    `way` is a code of `Channel` for transactions, of `PickupMode` for mail items; empty where none is stated.
    """

    kind: str
    day: date
    hour: int
    way: str
    unit: str
    line: str
    count: int


def habits_of(party_ids: Collection[int], lines: Collection[str], *, since: date) -> list[Habit]:
    """What source parties did from a day on, in some lines; reversals taken off. One query.

    The caller asks about parties the viewer may see; the lines are those whose facts they see.
    """

    def added(rows: QuerySet[Transaction] | QuerySet[MailItem], kind: FactKind, way: str) -> Any:
        own = rows.filter(party_id__in=party_ids, business_date__gte=since, line__in=lines).order_by()
        named = own.annotate(
            told=Value(kind.value, output_field=CharField()),
            hour=ExtractHour("event_time", tzinfo=BUSINESS_ZONE),
            way=Coalesce(way, Value(""), output_field=CharField()),
        )
        grouped = named.values("told", "business_date", "hour", "way", "unit__name", "line")
        return (
            grouped.annotate(count=Sum("entry"))
            .filter(count__gt=0)
            .values_list("told", "business_date", "hour", "way", "unit__name", "line", "count")
        )

    transactions = added(Transaction.objects.all(), FactKind.TRANSACTION, "channel")
    items = added(MailItem.objects.all(), FactKind.MAIL_ITEM, "pickup_mode")
    return [Habit(*row) for row in transactions.union(items, all=True)]
