"""Months of the units of a scope (业务月报)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.clock import business_date
from hongyan.customer.queries.ranges import find_unit, units_beneath
from hongyan.ledger.codes import FactKind
from hongyan.ledger.panels.months import (
    SHOWN_MONTHS,
    Choice,
    MonthTable,
    measure_choices,
    month_chart,
    month_table,
)
from hongyan.ledger.queries.access import lines_of
from hongyan.ledger.queries.months import unit_months
from hongyan.ledger.words import Measure, months_back, read_measure, write_month
from hongyan.org.codes import Line, Viewer
from hongyan.ui.charts import Chart


@dataclass(frozen=True, slots=True)
class UnitView:
    """Months of the units of a scope, or of one unit in it."""

    lead: str
    measure: Measure
    measures: Sequence[Choice]
    own_unit: str
    units: Sequence[tuple[str, str]]
    unit_code: str
    chart: Chart | None
    table: MonthTable | None
    closed: str
    problem: str


def unit_view(viewer: Viewer, query: Mapping[str, str]) -> UnitView:
    """Months by line of the post's units, or of one of them with everything beneath it. Three queries."""
    measure, asked = read_measure(query), query.get("unit", "")[:20]
    chosen = find_unit(viewer, asked) if asked else None
    beneath = units_beneath(viewer)
    own = None if viewer.scope.everything else (viewer.scope.lo, viewer.scope.hi)
    span = (chosen.span.lo, chosen.span.hi) if chosen else own
    first = months_back(business_date().replace(day=1), SHOWN_MONTHS - 1)
    rows = unit_months(viewer, span, first=first)
    unit_code = chosen.code if chosen else viewer.unit_code

    def url(month: date, line: str) -> str:
        kind = FactKind.MAIL_ITEM if line == Line.EXPRESS else FactKind.TRANSACTION
        address = {"kind": kind.value, "unit": unit_code, "month": write_month(month), "line": line}
        return f"{reverse('ledger:facts')}?{urlencode(address)}"

    options = [(chosen.code, chosen.label), *chosen.beneath] if chosen else beneath
    closed = [str(line.label) for line in Line if line not in lines_of(viewer)]
    return UnitView(
        lead=_("{unit}经办的业务，按月和板块。").format(unit=chosen.label if chosen else viewer.unit_name),
        measure=measure,
        measures=measure_choices(measure, rows, {"unit": chosen.code} if chosen else {}),
        own_unit=viewer.unit_name,
        units=options,
        unit_code=chosen.code if chosen else "",
        chart=month_chart(rows, measure, url),
        table=month_table(rows, measure, url),
        closed=pgettext("list separator", "、").join(closed),
        problem=_("没有机构“{code}”，或它不在您的数据范围内。").format(code=asked)
        if asked and chosen is None
        else "",
    )
