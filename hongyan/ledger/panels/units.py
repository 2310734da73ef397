"""Months of the units of a scope (业务月报)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.clock import business_date
from hongyan.customer.queries.ranges import find_unit, units_beneath
from hongyan.ledger.currencies import read_currency
from hongyan.ledger.panels.figures import figure_url
from hongyan.ledger.panels.months import (
    SHOWN_MONTHS,
    Choice,
    MonthTable,
    address_of,
    currency_choices,
    measure_choices,
    month_chart,
    month_table,
)
from hongyan.ledger.queries.access import lines_of
from hongyan.ledger.queries.months import unit_months
from hongyan.ledger.words import Measure, address_problems, months_back, read_measure, read_month, write_month
from hongyan.org.codes import Level, Line, Viewer
from hongyan.ui.charts import Chart


@dataclass(frozen=True, slots=True)
class UnitView:
    """Months of the units of a scope, or of one unit in it."""

    lead: str
    measure: Measure
    measures: Sequence[Choice]
    currency: str
    currencies: Sequence[Choice]
    own_unit: str
    units: Sequence[tuple[str, str]]
    unit_code: str
    until: date
    chart: Chart | None
    table: MonthTable | None
    closed: str
    problems: Sequence[str]


def unit_view(viewer: Viewer, query: Mapping[str, str]) -> UnitView:
    """Months by line of the post's units, or of one of them with everything beneath it. Three queries."""
    measure, asked = read_measure(query), query.get("unit", "")[:20]
    chosen = find_unit(viewer, asked) if asked else None
    beneath = units_beneath(viewer)
    own = None if viewer.scope.everything else (viewer.scope.lo, viewer.scope.hi)
    span = (chosen.span.lo, chosen.span.hi) if chosen and chosen.span.level != Level.GROUP else own
    until = read_month(query.get("until", ""))
    newest = until or business_date().replace(day=1)
    first = months_back(newest, SHOWN_MONTHS - 1)
    booked = unit_months(viewer, span, first=first, last=until or date.max)
    currency = read_currency(query, (row.currency for row in booked))
    rows, measure = [row for row in booked if row.currency == currency], measure.counted_in(currency)
    kept = ({"unit": chosen.code} if chosen else {}) | ({"until": write_month(until)} if until else {})
    unit_code = chosen.code if chosen else viewer.unit_code
    problems = address_problems(query)
    if asked and chosen is None:
        problems.append(_("没有机构“{code}”，或它不在您的数据范围内。").format(code=asked))

    def url(month: date, line: str) -> str:
        return figure_url(unit_code, month, line, currency)

    options = [(chosen.code, chosen.label), *chosen.beneath] if chosen else beneath
    closed = [str(line.label) for line in Line if line not in lines_of(viewer)]
    return UnitView(
        lead=_("{unit}经办的业务，按月和板块。").format(unit=chosen.label if chosen else viewer.unit_name),
        measure=measure,
        measures=measure_choices(measure, rows, kept | address_of(currency)),
        currency=currency,
        currencies=currency_choices(currency, booked, kept | {"measure": measure.key}),
        own_unit=viewer.unit_name,
        units=options,
        unit_code=chosen.code if chosen else "",
        until=newest,
        chart=month_chart(rows, measure, url),
        table=month_table(rows, measure, url),
        closed=pgettext("list separator", "、").join(closed),
        problems=problems,
    )
