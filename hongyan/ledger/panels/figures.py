"""What one figure of units is made of (月报构成): kinds of facts and products, each with the way to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.core.errors import NotFound
from hongyan.customer.queries.ranges import find_unit
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import FactKind
from hongyan.ledger.currencies import read_currency
from hongyan.ledger.panels.months import address_of
from hongyan.ledger.queries.access import booked_in, lines_of
from hongyan.ledger.queries.months import Figures, ProductFigures, figures_by_product
from hongyan.ledger.words import MEASURES, Measure, product_name, read_month, source_name, write_month
from hongyan.org.codes import Line, Viewer
from hongyan.ui import cells


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What one product code of one system, or all of one kind, adds to the figure, and where its facts are listed."""

    name: str
    source: str
    url: str
    sums: Sequence[SafeString]


@dataclass(frozen=True, slots=True)
class FigurePart:
    """The facts of one kind: all together, and by product."""

    whole: FigureRow
    rows: Sequence[FigureRow]


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """What a month of some units in a line is made of; the parts add up to `totals`."""

    title: str
    unit: str
    back_url: str
    measures: Sequence[Measure]
    parts: Sequence[FigurePart]
    totals: Sequence[SafeString]


def unit_figure(viewer: Viewer, query: Mapping[str, str]) -> UnitFigure:
    """What the month and the line in an address are made of at a unit and all beneath it. Two queries.

    Errors: NotFound for a unit out of scope, for no month, and for a line whose amounts the viewer does not see.
    """
    month, line = read_month(query.get("month", "")), query.get("line", "")
    unit = find_unit(viewer, query.get("unit", "")[:20])
    if month is None or unit is None or line not in lines_of(viewer):
        raise NotFound("figure", query.get("unit", "")[:20])
    found = figures_by_product(booked_in(viewer, unit.span), month, line)
    currency = read_currency(query, (one.currency for one in found))
    found = [one for one in found if one.currency == currency]
    whole = sum((one.figures for one in found), Figures())
    measures = [one.counted_in(currency) for one in MEASURES.values() if one.value_of(whole)]
    asked = {"unit": unit.code, "month": write_month(month), "line": line} | address_of(currency)
    return UnitFigure(
        title=_("{month} {line}业务").format(month=write_month(month), line=Line(line).label),
        unit=unit.label,
        back_url=_back_url(unit.code, month, currency),
        measures=measures,
        parts=[
            _part(FactKind(kind), list(rows), measures, asked)
            for kind, rows in groupby(found, key=lambda one: one.kind)
        ],
        totals=_sums(measures, whole),
    )


def figure_url(unit_code: str, month: date, line: str, currency: str) -> str:
    """The page of what a figure of units is made of."""
    asked = {"unit": unit_code, "month": write_month(month), "line": line} | address_of(currency)
    return f"{reverse('ledger:unit_figure')}?{urlencode(asked)}"


def _back_url(unit_code: str, month: date, currency: str) -> str:
    asked = {"unit": unit_code, "until": write_month(month)} | address_of(currency)
    return f"{reverse('ledger:units')}?{urlencode(asked)}"


def _part(
    kind: FactKind, rows: Sequence[ProductFigures], measures: Sequence[Measure], asked: Mapping[str, str]
) -> FigurePart:
    def row(name: str, source: str, figures: Figures, **more: str) -> FigureRow:
        address = urlencode({"kind": kind.value} | dict(asked) | more)
        url = f"{reverse('ledger:facts')}?{address}"
        return FigureRow(name, source, url, _sums(measures, figures))

    return FigurePart(
        whole=row(str(kind.label), "", sum((one.figures for one in rows), Figures())),
        rows=[
            row(
                product_name(one.product),
                f"{system_name(one.product.system)} {source_name(one.product)}",
                one.figures,
                system=one.product.system,
                product=one.product.code,
            )
            for one in rows
        ],
    )


def _sums(measures: Sequence[Measure], figures: Figures) -> list[SafeString]:
    """A cell for each measure; what a kind does not have, as transactions have no weight, is blank."""
    return [one.shown(figures) if one.value_of(figures) else cells.NOTHING for one in measures]
