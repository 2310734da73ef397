"""The business of a customer (业务), a panel of the customer's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from hongyan.core.clock import business_date
from hongyan.core.errors import NotAllowed
from hongyan.customer.panels import Asked
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.currencies import read_currency
from hongyan.ledger.panels.holdings import HoldingView, holding_view
from hongyan.ledger.panels.months import (
    Choice,
    MonthTable,
    RowsUrl,
    address_of,
    currency_choices,
    measure_choices,
    month_chart,
    month_table,
    rows_url,
)
from hongyan.ledger.queries.access import lines_about, lines_of
from hongyan.ledger.queries.facts import end_of
from hongyan.ledger.queries.holdings import holdings_of
from hongyan.ledger.queries.months import MonthLine, months_of, since_when
from hongyan.ledger.words import Measure, address_problems, line_mark, read_day, read_measure, write_month
from hongyan.org.codes import Right, Viewer
from hongyan.ui.charts import Chart

Text = str | Promise


@dataclass(frozen=True, slots=True)
class AbsentSystem:
    """A source system that is not connected, and why (example 23: never shown as zero)."""

    name: str
    why: Text
    line: Text


FindAbsent = Callable[[], Sequence[AbsentSystem]]
"""The systems that are not connected, without a query. Systems belong to a higher room, which lends this."""


@dataclass(frozen=True, slots=True)
class SourceBand:
    """A source of the business view and since when it has data (X-08)."""

    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Business:
    """The business of one customer: months per line, what is behind them, what is missing from them."""

    code: str
    measure: Measure
    measures: Sequence[Choice]
    currency: str
    currencies: Sequence[Choice]
    as_of: date | None
    problems: Sequence[str]
    today: date
    chart: Chart | None
    table: MonthTable | None
    sources: Sequence[SourceBand]
    absent: Sequence[AbsentSystem]
    closed: Sequence[SafeString]
    shared: Sequence[SafeString]
    holdings: Sequence[HoldingView]


def business(find_absent: FindAbsent) -> Callable[[Viewer, CustomerRecord, Asked], Business]:
    """The query of the panel 业务, given how to find the systems not connected. Two queries of its own,
    one more where a line may be seen by consent alone.

    `as_of` in the address asks for the figures as they were known at the end of a day.
    """

    def query(viewer: Viewer, record: CustomerRecord, asked: Asked) -> Business:
        if not viewer.may(Right.LEDGER_READ):
            raise NotAllowed(Right.LEDGER_READ)
        as_of, measure = read_day(asked.query.get("as_of", "")), read_measure(asked.query)
        party_ids = [party.id for party in record.parties]
        known = months_of(party_ids, known_before=end_of(as_of) if as_of else None)
        held = list(holdings_of(party_ids))
        having = {row.line for row in known} | {one.line for one in held if one.line}
        seen = lines_about(viewer, record.customer, record.aliases, having=having)
        in_lines = [row for row in known if row.line in seen]
        currency = read_currency(asked.query, (row.currency for row in in_lines))
        rows, measure = [row for row in in_lines if row.currency == currency], measure.counted_in(currency)
        kept = {"as_of": as_of.isoformat()} if as_of else {}
        url = _rows_url(viewer, rows_url(record.customer.code, as_of, currency))
        return Business(
            code=record.customer.code,
            measure=measure,
            measures=measure_choices(measure, rows, kept | address_of(currency)),
            currency=currency,
            currencies=currency_choices(currency, in_lines, kept | {"measure": measure.key}),
            as_of=as_of,
            problems=address_problems(asked.query),
            today=business_date(),
            chart=month_chart(rows, measure, url),
            table=month_table(rows, measure, url),
            sources=_sources(record, in_lines, seen),
            absent=find_absent(),
            closed=[line_mark(line) for line in sorted(having - seen)],
            shared=[line_mark(line) for line in sorted((having & seen) - lines_of(viewer))],
            holdings=[holding_view(one) for one in held if one.line in seen],
        )

    return query


def _rows_url(viewer: Viewer, url: RowsUrl) -> RowsUrl:
    """No way to the rows of lines that a customer shares: what was agreed to is sums, not what is behind them."""
    own = lines_of(viewer)
    return lambda month, line: url(month, line) if line in own else ""


def _sources(record: CustomerRecord, rows: Sequence[MonthLine], seen: frozenset[str]) -> list[SourceBand]:
    """The systems that know the customer in lines the viewer sees, and since when each has told of business."""
    since = since_when(rows)
    knowing = {one.party.system for one in record.relationships if one.line in seen} | set(since)
    names = [(system_name(system), since.get(system)) for system in sorted(knowing)]
    return [SourceBand(name, write_month(first) if first else "") for name, first in names]
