"""Months by line as a chart and a table, each figure with the way to the rows behind it (按月、按板块)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from hongyan.core.clock import business_date
from hongyan.ledger.currencies import YUAN, in_order
from hongyan.ledger.queries.months import Figures, MonthLine, total
from hongyan.ledger.rules.growth import growth
from hongyan.ledger.words import (
    MEASURES,
    REVENUE,
    Measure,
    line_mark,
    months_back,
    months_between,
    write_month,
)
from hongyan.org.codes import Line
from hongyan.ui import cells
from hongyan.ui.charts import Chart, Series

Text = str | Promise
SHOWN_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some ways to look at the same thing."""

    label: Text
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the address of the rows behind it; no value where nothing is known."""

    value: SafeString
    url: str = ""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the table beside the chart; `change` is from the month before it."""

    month: str
    cells: Sequence[Cell]
    total: SafeString
    change: SafeString


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Months by line, newest first, with the sums beneath."""

    lines: Sequence[SafeString]
    rows: Sequence[MonthRow]
    totals: Sequence[SafeString]


RowsUrl = Callable[[date, str], str]
"""(month, line) → where the rows behind a figure are."""


def rows_url(code: str, as_of: date | None, currency: str = YUAN) -> RowsUrl:
    """Addresses of the rows behind a customer's figures in a currency."""
    page = reverse("ledger:behind", args=[code])

    def url(month: date, line: str) -> str:
        asked = {"month": write_month(month), "line": line} | ({"as_of": as_of.isoformat()} if as_of else {})
        asked |= address_of(currency)
        return f"{page}?{urlencode(asked)}"

    return url


def measure_choices(current: Measure, rows: Sequence[MonthLine], kept: Mapping[str, str]) -> list[Choice]:
    """The measures there is something of, and the one that is looked at; `kept` is what else the address asks."""
    sums = total(rows)
    always = {current.key, REVENUE.key}
    offered = [one for one in MEASURES.values() if one.key in always or one.value_of(sums)]
    return [
        Choice(one.label, f"?{urlencode({'measure': one.key} | dict(kept))}", one.key == current.key)
        for one in offered
    ]


def address_of(currency: str) -> dict[str, str]:
    """What an address says of a currency: nothing of yuan."""
    return {} if currency == YUAN else {"currency": currency}


def currency_choices(current: str, rows: Iterable[MonthLine], kept: Mapping[str, str]) -> list[Choice]:
    """The currencies some months are in, to look at one of them; none where there is but one."""
    found = in_order(row.currency for row in rows)
    return [
        Choice(one, f"?{urlencode(dict(kept) | {'currency': one})}", one == current)
        for one in found
        if len(found) > 1
    ]


def month_chart(rows: Sequence[MonthLine], measure: Measure, url: RowsUrl) -> Chart | None:
    """Stacked months per line; before a line's first month there is a gap, not a zero. None without data."""
    if not rows:
        return None
    months, found = _shown_months(rows), _by_month_and_line(rows)
    series = [
        Series(
            Line(line).label,
            [
                float(measure.value_of(found.get((month, line), Figures()))) if month >= first else None
                for month in months
            ],
            [url(month, line) if (month, line) in found else "" for month in months],
            Line(line).colour,
        )
        for line, first in _lines(rows, measure).items()
    ]
    return Chart(
        key="business",
        title=measure.label,
        unit=measure.unit,
        categories=[write_month(month) for month in months],
        series=series,
        is_stacked=True,
        has_table=False,
    )


def month_table(rows: Sequence[MonthLine], measure: Measure, url: RowsUrl) -> MonthTable | None:
    """The same numbers as a table, newest month first. None without data."""
    if not rows:
        return None
    months, found, lines = _shown_months(rows), _by_month_and_line(rows), _lines(rows, measure)

    def cell(month: date, line: str) -> Cell:
        figures = found.get((month, line))
        if figures is None:
            return Cell(cells.none_yet() if month >= lines[line] else cells.NOTHING)
        return Cell(measure.shown(figures), url(month, line))

    def figures_of(pairs: Iterable[tuple[date, str]]) -> Figures:
        return sum((found.get(pair, Figures()) for pair in pairs), Figures())

    def sum_of(pairs: Iterable[tuple[date, str]]) -> SafeString:
        return measure.shown(figures_of(pairs))

    def change(month: date) -> SafeString:
        """From the month before; nothing is said of a month that is not over, nor of the first that is known."""
        before = months_back(month, 1)
        if month >= business_date().replace(day=1) or before < min(lines.values()):
            return cells.NOTHING
        values = [measure.value_of(figures_of((one, line) for line in lines)) for one in (before, month)]
        return cells.change(growth(*values))

    shown = [
        MonthRow(
            write_month(month),
            [cell(month, line) for line in lines],
            sum_of((month, line) for line in lines),
            change(month),
        )
        for month in reversed(months)
        if any((month, line) in found for line in lines)
    ]
    by_line = [sum_of((month, line) for month in months) for line in lines]
    whole = sum_of((month, line) for month in months for line in lines)
    return MonthTable([line_mark(line) for line in lines], shown, [*by_line, whole])


def _shown_months(rows: Sequence[MonthLine]) -> list[date]:
    """The months of a chart: from the first with data to the current one, 24 at most, a year at least.

    Where all that is known is older, the months end with the last of which anything is known.
    """
    current, last = business_date().replace(day=1), rows[-1].month
    newest = max(current, last) if last >= months_back(current, SHOWN_MONTHS - 1) else last
    first = min(max(rows[0].month, months_back(newest, SHOWN_MONTHS - 1)), months_back(newest, 11))
    return list(months_between(first, newest))


def _by_month_and_line(rows: Iterable[MonthLine]) -> Mapping[tuple[date, str], Figures]:
    found: defaultdict[tuple[date, str], Figures] = defaultdict(Figures)
    for row in rows:
        found[row.month, row.line] += row.figures
    return found


def _lines(rows: Sequence[MonthLine], measure: Measure) -> dict[str, date]:
    """The lines of which a measure says something → the first month in which anything is known of each."""
    first: dict[str, date] = {}
    for row in rows:
        first.setdefault(row.line, row.month)
    said = {row.line for row in rows if measure.value_of(row.figures)}
    return {line: first[line] for line in sorted(said or first)}
