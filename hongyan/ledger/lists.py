"""The lists of the ledger: transactions, mail items, who reached the bank's threshold (业务明细、邮储入库).

Facts are listed by customer, unit, delivery or number only; without one of them the page says so and reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.errors import NotFound
from hongyan.core.places import division_name
from hongyan.customer.columns import who_columns
from hongyan.customer.lists import UnitFilter
from hongyan.customer.models import Customer
from hongyan.customer.queries.ranges import UnitChoice
from hongyan.customer.queries.records import find_customer, party_ids_of
from hongyan.customer.queries.systems import named_systems, system_name
from hongyan.ledger.codes import Channel, FactKind, Nature
from hongyan.ledger.currencies import currency_of, in_currency
from hongyan.ledger.models import BankIntake, MailItem, SourceProduct, Transaction
from hongyan.ledger.panels import fact_url
from hongyan.ledger.queries.access import booked_in, lines_of
from hongyan.ledger.queries.facts import LISTED, days_of_month, end_of, standing
from hongyan.ledger.queries.months import newest_month
from hongyan.ledger.queries.numbers import numbered
from hongyan.ledger.words import product_name, read_day, read_month, whose, write_month
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui import cells
from hongyan.ui.lists import (
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    Filter,
    ListSpec,
    ListState,
    Sort,
    TextFilter,
    offer_views,
)
from hongyan.ui.lists.filters import Unusable

Text = str | Promise
_DELIVERY = re.compile(r"[Dd]?0*(\d{1,15})")
_PARTY = re.compile(r"[0-9]{1,18}")


# --- filters


@dataclass(frozen=True, slots=True)
class ChosenCustomer:
    """A customer whose facts are listed, as the ids of the source parties."""

    customer: Customer
    party_ids: tuple[int, ...]

    @property
    def code(self) -> str:
        return self.customer.code

    @property
    def name(self) -> str:
        return self.customer.name

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class CustomerFilter(TextFilter):
    """The facts of one customer by its code; an alias stands for its survivor. Chooses what the list starts from."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> ChosenCustomer | None:  # type: ignore[override]
        assert isinstance(viewer, Viewer)
        typed = super().read(query, viewer)
        if typed is None:
            return None
        try:
            customer = find_customer(viewer, typed)
        except NotFound:
            raise Unusable(_("没有客户“{code}”，或不在您的数据范围内。").format(code=typed[:20])) from None
        return ChosenCustomer(customer, tuple(party_ids_of(customer)))

    def write(self, value: ChosenCustomer) -> list[tuple[str, str]]:
        return [(self.key, value.code)]

    def describe(self, value: ChosenCustomer, viewer: object) -> str:  # noqa: ARG002 - the interface's
        return value.code  # a page that only names its conditions is not one that opens the customer

    def apply(self, queryset: QuerySet[Any], value: ChosenCustomer) -> QuerySet[Any]:  # noqa: ARG002
        return queryset


