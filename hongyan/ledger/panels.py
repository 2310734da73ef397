"""Blocks of the ledger's pages: the business of a customer, months of units, a fact in fields and entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core.clock import business_date
from hongyan.core.errors import NotAllowed
from hongyan.customer.codes import Settlement
from hongyan.customer.panels import Asked, FindRow, RowLink
from hongyan.customer.queries.ranges import find_unit, units_beneath
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import (
    BalanceKind,
    Channel,
    Contents,
    DeliveryMode,
    FactKind,
    HoldingKind,
    HoldingStatus,
    MailEventCode,
    Nature,
    PickupMode,
)
from hongyan.ledger.models import Holding, MailEvent
from hongyan.ledger.queries.access import lines_of
from hongyan.ledger.queries.facts import LISTED, Fact, days_of_month, end_of, standing
from hongyan.ledger.queries.holdings import holdings_of
from hongyan.ledger.queries.months import Figures, MonthLine, months_of, since_when, total, unit_months
from hongyan.ledger.queries.partitions import PartitionState, expected_months, partition_states
from hongyan.ledger.rules.item_numbers import ItemNumber, item_number
from hongyan.ledger.words import (
    MEASURES,
    REVENUE,
    Measure,
    months_back,
    months_between,
    product_name,
    read_day,
    read_measure,
    write_month,
)
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui import cells
from hongyan.ui.charts import Chart, Series
from hongyan.ui.records import Field

Text = str | Promise
SHOWN_MONTHS = 24


@dataclass(frozen=True, slots=True)
class AbsentSystem:
    """A source system that is not connected, and why (example 23: never shown as zero)."""

    name: str
    why: Text
    line: Text


FindAbsent = Callable[[], Sequence[AbsentSystem]]
"""The systems that are not connected, without a query. Systems belong to a higher room, which lends this."""


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
    """One month of the table beside the chart."""

    month: str
    cells: Sequence[Cell]
    total: SafeString


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Months by line, newest first, with the sums beneath."""

    lines: Sequence[Text]
    rows: Sequence[MonthRow]
    totals: Sequence[SafeString]


@dataclass(frozen=True, slots=True)
class SourceBand:
    """A source of the business view and since when it has data (X-08)."""

    name: str
    since: str


@dataclass(frozen=True, slots=True)
class HoldingView:
    """One holding as the page shows it."""

    kind: Text
    product: str
    number: SafeString
    line: Text
    unit: str
    system: str
    dates: Sequence[tuple[Text, SafeString]]
    amount: SafeString
    state: SafeString


@dataclass(frozen=True, slots=True)
class Business:
    """The business of one customer: months per line, what is behind them, what is missing from them."""

    code: str
    measure: Measure
    measures: Sequence[Choice]
    as_of: date | None
    problem: str
    today: date
    chart: Chart | None
    table: MonthTable | None
    sources: Sequence[SourceBand]
    absent: Sequence[AbsentSystem]
    closed: Sequence[Text]
    holdings: Sequence[HoldingView]


def business(find_absent: FindAbsent) -> Callable[[Viewer, CustomerRecord, Asked], Business]:
    """The query of the panel 业务, given how to find the systems not connected. Two queries of its own.

    `as_of` in the address asks for the figures as they were known at the end of a day (one query more).
    """

    def query(viewer: Viewer, record: CustomerRecord, asked: Asked) -> Business:
        if not viewer.may(Right.LEDGER_READ):
            raise NotAllowed(Right.LEDGER_READ)
        typed = asked.query.get("as_of", "")
        as_of, measure, seen = read_day(typed), read_measure(asked.query), lines_of(viewer)
        party_ids = [party.id for party in record.parties]
        known = months_of(party_ids, known_before=end_of(as_of) if as_of else None)
        held = list(holdings_of(party_ids))
        rows = [row for row in known if row.line in seen]
        hidden = ({row.line for row in known} | {one.line for one in held if one.line}) - seen
        url = rows_url(record.customer.code, as_of)
        return Business(
            code=record.customer.code,
            measure=measure,
            measures=_choices(measure, rows, as_of),
            as_of=as_of,
            problem=_("没有这一天的数据，已按今天显示。") if typed and as_of is None else "",
            today=business_date(),
            chart=month_chart(rows, measure, url),
            table=month_table(rows, measure, url),
            sources=_sources(record, rows, seen),
            absent=find_absent(),
            closed=[Line(line).label for line in sorted(hidden)],
            holdings=[holding_view(one) for one in held if one.line in seen],
        )

    return query


