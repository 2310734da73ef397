"""Words of the ledger's pages (业务用语): measures, months, and what a reader's address may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from hongyan.core.clock import business_date
from hongyan.ledger.currencies import YUAN
from hongyan.ledger.models import SourceProduct
from hongyan.ledger.queries.months import Figures
from hongyan.org.codes import Line
from hongyan.ui import cells

Text = str | Promise
GRAMS_PER_KILOGRAM = 1000


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the figures as people read it; `unit` is what it is counted in."""

    key: str
    label: Text
    unit: Text
    is_money: bool = False
    currency: str = YUAN

    def counted_in(self, currency: str) -> Measure:
        """The same of figures in a currency, which is its unit where it is money."""
        if not self.is_money or currency == YUAN:
            return self
        return replace(self, unit=currency, currency=currency)

    def value_of(self, figures: Figures) -> Decimal | int:
        """The number, in `unit`."""
        value: Decimal | int = getattr(figures, self.key)
        return Decimal(value) / GRAMS_PER_KILOGRAM if self.key == "weight_g" else value

    def shown(self, figures: Figures) -> SafeString:
        """The number as a cell."""
        value = self.value_of(figures)
        if self.is_money:
            return cells.money(Decimal(value), currency=self.currency)
        return cells.number(value, digits=2 if isinstance(value, Decimal) else 0)


REVENUE = Measure("revenue", gettext_lazy("业务收入"), gettext_lazy("元"), is_money=True)
MEASURES: Mapping[str, Measure] = {
    one.key: one
    for one in (
        REVENUE,
        Measure("items", gettext_lazy("业务笔数"), pgettext_lazy("业务计量", "笔")),
        Measure("weight_g", gettext_lazy("重量"), gettext_lazy("千克")),
        Measure("inflow", gettext_lazy("存入或买入"), gettext_lazy("元"), is_money=True),
        Measure("outflow", gettext_lazy("支取或卖出"), gettext_lazy("元"), is_money=True),
    )
}


def line_mark(code: str) -> SafeString:
    """A line in words with its colour, as in the legend of every chart."""
    line = Line(code)
    return cells.colour_key(line.label, line.colour)


def read_measure(query: Mapping[str, str]) -> Measure:
    """The measure that an address asks for, revenue by default."""
    return MEASURES.get(query.get("measure", ""), REVENUE)


def address_problems(query: Mapping[str, str]) -> list[str]:
    """Sentences about a day or a measure that an address asks for and nobody can be shown."""
    day, measure = query.get("as_of", ""), query.get("measure", "")
    problems = []
    if day and read_day(day) is None:
        problems.append(_("没有这一天的数据，已按今天显示。"))
    if measure and measure not in MEASURES:
        problems.append(_("没有指标“{value}”，已显示业务收入。").format(value=measure[:20]))
    return problems


def read_day(text: str) -> date | None:
    """A day in an address that facts can be known on: not before 2000, not after today; None for anything else.

    >>> read_day("1999-12-31"), read_day("x")
    (None, None)
    """
    day = read_business_day(text)
    return day if day and date(2000, 1, 1) <= day <= business_date() else None


def read_business_day(text: str) -> date | None:
    """The day of a fact in an address, however long ago; None for what is no day.

    >>> read_business_day("1997-01-12"), read_business_day("x")
    (datetime.date(1997, 1, 12), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_month(text: str) -> date | None:
    """The first day of a month in an address (2026-10); None for anything else.

    >>> read_month("2026-10"), read_month("2026-13"), read_month("")
    (datetime.date(2026, 10, 1), None, None)
    """
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 1990 <= month.year < 2100 else None


def write_month(month: date) -> str:
    """A month as addresses and pages write it.

    >>> write_month(date(2026, 10, 1))
    '2026-10'
    """
    return f"{month:%Y-%m}"


def months_between(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one to another, both included.

    >>> [write_month(month) for month in months_between(date(2025, 12, 1), date(2026, 1, 1))]
    ['2025-12', '2026-01']
    """
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_back(month: date, count: int) -> date:
    """The first day of the month some months before.

    >>> months_back(date(2026, 2, 1), 3)
    datetime.date(2025, 11, 1)
    """
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


class Named(Protocol):
    """Something with a name in both languages."""

    name: str
    name_en: str


def spoken(named: Named) -> str:
    """The name in the reader's language; Chinese where there is no other."""
    return named.name if (get_language() or "zh").startswith("zh") else named.name_en or named.name


def product_name(product: SourceProduct) -> str:
    """What was bought: the house's product where the source's code is classified, else the source's code and name."""
    return spoken(product.product) if product.product is not None else source_name(product)


def source_name(product: SourceProduct) -> str:
    """What a source calls a product: its code, and the name where it gives one."""
    return f"{product.code} {product.name}".strip()


def whose(fact: Any) -> str:
    """The name of a fact's customer where the viewer may know it (`shown`); else what is known of whose it is."""
    if fact.shown is not None:
        return str(fact.shown["name"])
    return _("匿名散户") if fact.party_id is None else _("外辖或尚未接入的客户")
