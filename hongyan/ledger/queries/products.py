"""The catalogue: families, products, and what each source calls them (产品目录, REF-i04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.db.models import Sum

from hongyan.core.clock import business_date
from hongyan.ledger.models import Product, ProductFamily, SourceProduct, UnitMonth
from hongyan.ledger.queries.access import lines_of, units_in
from hongyan.org.codes import Viewer


@dataclass(frozen=True, slots=True)
class SourceCode:
    """A product code of one system; `items` are the facts of the viewer's units in the last whole month."""

    source: SourceProduct
    items: int


@dataclass(frozen=True, slots=True)
class CataloguedProduct:
    """A product with the codes that mean it."""

    product: Product
    codes: Sequence[SourceCode]

    @property
    def items(self) -> int:
        return sum(code.items for code in self.codes)


@dataclass(frozen=True, slots=True)
class Family:
    """A family with its products."""

    family: ProductFamily
    products: Sequence[CataloguedProduct]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything on sale and everything said; `unmapped` are codes that nobody has classified yet (未归类)."""

    month: date
    families: Sequence[Family]
    unmapped: Sequence[SourceCode]


def catalogue(viewer: Viewer) -> Catalogue:
    """The catalogue with last month's numbers of facts. Three queries.

    Numbers of lines the viewer sees no facts of are left out.
    """
    month = _last_month()
    items = _items(viewer, month)
    codes: defaultdict[int | None, list[SourceCode]] = defaultdict(list)
    for source in SourceProduct.objects.order_by("system", "code"):
        codes[source.product_id].append(SourceCode(source, items.get(source.id, 0)))
    products = Product.objects.select_related("family").order_by("family__sort", "family_id", "code")
    families = [
        Family(family, [CataloguedProduct(product, codes.get(product.id, ())) for product in members])
        for family, members in groupby(products, key=attrgetter("family"))
    ]
    unmapped = sorted(codes.get(None, ()), key=lambda one: -one.items)
    return Catalogue(month, families, unmapped)


def _items(viewer: Viewer, month: date) -> dict[int, int]:
    months = UnitMonth.objects.filter(month=month, product__line__in=sorted(lines_of(viewer)))
    if not viewer.scope.everything:
        months = months.filter(unit_id__in=units_in(viewer.scope.lo, viewer.scope.hi))
    return dict(months.values_list("product_id").annotate(items=Sum("items")))


def _last_month() -> date:
    this = business_date().replace(day=1)
    return date(this.year - (this.month == 1), (this.month - 2) % 12 + 1, 1)