RowsUrl = Callable[[date, str], str]
"""(month, line) → where the rows behind a figure are."""


def rows_url(code: str, as_of: date | None) -> RowsUrl:
    """Addresses of the rows behind a customer's figures."""
    page = reverse("ledger:behind", args=[code])

    def url(month: date, line: str) -> str:
        asked = {"month": write_month(month), "line": line} | ({"as_of": as_of.isoformat()} if as_of else {})
        return f"{page}?{urlencode(asked)}"

    return url


def _choices(current: Measure, rows: Sequence[MonthLine], as_of: date | None) -> list[Choice]:
    """The measures there is something of, and the one that is looked at."""
    sums = total(rows)
    offered = [one for one in MEASURES.values() if one in {current, REVENUE} or one.value_of(sums)]
    day = {"as_of": as_of.isoformat()} if as_of else {}
    return [Choice(one.label, f"?{urlencode({'measure': one.key} | day)}", one is current) for one in offered]


# --- sections of the ledger


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the ledger's parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(viewer: Viewer, active: str) -> list[SectionLink]:
    """The ledger's parts that the viewer's post has something in, the one called `active` marked."""
    offered = [
        ("units", gettext_lazy("业务月报"), "chart-bar", True),
        ("facts", gettext_lazy("业务明细"), "list-search", True),
        ("products", gettext_lazy("产品目录"), "packages", True),
        ("bank_intake", gettext_lazy("邮储入库"), "building-bank", Line.BANK in lines_of(viewer)),
    ]
    return [
        SectionLink(label, reverse(f"ledger:{name}"), icon, name == active)
        for name, label, icon, is_offered in offered
        if is_offered
    ]


# --- months by line


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

    def sum_of(pairs: Iterable[tuple[date, str]]) -> SafeString:
        return measure.shown(sum((found.get(pair, Figures()) for pair in pairs), Figures()))

    shown = [
        MonthRow(
            write_month(month),
            [cell(month, line) for line in lines],
            sum_of((month, line) for line in lines),
        )
        for month in reversed(months)
        if any((month, line) in found for line in lines)
    ]
    by_line = [sum_of((month, line) for month in months) for line in lines]
    whole = sum_of((month, line) for month in months for line in lines)
    return MonthTable([Line(line).label for line in lines], shown, [*by_line, whole])


def _sources(record: CustomerRecord, rows: Sequence[MonthLine], seen: frozenset[str]) -> list[SourceBand]:
    """The systems that know the customer in lines the viewer sees, and since when each has told of business."""
    since = since_when(rows)
    knowing = {one.party.system for one in record.relationships if one.line in seen} | set(since)
    names = [(system_name(system), since.get(system)) for system in sorted(knowing)]
    return [SourceBand(name, write_month(first) if first else "") for name, first in names]


# --- holdings


_TONES: Mapping[str, cells.Tone] = {
    HoldingStatus.OPEN: "good",
    HoldingStatus.FROZEN: "bad",
    HoldingStatus.CLOSED: "off",
}


def holding_view(holding: Holding) -> HoldingView:
    """A holding in words. One of which only a fact spoke says so, instead of showing blanks."""
    product = holding.source_product
    state = holding.status
    return HoldingView(
        kind=HoldingKind(holding.kind).label if holding.kind else _("未说明"),
        product=product_name(product) if product else "",
        number=cells.masked(holding.number_masked),
        line=Line(holding.line).label if holding.line else "",
        unit=str(holding.unit) if holding.unit else "",
        system=system_name(holding.system),
        dates=_dates(holding),
        amount=_standing(holding),
        state=cells.state_dot(HoldingStatus(state).label, _TONES[state]) if state else cells.unknown(),
    )


def _dates(holding: Holding) -> list[tuple[Text, SafeString]]:
    named = (
        (_("开立"), holding.opened_on),
        (_("到期"), holding.matures_on),
        (_("结清"), holding.closed_on),
    )
    return [(label, cells.when(day)) for label, day in named if day]


