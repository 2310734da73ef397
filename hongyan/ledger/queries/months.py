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

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from hongyan.ledger.codes import FactKind, Nature
from hongyan.ledger.currencies import currency_of
from hongyan.ledger.models import MailItem, MonthlyFact, SourceProduct, Transaction, UnitMonth
from hongyan.ledger.queries.access import lines_of, units_in
from hongyan.org.codes import Viewer

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Figures:
    """What is added up of facts: rows, pieces, grams and money of one currency."""

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

    @property
    def currency(self) -> str:
        return currency_of(self.system)


def months_of(party_ids: Collection[int], *, known_before: datetime | None = None) -> list[MonthLine]:
    """The figures of some source parties by month, line and system, oldest first: all months there are.

    One query. The caller asks about parties the viewer may see, and keeps the amounts of closed lines to itself.
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
    sales, items = (
        model.objects.filter(known)
        .annotate(month=TruncMonth("business_date"))
        .values_list("month", "product__line", "product__system")
        .annotate(**{f"sum_{name}": Sum(measures.get(name, Value(0))) for name in MEASURES})
        for model, measures in ((Transaction, _TRANSACTION), (MailItem, _MAIL_ITEM))
    )
    found: defaultdict[tuple[date, str, str], Figures] = defaultdict(Figures)
    for month, line, system, *sums in sales.union(items, all=True):
        found[month, line, system] += Figures(*sums)
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


def unit_months(viewer: Viewer, span: tuple[int, int] | None, *, first: date, last: date) -> list[MonthLine]:
    """What the units of a range of numbers booked, by month, line and system, from one month to another.

    None is the whole house. One query. Lines of which the viewer sees no amounts are left out.
    """
    rows = UnitMonth.objects.filter(month__range=(first, last), product__line__in=sorted(lines_of(viewer)))
    if span is not None:
        rows = rows.filter(unit_id__in=units_in(*span))
    added = (
        rows.values_list("month", "product__line", "product__system")
        .annotate(*(Sum(name) for name in MEASURES))
        .order_by("month", "product__line", "product__system")
    )
    return [MonthLine(month, line, system, Figures(*sums)) for month, line, system, *sums in added]


def newest_month(viewer: Viewer, kind: FactKind, narrowed: Q) -> date | None:
    """The newest month in which anything of a kind was booked, by units and products that `narrowed` chooses.

    One query. None where nothing was, in the lines whose facts the viewer sees.
    """
    rows = UnitMonth.objects.filter(
        narrowed, kind=kind, items__gt=0, product__line__in=sorted(lines_of(viewer))
    )
    return rows.order_by("-month").values_list("month", flat=True).first()


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """Figures of the facts of one kind with one product code of a system."""

    kind: str
    product: SourceProduct
    figures: Figures

    @property
    def currency(self) -> str:
        return currency_of(self.product.system)


def figures_by_product(booked: Q, month: date, line: str) -> list[ProductFigures]:
    """What a month of a line is made of, by kind and product, at the units that `booked` chooses. Two queries.

    What adds up to nothing, as after a void, is left out. The caller keeps the amounts of closed lines to itself.
    """
    rows = (
        UnitMonth.objects.filter(booked, month=month, product__line=line)
        .values_list("kind", "product_id")
        .annotate(*(Sum(name) for name in MEASURES))
    )
    sums = {(kind, product): Figures(*figures) for kind, product, *figures in rows}
    products = SourceProduct.objects.select_related("product").in_bulk({product for _, product in sums})
    found = [
        ProductFigures(kind, products[product], figures)
        for (kind, product), figures in sums.items()
        if not figures.is_nothing
    ]
    return sorted(found, key=lambda one: (one.kind, one.product.system, one.product.code))
