"""Monthly figures: of a customer's source parties, of the units of a scope (月度业务事实, V36-i03).

As they are now they are read from the sums that booking keeps. As they were known at an instant they are added up from
the entries known then: the same rows, the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, Sum, When
from django.db.models.functions import TruncMonth

from hongyan.ledger.codes import Nature
from hongyan.ledger.models import MailItem, MonthlyFact, Transaction, UnitMonth
from hongyan.ledger.queries.access import lines_of, units_in
from hongyan.org.codes import Viewer

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Figures:
    """What is added up of facts: rows, pieces, grams and yuan."""

    items: int = 0
    quantity: int = 0
    weight_g: int = 0
    revenue: Decimal = NOTHING
    inflow: Decimal = NOTHING
    outflow: Decimal = NOTHING

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in MEASURES))

    @property
    def is_nothing(self) -> bool:
        return not any(getattr(self, name) for name in MEASURES)


MEASURES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class MonthLine:
    """Figures of one system in one line in one month; `month` is its first day."""

    month: date
    line: str
    system: str
    figures: Figures


def months_of(party_ids: Collection[int], *, known_before: datetime | None = None) -> list[MonthLine]:
    """The figures of some source parties by month, line and system, oldest first: all months there are.

    One query as of now, two as known before an instant. The caller asks about parties the viewer may see, and keeps
    the amounts of closed lines to itself.
    """
    if not party_ids:
        return []
    if known_before is not None:
        return _as_known(party_ids, known_before)
    rows = (
        MonthlyFact.objects.filter(party_id__in=party_ids)
        .values_list("month", "product__line", "product__system")
        .annotate(*(Sum(name) for name in MEASURES))
    )
    return _sorted({(month, line, system): Figures(*sums) for month, line, system, *sums in rows})


def _as_known(party_ids: Collection[int], known_before: datetime) -> list[MonthLine]:
    """The same from the entries that were known before an instant."""
    known = Q(party_id__in=party_ids, known_at__lt=known_before)
    found: defaultdict[tuple[date, str, str], Figures] = defaultdict(Figures)
    for model, measures in ((Transaction, _TRANSACTION), (MailItem, _MAIL_ITEM)):
        rows = (
            model.objects.filter(known)
            .annotate(month=TruncMonth("business_date"))
            .values_list("month", "product__line", "product__system")
            .annotate(**{f"sum_{name}": Sum(measure) for name, measure in measures.items()})
        )
        for month, line, system, *sums in rows:
            found[month, line, system] += Figures(**dict(zip(measures, sums, strict=True)))
    return _sorted(found)


def _sorted(found: Mapping[tuple[date, str, str], Figures]) -> list[MonthLine]:
    """In order of months and lines; what adds up to nothing, as after a void, is left out."""
    return [MonthLine(*key, found[key]) for key in sorted(found) if not found[key].is_nothing]


def _amount_of(*natures: Nature) -> Case:
    return Case(When(nature__in=natures, then=F("entry") * F("amount")), default=NOTHING)


_TRANSACTION: Mapping[str, Any] = {
    "items": F("entry"),
    "quantity": F("entry") * F("quantity"),
    "revenue": _amount_of(Nature.SALE, Nature.FEE, Nature.PREMIUM, Nature.REFUND),
    "inflow": _amount_of(Nature.IN),
    "outflow": _amount_of(Nature.OUT),
}
_MAIL_ITEM: Mapping[str, Any] = {
    "items": F("entry"),
    "quantity": F("entry"),
    "weight_g": F("entry") * F("weight_g"),
    "revenue": F("entry") * F("postage"),
}
"""What an entry adds to each measure: as the booking statements of `sql/` write it into the months."""


def total(rows: Iterable[MonthLine]) -> Figures:
    """The sum of some figures."""
    return sum((row.figures for row in rows), Figures())


def since_when(rows: Iterable[MonthLine]) -> Mapping[str, date]:
    """System → the first month of which it has told anything (X-08, 数据起始)."""
    first: dict[str, date] = {}
    for row in rows:
        first[row.system] = min(row.month, first.get(row.system, row.month))
    return first


def unit_months(viewer: Viewer, span: tuple[int, int] | None, *, first: date) -> list[MonthLine]:
    """What the units of a range of numbers booked, by month and line, from a month on; None is the whole house.

    One query. Lines of which the viewer sees no amounts are left out.
    """
    rows = UnitMonth.objects.filter(month__gte=first, product__line__in=sorted(lines_of(viewer)))
    if span is not None:
        rows = rows.filter(unit_id__in=units_in(*span))
    added = (
        rows.values_list("month", "product__line")
        .annotate(*(Sum(name) for name in MEASURES))
        .order_by("month", "product__line")
    )
    return [MonthLine(month, line, "", Figures(*sums)) for month, line, *sums in added]