def _standing(holding: Holding) -> SafeString:
    """The last balance with its day, else the amount agreed; blank where the source states none."""
    balance = holding.balance  # type: ignore[attr-defined]  # annotated
    if balance:
        note = "" if balance["kind"] == BalanceKind.ASSETS else BalanceKind.LIABILITIES.label
        return SafeString(f"{cells.money(balance['amount'])} {note}".strip())
    return cells.money(holding.amount) if holding.amount is not None else cells.NOTHING


# --- the rows behind a figure


MOST_ROWS = 100
"""Rows of one kind that the page behind a figure shows; the list has the rest."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as a row."""

    day: date
    number: str
    url: str
    product: str
    unit: str
    amount: Decimal
    is_corrected: bool
    nature: Text = ""
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class FactRows:
    """The facts of one kind behind a figure; `more_url` is the list, where there are more than are shown."""

    kind: FactKind
    rows: Sequence[FactRow]
    more_url: str

    @property
    def title(self) -> Text:
        return self.kind.label

    @property
    def icon(self) -> str:
        return "receipt" if self.kind is FactKind.TRANSACTION else "mail"

    @property
    def has_nature(self) -> bool:
        return self.kind is FactKind.TRANSACTION

    @property
    def has_weight(self) -> bool:
        return self.kind is FactKind.MAIL_ITEM

    @property
    def amount_label(self) -> str:
        return amount_label(self.kind)

    @property
    def count(self) -> str:
        return f"{len(self.rows)}+" if self.more_url else str(len(self.rows))


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure of a customer is made of: the facts of a month in a line, and their sums."""

    name: str
    title: str
    as_of: date | None
    sums: Sequence[tuple[Text, SafeString]]
    parts: Sequence[FactRows]
    back_url: str
    now_url: str


def behind(viewer: Viewer, record: CustomerRecord, month: date, line: str, as_of: date | None) -> Behind:
    """The rows behind one month of one line of a customer, each number once. Three queries, four as known then.

    The sums are those of the month, so they tell whether all rows are shown.
    """
    party_ids = [party.id for party in record.parties]
    before = end_of(as_of) if as_of else None
    figures = total(
        row for row in months_of(party_ids, known_before=before) if row.month == month and row.line == line
    )
    asked = {"month": write_month(month), "line": line} | ({"as_of": as_of.isoformat()} if as_of else {})
    narrowed = Q(party_id__in=party_ids, product__line=line) & days_of_month(month)
    parts = []
    for kind in LISTED:
        facts = standing(viewer, kind, narrowed, known_before=before).order_by("business_date", "number")
        rows = [_fact_row(kind, fact) for fact in facts[: MOST_ROWS + 1]]
        address = urlencode({"kind": kind.value, "customer": record.customer.code} | asked)
        more = f"{reverse('ledger:facts')}?{address}" if len(rows) > MOST_ROWS else ""
        if rows:
            parts.append(FactRows(kind, rows[:MOST_ROWS], more))
    code, day = record.customer.code, {"as_of": as_of.isoformat()} if as_of else {}
    return Behind(
        name=record.customer.name,
        title=_("{month} {line}业务").format(month=write_month(month), line=Line(line).label),
        as_of=as_of,
        sums=[
            (
                one.label,
                one.shown(figures) if one.is_money else format_html("{} {}", one.shown(figures), one.unit),
            )
            for one in MEASURES.values()
            if one.value_of(figures)
        ],
        parts=parts,
        back_url=f"{reverse('customer:record_tab', args=[code, 'business'])}?{urlencode(day)}",
        now_url=rows_url(code, None)(month, line),
    )


def _fact_row(kind: FactKind, fact: Any) -> FactRow:
    is_sale = kind is FactKind.TRANSACTION
    return FactRow(
        day=fact.business_date,
        number=fact.number,
        url=fact_url(kind, fact),
        product=product_name(fact.product),
        unit=str(fact.unit),
        amount=amount_of(kind, fact),
        is_corrected=fact.is_corrected,
        nature=Nature(fact.nature).label if is_sale else "",
        weight_g=0 if is_sale else fact.weight_g,
    )


def amount_of(kind: FactKind, fact: Any) -> Decimal:
    """The money of a fact: the amount of a transaction, the postage of a mail item, in yuan."""
    amount: Decimal = fact.amount if kind is FactKind.TRANSACTION else fact.postage
    return amount


def amount_label(kind: FactKind) -> str:
    """What `amount_of` is called."""
    return _("金额") if kind is FactKind.TRANSACTION else _("资费")


def fact_url(kind: FactKind, fact: Any) -> str:
    """The page of one fact."""
    return reverse("ledger:fact", args=[kind.value, fact.system, fact.business_date.isoformat(), fact.number])


# --- one fact


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of a fact: booked, reversed or void, since when it is known and which row said it."""

    known_at: datetime
    what: Text
    version: int
    amount: SafeString
    row: RowLink
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened to an item on its way."""

    at: datetime
    what: Text
    where: str


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as its page shows it."""

    number: str
    lead: str
    is_void: bool
    fields: Sequence[Field]
    events: Sequence[EventView]
    entries: Sequence[EntryView]
    amount_label: str