@dataclass(frozen=True, kw_only=True)
class ChoosingText(TextFilter):
    """A text that chooses what the list starts from, so there is nothing left to narrow; `read_list` reads it."""

    def apply(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:  # noqa: ARG002
        return queryset


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter(ChoosingText):
    """The facts one delivery booked, by its number; a reversal counts for what it reversed, and is not listed."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> str | None:
        typed = super().read(query, viewer)
        if typed is None:
            return None
        if not (found := _DELIVERY.fullmatch(typed)):
            raise Unusable(_("批次号形如 D00000012。"))
        return f"D{int(found[1]):08d}"


@dataclass(frozen=True, kw_only=True)
class PartyFilter(ChoosingText):
    """The facts of one source party by its id: of one whose system has not described it yet, who is no customer."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> str | None:
        typed = super().read(query, viewer)
        if typed is not None and not _PARTY.fullmatch(typed):
            raise Unusable(_("没有这个来源客户。"))
        return typed


@dataclass(frozen=True, kw_only=True)
class MonthFilter(ChoosingText):
    """One month of business days."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> str | None:
        typed = super().read(query, viewer)
        if typed is None:
            return None
        month = read_month(typed)
        if month is None:
            raise Unusable(_("月份形如 2026-10。"))
        return write_month(month)


@dataclass(frozen=True, kw_only=True)
class KnownFilter(ChoosingText):
    """The facts as they were known at the end of a day."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> str | None:
        typed = super().read(query, viewer)
        if typed is None:
            return None
        day = read_day(typed)
        if day is None:
            raise Unusable(_("日期形如 2026-10-31，不晚于今天。"))
        return day.isoformat()


@dataclass(frozen=True, kw_only=True)
class ChoosingChoice(ChoiceFilter):
    """One of some values that chooses what the list starts from; `read_list` reads it.

    Transactions and mail items are two tables. Line and system are those of the products that facts point at.
    """

    def apply(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:  # noqa: ARG002
        return queryset


CHOOSERS = ("customer", "party", "unit", "delivery", "number")
"""One of these must be set before any fact is read."""


def _systems(_viewer: object) -> list[Choice]:
    return [Choice(key, name) for key, name in named_systems().items()]


def _lines(viewer: object) -> list[Choice]:
    assert isinstance(viewer, Viewer)
    return [Choice(line, Line(line).label) for line in sorted(lines_of(viewer))]


_FILTERS: tuple[Filter, ...] = (
    ChoosingChoice(
        key="kind",
        label=gettext_lazy("种类"),
        choices=(
            (FactKind.TRANSACTION, FactKind.TRANSACTION.label),
            (FactKind.MAIL_ITEM, FactKind.MAIL_ITEM.label),
        ),
        quick=True,
    ),
    CustomerFilter(key="customer", label=gettext_lazy("客户编码"), placeholder=gettext_lazy("客户编码")),
    PartyFilter(key="party", label=gettext_lazy("来源客户"), placeholder=gettext_lazy("来源客户的编号")),
    ChoosingText(
        key="number",
        label=gettext_lazy("交易号或邮件号"),
        placeholder=gettext_lazy("交易号或邮件号"),
        max_length=40,
        quick=True,
    ),
    MonthFilter(
        key="month", label=gettext_lazy("月份"), placeholder=gettext_lazy("月份，如 2026-10"), quick=True
    ),
    UnitFilter(key="unit", label=gettext_lazy("机构")),
    DeliveryFilter(key="delivery", label=gettext_lazy("批次号")),
    ChoosingChoice(key="line", label=gettext_lazy("板块"), choices=_lines),
    ChoosingChoice(key="system", label=gettext_lazy("来源系统"), choices=_systems),
    ChoosingText(
        key="product",
        label=gettext_lazy("产品编码"),
        placeholder=gettext_lazy("来源系统的产品编码"),
        max_length=40,
    ),
    ChoosingText(
        key="currency",
        label=gettext_lazy("币种"),
        placeholder=gettext_lazy("代码，如 CNY"),
        max_length=3,
    ),
    KnownFilter(
        key="as_of", label=gettext_lazy("当时已知"), placeholder=gettext_lazy("日终时已知的，如 2026-10-31")
    ),
)


# --- cells


def _number_cell(fact: Any) -> SafeString:
    """The number; a mark where an earlier version was replaced."""
    number = cells.code(fact.number)
    return SafeString(f"{number} {cells.badge(_('更正'), 'info')}") if fact.is_corrected else number


def _customer_cell(fact: Any) -> SafeString | str:
    """The customer where the viewer may know them; else what is known of whose it is."""
    return whose(fact) if fact.shown else format_html('<span class="muted">{}</span>', whose(fact))


def _unit_cell(fact: Any) -> str:
    return str(fact.unit)


def _product_cell(fact: Any) -> str:
    return product_name(fact.product)


def _system_cell(fact: Any) -> str:
    return system_name(fact.system)


def _day_cell(fact: Any) -> SafeString:
    return cells.when(fact.business_date)


_SORTS = (Sort("day", gettext_lazy("业务日期"), ("business_date", "number"), is_descending=True),)
_EMPTY = EmptyState(
    gettext_lazy("先选定一个客户、机构、批次或号码"),
    gettext_lazy("业务明细有上千万行，从客户的业务页、机构的业务月报或批次点进来，或在上面填一个号码。"),
    icon="list-search",
)

_NUMBER = Column("number", gettext_lazy("号码"), _number_cell, phone_role="title")
_DAY = Column("day", gettext_lazy("业务日期"), _day_cell, sort="day", width="m", phone_role="meta")
_CUSTOMER = Column(
    "customer", pgettext_lazy("业务明细", "客户"), _customer_cell, width="l", phone_role="subtitle"
)
_PRODUCT = Column("product", pgettext_lazy("业务明细", "产品"), _product_cell, width="m", phone_role="meta")
_UNIT = Column("unit", gettext_lazy("机构"), _unit_cell, width="m", phone_role="meta")
_SYSTEM = Column("system", gettext_lazy("来源系统"), _system_cell, width="m", default=False)

TRANSACTIONS: ListSpec = ListSpec(
    key="facts",  # one for both kinds, so that choosing the other one swaps the list in its place
    title=gettext_lazy("业务明细：交易"),
    columns=(
        _DAY,
        _NUMBER,
        _CUSTOMER,
        _PRODUCT,
        Column(
            "nature",
            gettext_lazy("性质"),
            lambda fact: Nature(fact.nature).label,
            width="s",
            phone_role="meta",
        ),
        Column(
            "channel",
            gettext_lazy("渠道"),
            lambda fact: Channel(fact.channel).label,
            width="s",
            default=False,
        ),
        Column(
            "quantity",
            gettext_lazy("件数"),
            lambda fact: cells.number(fact.quantity),
            width="xs",
            align="end",
        ),
        Column(
            "amount",
            gettext_lazy("金额"),
            lambda fact: cells.money(fact.amount, currency=currency_of(fact.system)),
            width="m",
            align="end",
            phone_role="aside",
        ),
        _UNIT,
        _SYSTEM,
    ),
    filters=(
        *_FILTERS,
        ChoiceFilter(key="nature", label=gettext_lazy("性质"), choices=tuple(Nature.choices)),
        ChoiceFilter(key="channel", label=gettext_lazy("渠道"), choices=tuple(Channel.choices)),
    ),
    sorts=_SORTS,
    default_sort="-day",
    empty=_EMPTY,
    row_key=lambda fact: fact.number,
    row_url=lambda fact: fact_url(FactKind.TRANSACTION, fact),
    export_right=Right.LEDGER_EXPORT,
    audited_as="fact_list",
)

MAIL_ITEMS: ListSpec = ListSpec(
    key="facts",
    title=gettext_lazy("业务明细：邮件"),
    columns=(
        _DAY,
        _NUMBER,
        _CUSTOMER,
        _PRODUCT,
        Column(
            "weight",
            gettext_lazy("重量（克）"),
            lambda fact: cells.number(fact.weight_g),
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column(
            "division",
            gettext_lazy("寄往"),
            lambda fact: division_name(fact.division),
            width="m",
            default=False,
        ),
        Column(
            "postage",
            gettext_lazy("资费"),
            lambda fact: cells.money(fact.postage, currency=currency_of(fact.system)),
            width="m",
            align="end",
            phone_role="aside",
        ),
        _UNIT,
        _SYSTEM,
    ),
    filters=_FILTERS,
    sorts=_SORTS,
    default_sort="-day",
    empty=_EMPTY,
    row_key=lambda fact: fact.number,
    row_url=lambda fact: fact_url(FactKind.MAIL_ITEM, fact),
    export_right=Right.LEDGER_EXPORT,
    audited_as="fact_list",
)

SPECS: Mapping[FactKind, ListSpec] = {FactKind.TRANSACTION: TRANSACTIONS, FactKind.MAIL_ITEM: MAIL_ITEMS}
_ROW = Sort("row", gettext_lazy("文件中的顺序"), ("row",))


def _as_delivered(spec: ListSpec) -> ListSpec:
    """A delivery's facts, in the order of its file: the one in which a million of them are there at once."""
    return replace(spec, sorts=(_ROW, *spec.sorts), default_sort=_ROW.key)


_DELIVERED: Mapping[FactKind, ListSpec] = {kind: _as_delivered(spec) for kind, spec in SPECS.items()}


def kind_of(query: Mapping[str, str]) -> FactKind:
    """Which list an address asks for: transactions by default."""
    return FactKind.MAIL_ITEM if query.get("kind") == FactKind.MAIL_ITEM else FactKind.TRANSACTION


Facts = QuerySet[Transaction | MailItem]


def read_list(viewer: Viewer, query: QueryDict) -> tuple[ListState, Facts]:
    """Where an address stands in the facts, and those the list starts from: none until something is chosen.

    Where it does not say which kind, the first that has any: who only receives parcels has no transactions. A unit's
    are listed a month at a time: where the address does not say which, the newest in which it booked something of what
    is asked.
    """
    state, rows = _read_kind(viewer, query, kind_of(query))
    if query.get("kind") or state.is_choosing or not is_chosen(state.values) or rows.exists():
        return state, rows
    other, others = _read_kind(viewer, query, FactKind.MAIL_ITEM)
    if not others.exists():
        return state, rows
    return replace(other, values={**other.values, "kind": FactKind.MAIL_ITEM.value}), others


def _read_kind(viewer: Viewer, query: QueryDict, kind: FactKind) -> tuple[ListState, Facts]:
    specs = _DELIVERED if query.get("delivery") else SPECS
    state = ListState.parse(specs[kind], query, viewer=viewer)
    none = LISTED[kind].objects.none()
    if state.is_choosing or not is_chosen(state.values):
        return state, none
    narrowed = _booked_by(viewer, state.values) & _of_products(state.values)
    if _needs_month(state.values):
        newest = newest_month(viewer, kind, narrowed)
        if newest is None:
            return state, none
        state = replace(state, values={**state.values, "month": write_month(newest)})
    month, as_of = read_month(state.values.get("month", "")), read_day(state.values.get("as_of", ""))
    return state, standing(
        viewer,
        kind,
        _chosen(state.values) & narrowed,
        days=days_of_month(month) if month else None,
        known_before=end_of(as_of) if as_of else None,
    )


def _needs_month(values: Mapping[str, Any]) -> bool:
    return bool(values.get("unit")) and not any(
        values.get(key) for key in ("month", "customer", "party", "delivery", "number")
    )


def customer_of(viewer: Viewer, values: Mapping[str, Any]) -> Customer | None:
    """The one customer whose facts are listed, chosen by code or by a source party, as far as the viewer may see."""
    if chosen := values.get("customer"):
        customer: Customer = chosen.customer
        return customer
    if party := values.get("party"):
        return Customer.objects.visible_to(viewer).filter(parties=int(party)).first()
    return None


def is_chosen(values: Mapping[str, Any]) -> bool:
    """Whether something is chosen that facts are listed by."""
    return any(values.get(key) for key in CHOOSERS)


def _chosen(values: Mapping[str, Any]) -> Q:
    chosen = Q()
    if customer := values.get("customer"):
        chosen &= Q(party_id__in=customer.party_ids)
    if party := values.get("party"):
        chosen &= Q(party_id=int(party))
    if delivery := values.get("delivery"):
        chosen &= Q(delivery_id=int(delivery.removeprefix("D")))
    if number := values.get("number"):
        chosen &= numbered(number)
    return chosen


def _booked_by(viewer: Viewer, values: Mapping[str, Any]) -> Q:
    """Booked by the chosen unit and all beneath it."""
    unit: UnitChoice | None = values.get("unit")
    return booked_in(viewer, unit.span) if unit else Q()


def _of_products(values: Mapping[str, Any]) -> Q:
    """Of the source products that a line, system, code and currency leave, as their ids: facts are found by these."""
    fields = {"line": "line", "system": "system", "product": "code"}
    asked = {field: values[key] for key, field in fields.items() if values.get(key)}
    currency = values.get("currency")
    if not asked and not currency:
        return Q()
    priced = in_currency(currency, system="system") if currency else Q()
    return Q(product_id__in=list(SourceProduct.objects.filter(priced, **asked).values_list("id", flat=True)))


# --- 邮储入库


def _intake_url(row: BankIntake) -> str:
    return reverse("customer:record_tab", args=[row.customer.code, "business"])


INTAKE: ListSpec = ListSpec(
    key="bank_intake",
    title=gettext_lazy("邮储入库"),
    columns=(
        Column(
            "day",
            gettext_lazy("达到日期"),
            lambda row: cells.when(row.first_reached_on),
            sort="day",
            width="m",
        ),
        *who_columns(),
        Column(
            "outlet",
            gettext_lazy("管户机构"),
            lambda row: row.outlet or _("未分配"),
            width="m",
            phone_role="meta",
        ),
        Column(
            "assets",
            gettext_lazy("资产"),
            lambda row: cells.money(row.assets),
            width="m",
            align="end",
            phone_role="fact",
        ),
        Column(
            "liabilities",
            gettext_lazy("负债"),
            lambda row: cells.money(row.liabilities),
            width="m",
            align="end",
            phone_role="fact",
        ),
        Column(
            "total",
            gettext_lazy("资产负债合计"),
            lambda row: cells.money(row.assets + row.liabilities),
            width="m",
            align="end",
            phone_role="aside",
        ),
    ),
    filters=(
        DateRangeFilter(key="on", label=gettext_lazy("达到日期"), field="first_reached_on", quick=True),
    ),
    sorts=(Sort("day", gettext_lazy("达到日期"), ("first_reached_on",), is_descending=True),),
    default_sort="-day",
    empty=EmptyState(
        gettext_lazy("还没有客户达到入库标准"),
        gettext_lazy("邮储余额装载后，资产与负债合计首次达到起点的客户会在达到之日出现在这里。"),
        icon="building-bank",
    ),
    row_key=lambda row: row.customer_id,
    row_url=_intake_url,
    export_right=Right.LEDGER_EXPORT,
    audited_as="bank_intake",
)

offer_views(TRANSACTIONS, choose=lambda query: SPECS[kind_of(query)])
offer_views(INTAKE)