_ENTRY_WORDS: Mapping[int, Text] = {
    1: pgettext_lazy("入账记录", "记入"),
    -1: pgettext_lazy("入账记录", "冲销"),
    0: pgettext_lazy("入账记录", "作废"),
}


def fact_view(viewer: Viewer, fact: Fact, find_row: FindRow) -> FactView:
    """A fact in fields, its entries with where they came from, and the way of an item."""
    last = fact.last
    reversed_versions = {entry.version for entry in fact.entries if entry.entry == -1}
    return FactView(
        number=last.number,
        lead=f"{fact.kind.label} · {system_name(last.system)} · {last.business_date.isoformat()}",
        is_void=fact.standing is None,
        fields=_fact_fields(fact.kind, last),
        events=[_event_view(event) for event in fact.events],
        entries=[
            EntryView(
                known_at=entry.known_at,
                what=_ENTRY_WORDS[entry.entry],
                version=entry.version,
                amount=cells.money(entry.entry * amount_of(fact.kind, entry)),
                row=find_row(viewer, entry.delivery_id, entry.row),
                is_reversed=entry.version in reversed_versions,
            )
            for entry in fact.entries
        ],
        amount_label=amount_label(fact.kind),
    )


def _fact_fields(kind: FactKind, fact: Any) -> list[Field]:
    own = _transaction_fields(fact) if kind is FactKind.TRANSACTION else _item_fields(fact)
    fields = [
        Field(pgettext("业务明细", "客户"), _whose(fact)),
        Field(pgettext("业务明细", "产品"), product_name(fact.product)),
        Field(_("板块"), Line(fact.line).label),
        Field(_("机构"), str(fact.unit)),
        Field(_("发生时间"), cells.when(fact.event_time)),
        *own,
    ]
    if fact.holding:
        fields.append(Field(_("账户或协议"), cells.masked(fact.holding.number_masked)))
    return fields


def _transaction_fields(fact: Any) -> list[Field]:
    fields = [
        Field(_("性质"), Nature(fact.nature).label),
        Field(_("金额"), cells.money(fact.amount)),
        Field(_("件数"), cells.number(fact.quantity)),
        Field(_("渠道"), Channel(fact.channel).label),
    ]
    return [*fields, Field(_("备注"), fact.note)] if fact.note else fields


def _item_fields(fact: Any) -> list[Field]:
    stated = (
        (_("内件"), Contents, fact.contents),
        (_("结算方式"), Settlement, fact.settlement),
        (_("收寄方式"), PickupMode, fact.pickup_mode),
        (_("投递方式"), DeliveryMode, fact.delivery_mode),
    )
    fields = [
        *_read_from(fact.number),
        Field(_("资费"), cells.money(fact.postage)),
        Field(_("重量（克）"), cells.number(fact.weight_g)),
        *(Field(label, codes(value).label) for label, codes, value in stated if value),
    ]
    if fact.charged_weight_g:
        fields.append(Field(_("计费重量（克）"), cells.number(fact.charged_weight_g)))
    fields += [
        Field(label, cells.money(value))
        for label, value in ((_("保价金额"), fact.insured), (_("代收货款"), fact.cod))
        if value
    ]
    if fact.division:
        fields.append(Field(_("寄往"), cells.code(fact.division)))
    if fact.promised_at:
        fields.append(Field(_("承诺送达"), cells.when(fact.promised_at)))
    return fields


def _read_from(number: str) -> list[Field]:
    """What an international item number says of its item: the service and the country it comes from."""
    read = item_number(number, domestic=())
    if not isinstance(read, ItemNumber) or read.service is None:
        return []
    return [Field(_("业务标识"), read.service.label), Field(_("原寄国"), cells.code(read.country))]


def _whose(fact: Any) -> object:
    """The customer with a link where the viewer may know them."""
    if fact.party_id is None:
        return _("匿名散户")
    if fact.shown is None:
        return _("外辖或尚未接入的客户")
    address = reverse("customer:record_tab", args=[fact.shown["code"], "business"])
    return format_html('<a href="{}">{}</a>', address, fact.shown["name"])


def _event_view(event: MailEvent) -> EventView:
    return EventView(
        event.event_time, MailEventCode(event.code).label, str(event.unit) if event.unit else event.division
    )


# --- months of units


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
    kept = {"unit": chosen.code} if chosen else {}
    sums = total(rows)
    offered = [one for one in MEASURES.values() if one in {measure, REVENUE} or one.value_of(sums)]
    return UnitView(
        lead=_("{unit}经办的业务，按月和板块。").format(unit=chosen.label if chosen else viewer.unit_name),
        measure=measure,
        measures=[
            Choice(one.label, f"?{urlencode({'measure': one.key} | kept)}", one is measure) for one in offered
        ],
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


# --- partitions


DIFFERENCE_WORDS: Mapping[str, Text] = {
    "columns": gettext_lazy("列不一致"),
    "indexes": gettext_lazy("缺索引"),
    "constraints": gettext_lazy("缺约束"),
    "walls": gettext_lazy("没有行级隔离"),
    "grants": gettext_lazy("有自己的权限"),
    "missing": gettext_lazy("没有建立"),
}
TABLE_WORDS: Mapping[str, Text] = {
    "ledger_transaction": FactKind.TRANSACTION.label,
    "ledger_mailitem": FactKind.MAIL_ITEM.label,
    "ledger_mailevent": FactKind.MAIL_EVENT.label,
    "ledger_balance": FactKind.BALANCE.label,
    "ledger_monthlyfact": gettext_lazy("客户月度合计"),
}


@dataclass(frozen=True, slots=True)
class PartitionCell:
    """One partition: how big it is and what is wrong with it; `is_due` is one that the next night makes."""

    rows: int
    size: str
    problems: Sequence[Text]
    is_due: bool

    @property
    def shown_rows(self) -> str:
        return f"{self.rows:,}"


@dataclass(frozen=True, slots=True)
class PartitionMonth:
    """The partitions of one month, in the order of the tables."""

    month: str
    cells: Sequence[PartitionCell | None]


@dataclass(frozen=True, slots=True)
class PartitionView:
    """All partitions by month, the newest first, and how many differ from their table."""

    tables: Sequence[Text]
    months: Sequence[PartitionMonth]
    problems: int


def partition_view() -> PartitionView:
    """Every partition against its table, and whether the months ahead are there. One query and a parameter."""
    states = partition_states(expected=expected_months())
    found = {(state.month, state.table): _partition_cell(state) for state in states}
    months = sorted({month for month, _table in found}, reverse=True)
    return PartitionView(
        tables=list(TABLE_WORDS.values()),
        months=[
            PartitionMonth(write_month(month), [found.get((month, table)) for table in TABLE_WORDS])
            for month in months
        ],
        problems=sum(bool(cell.problems) for cell in found.values()),
    )


def _partition_cell(state: PartitionState) -> PartitionCell:
    """A partition of a month to come that is missing is no problem yet: the next night makes it, or booking does."""
    is_due = "missing" in state.differences and state.month > business_date()
    problems = [] if is_due else [DIFFERENCE_WORDS[code] for code in state.differences]
    return PartitionCell(state.rows, filesizeformat(state.bytes), problems, is_due)
