"""The list of customers (客户列表), declared; it starts from `ListRow` and never from `Customer`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import IsNull
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.clock import BUSINESS_ZONE, business_date
from hongyan.core.places import division_name
from hongyan.customer.codes import (
    JOIN_BANDS,
    JOIN_CHOICES,
    MOST_SOURCES,
    Kind,
    Outcome,
    PartyType,
    Status,
)
from hongyan.customer.columns import lent_columns
from hongyan.customer.custom import custom_fields, label, values_of, words
from hongyan.customer.list_edits import edit, row_url
from hongyan.customer.marks import choices as lent_choices
from hongyan.customer.models import Customer, CustomerMark, Link, ListRow
from hongyan.customer.panels import line_chips
from hongyan.customer.queries import ranges, search
from hongyan.customer.queries.followed import followed_ids
from hongyan.customer.queries.systems import named_systems
from hongyan.customer.queries.terms import joined_keys, read_terms
from hongyan.customer.reach import ReachFilter
from hongyan.customer.rules.custom import Custom, Type
from hongyan.identity.normalise.text import clean
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import badge, code, masked, named, number, when
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    BulkAction,
    Choice,
    ChoiceFilter,
    ChoiceTerm,
    Column,
    ConditionsFilter,
    DateRange,
    DateRangeFilter,
    EmptyState,
    Filter,
    InstantTerm,
    ListSpec,
    ListState,
    MultiFilter,
    NumberTerm,
    PrefixTerm,
    Sort,
    TextFilter,
    YesNoTerm,
    offer_views,
)
from hongyan.ui.lists.filters import Parameters, Unusable

Text = str | Promise

MINE, ASSISTED, NOBODYS = "mine", "assist", "none"
KEEPERS = (
    (MINE, gettext_lazy("我的客户")),
    (ASSISTED, gettext_lazy("我协办的")),
    (NOBODYS, gettext_lazy("未分配客户经理")),
)
FOLLOWED = "mine"
_ONLY = "only"
_DIVISION = re.compile(r"\d{2,6}")
_PERSONAL = re.compile(r"[\d\s()+.-]+[Xx]?|.*@.*", re.DOTALL)
_KEYS = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32}){0,7}")


@dataclass(frozen=True, slots=True)
class Sought:
    """What the list is searched for: a text that may stand in an address, or keyed hashes of a personal number."""

    viewer: Viewer
    text: str = ""
    keys: tuple[bytes, ...] = ()

    @property
    def joined(self) -> str:
        """The keyed hashes as an address writes them."""
        return joined_keys(self.keys)


@dataclass(frozen=True, kw_only=True)
class SearchFilter(Filter):
    """Names, pinyin, initials and codes as `q`; personal numbers only as keyed hashes, `key`.

    The search box posts what was typed and gets such an address back: a phone never stands in an address or a log.
    One written into `q` by hand is refused.
    """

    template: ClassVar[str] = "customer/lists/filter_search.html"
    is_typed: ClassVar[bool] = True

    def read(self, query: QueryDict, viewer: object) -> Sought | None:
        assert isinstance(viewer, Viewer)
        text, keys = query.get("q", "").replace("\0", "").strip(), query.get("key", "")
        if _KEYS.fullmatch(keys):
            return Sought(viewer, keys=tuple(bytes.fromhex(part) for part in keys.split(".")))
        if not text:
            return None
        if read_terms(text).is_personal:
            raise Unusable(_("电话、证件号码和邮箱请在搜索框里查：它们不应出现在网址中。"))
        return Sought(viewer, text)

    def write(self, value: Sought) -> Parameters:
        return [("key", value.joined)] if value.keys else [("q", value.text)]

    def describe(self, value: Sought, viewer: object) -> str:  # noqa: ARG002 - the interface's
        return _("按号码查找") if value.keys else value.text

    def apply(self, queryset: QuerySet[Any], value: Sought) -> QuerySet[Any]:
        if value.keys:
            return search.with_keys(queryset, value.keys)
        terms = read_terms(value.text)
        if terms.serial is not None:
            return search.with_code(queryset, terms.serial)
        return search.with_tokens(value.viewer, queryset, terms.tokens) if terms.tokens else queryset.none()


@dataclass(frozen=True, kw_only=True)
class UnitFilter(Filter):
    """A unit with everything beneath it. It chooses the rows the list starts from, so there is nothing to narrow."""

    template: ClassVar[str] = "customer/lists/filter_unit.html"

    def options_for(self, viewer: object) -> tuple[Choice, ...]:
        assert isinstance(viewer, Viewer)
        return tuple(Choice(*unit) for unit in ranges.units_beneath(viewer))

    def read(self, query: QueryDict, viewer: object) -> ranges.UnitChoice | None:
        assert isinstance(viewer, Viewer)
        asked = query.get(self.key, "")[:20]
        found = ranges.find_unit(viewer, asked) if asked else None
        if asked and found is None:
            raise Unusable(_("没有机构“{code}”，或它不在您的数据范围内。").format(code=asked))
        return found

    def write(self, value: ranges.UnitChoice) -> Parameters:
        return [(self.key, value.code)]

    def describe(self, value: ranges.UnitChoice, viewer: object) -> str:  # noqa: ARG002 - the interface's
        return value.label

    def parts(self, value: ranges.UnitChoice | None, viewer: object) -> list[tuple[Choice, Any]]:
        assert isinstance(viewer, Viewer)
        beneath = ranges.choices_beneath(viewer, value)
        return [(Choice(unit.code, unit.label), unit) for unit in beneath]

    def apply(self, queryset: QuerySet[Any], value: ranges.UnitChoice) -> QuerySet[Any]:  # noqa: ARG002
        return queryset


@dataclass(frozen=True, kw_only=True)
class DivisionFilter(TextFilter):
    """The beginning of a division code: two digits are a province, four a city, six a county (GB/T 2260)."""

    lookup: str = "startswith"
    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> str | None:
        text = super().read(query, viewer)
        if text and not _DIVISION.fullmatch(text):
            raise Unusable(_("行政区划代码是 2 至 6 位数字。"))
        return text


@dataclass(frozen=True, kw_only=True)
class NumberFilter(TextFilter):
    """An agreement number or sub-code, exactly.

    What reads as a phone, a credential or an address is refused as in SearchFilter, but for one with letters like the
    registered number of a company: agreement numbers look like those.
    """

    def read(self, query: QueryDict, viewer: object) -> str | None:
        text = super().read(query, viewer)
        if text and read_terms(text).keys and _PERSONAL.fullmatch(clean(text)):
            raise Unusable(_("电话、证件号码和邮箱请在搜索框里查：它们不应出现在网址中。"))
        return text

    def apply(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return search.with_number(queryset, value)


def _by_manager(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    # "Mine" and "assisted" choose the rows the list starts from; see `rows_for`.
    return rows.filter(manager_id=None) if value == NOBODYS else rows


def _as_it_is(rows: QuerySet[Any], _value: str) -> QuerySet[Any]:
    # Whom somebody follows chooses the rows the list starts from; see `rows_for`.
    return rows


def _unweighed(**condition: Any) -> IsNull:
    """A condition in a form that the planner takes to hold for nearly every row, as `IS NOT NULL` mostly does.

    LIKE is not leakproof, so under row-level security its statistics are withheld: every line would count as one row
    in two hundred, two of them as one in forty thousand, and the whole scope be read and sorted for one page.
    """
    return IsNull(Case(When(**condition, then=Value(True)), output_field=BooleanField()), False)


def _by_line(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(_unweighed(line_codes__contains=value))


def _by_system(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(_unweighed(system_codes__contains=value))


def _by_sources(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    exactly = value.removeprefix(_ONLY)
    return (
        rows.filter(source_count=int(exactly))
        if exactly != value
        else rows.filter(source_count__gte=int(value))
    )


def _asks_line(_viewer: object, value: str) -> Q:
    return Q(_unweighed(line_codes__contains=value))


def _asks_system(_viewer: object, value: str) -> Q:
    return Q(_unweighed(system_codes__contains=value))


def _asks_division(_viewer: object, value: str) -> Q:
    return Q(_unweighed(division__startswith=value))


def _asks_manager(viewer: object, value: str) -> Q:
    """Mine at any outlet, though the row that stands for a customer here may be another outlet's."""
    assert isinstance(viewer, Viewer)
    if value == NOBODYS:
        return Q(manager_id=None)
    if value == ASSISTED:
        return Q(customer_id__in=ranges.rows_assisted_by(viewer, viewer.people).values("customer_id"))
    return Q(customer_id__in=ranges.rows_managed_by(viewer, viewer.staff_id).values("customer_id"))


def _by_systems(rows: QuerySet[Any], _value: str) -> QuerySet[Any]:
    return rows.filter(_unweighed(system_codes__contains=","))


def _by_join(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Those whose least sure automatic join lies in a band."""
    low, high = JOIN_BANDS[value]
    joins = Link.objects.filter(customer=OuterRef("customer_id"), until=None, outcome=Outcome.JOINED)
    return rows.filter(Exists(joins.filter(score__range=(low, high))), ~Exists(joins.filter(score__lt=low)))


def _by_mark(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(Exists(CustomerMark.objects.filter(mark=value, customer_id=OuterRef("customer_id"))))


def _marked(name: str, label: Text, *, quick: bool = False) -> ChoiceFilter:
    """A filter by marks that a room above lends the list under a name."""
    return ChoiceFilter(
        key=name,
        label=label,
        choices=lambda viewer: [Choice(*one) for one in lent_choices(name, viewer)],
        narrow=_by_mark,
        quick=quick,
    )


def _source_choices() -> list[Choice]:
    least = [
        Choice(str(size), _("{count} 个及以上").format(count=size)) for size in range(2, MOST_SOURCES + 1)
    ]
    exactly = [
        Choice(f"{_ONLY}{size}", _("正好 {count} 个").format(count=size)) for size in range(1, MOST_SOURCES)
    ]
    return [*least, *exactly]


def _by_creation(rows: QuerySet[Any], value: DateRange) -> QuerySet[Any]:
    """Business days are days in China, both ends included."""
    if value.start:
        rows = rows.filter(created_at__gte=datetime.combine(value.start, time.min, BUSINESS_ZONE))
    if value.end:
        rows = rows.filter(
            created_at__lt=datetime.combine(value.end + timedelta(days=1), time.min, BUSINESS_ZONE)
        )
    return rows


def _systems(_viewer: object) -> list[Choice]:
    return [Choice(key, name) for key, name in named_systems().items()]


# --- cells


def _name_cell(row: ListRow) -> SafeString:
    """The name, and beside it only a state that is not the normal one."""
    return named(row.name, key=row.code, detail=_state(row))


def _state(row: ListRow) -> SafeString | str:
    if row.status != Status.ACTIVE:
        return badge(Status(row.status).label, "bad" if row.status == Status.FROZEN else "off")
    return badge(_("待核"), "warn") if row.has_review else ""


def _kind_cell(row: ListRow) -> Text:
    return Kind(row.kind).label


def _masked(text: str) -> SafeString | str:
    return masked(text) if text else ""


def _created_cell(row: ListRow) -> SafeString:
    return when(business_date(row.created_at))


# Read along the index that gives the list its order, until the page is full or the list's time is over.
_IN_ORDER = "list_outlet, list_county, list_city, list_province, list_group"

_TERMS = (
    ChoiceTerm(
        key="type",
        label=gettext_lazy("客户类型"),
        field="party_type",
        choices=tuple(PartyType.choices),
        index=_IN_ORDER,
    ),
    ChoiceTerm(key="kind", label=gettext_lazy("客户类别"), choices=tuple(Kind.choices), index=_IN_ORDER),
    ChoiceTerm(
        key="line",
        label=gettext_lazy("板块"),
        choices=tuple(Line.choices),
        ask=_asks_line,
        index=_IN_ORDER,
    ),
    ChoiceTerm(
        key="manager",
        label=gettext_lazy("客户经理"),
        choices=KEEPERS,
        ask=_asks_manager,
        index="list_manager",
    ),
    ChoiceTerm(
        key="status", label=gettext_lazy("客户状态"), choices=tuple(Status.choices), index="list_rare"
    ),
    ChoiceTerm(
        key="system", label=gettext_lazy("来源系统"), choices=_systems, ask=_asks_system, index=_IN_ORDER
    ),
    NumberTerm(
        key="sources", label=gettext_lazy("来源数"), field="source_count", most=10_000, index=_IN_ORDER
    ),
    PrefixTerm(
        key="division",
        label=gettext_lazy("行政区划"),
        pattern=r"\d{2,6}",
        ask=_asks_division,
        index=_IN_ORDER,
    ),
    YesNoTerm(
        key="review",
        label=gettext_lazy("待核"),
        field="has_review",
        choices=(("1", gettext_lazy("有待核")), ("0", gettext_lazy("无待核"))),
        index=_IN_ORDER,
    ),
    InstantTerm(key="created", label=gettext_lazy("创建日期"), field="created_at", index="list_created"),
    InstantTerm(key="updated", label=gettext_lazy("更新时间"), field="updated_at", index=_IN_ORDER),
)

CUSTOMERS = ListSpec(
    key="customers",
    title=gettext_lazy("客户"),
    columns=(
        Column("name", gettext_lazy("名称"), _name_cell, sort="name", phone_role="title", edit=edit("name")),
        Column(
            "code", gettext_lazy("客户编码"), lambda row: code(row.code), width="m", phone_role="subtitle"
        ),
        Column("kind", gettext_lazy("客户类别"), _kind_cell, width="m", default=False),
        Column(
            "lines",
            gettext_lazy("板块"),
            lambda row: line_chips(row.line_codes.split(","), most=2),
            width="m",
            phone_role="meta",
        ),
        Column(
            "mobile",
            gettext_lazy("手机"),
            lambda row: _masked(row.mobile_masked),
            width="m",
            phone_role="meta",
            edit=edit("mobile"),
        ),
        Column(
            "credential",
            gettext_lazy("证件号码"),
            lambda row: _masked(row.credential_masked),
            width="l",
            edit=edit("credential_no"),
        ),
        Column("unit", gettext_lazy("管户机构"), lambda row: row.unit_name, width="m", phone_role="meta"),
        Column(
            "manager",
            pgettext_lazy("column", "客户经理"),
            lambda row: row.manager_name,
            width="s",
            phone_role="meta",
        ),
        Column(
            "sources", gettext_lazy("来源数"), lambda row: number(row.source_count), width="xs", align="end"
        ),
        Column(
            "division",
            gettext_lazy("行政区划"),
            lambda row: row.division and division_name(row.division),
            width="l",
            default=False,
        ),
        Column("created", pgettext_lazy("column", "创建日期"), _created_cell, sort="created", width="s"),
        Column(
            "updated",
            gettext_lazy("更新时间"),
            lambda row: when(row.updated_at),
            width="m",
            default=False,
        ),
    ),
    filters=(
        SearchFilter(key="q", label=gettext_lazy("查找"), quick=True),
        ChoiceFilter(
            key="type",
            label=gettext_lazy("客户类型"),
            field="party_type",
            choices=tuple(PartyType.choices),
            quick=True,
        ),
        MultiFilter(key="kind", label=gettext_lazy("客户类别"), choices=tuple(Kind.choices), quick=True),
        ChoiceFilter(
            key="line", label=gettext_lazy("板块"), choices=tuple(Line.choices), narrow=_by_line, quick=True
        ),
        ChoiceFilter(
            key="manager",
            label=gettext_lazy("客户经理"),
            choices=KEEPERS,
            narrow=_by_manager,
            quick=True,
        ),
        ChoiceFilter(
            key="follow",
            label=gettext_lazy("关注"),
            choices=((FOLLOWED, gettext_lazy("我关注的")),),
            narrow=_as_it_is,
        ),
        UnitFilter(key="unit", label=gettext_lazy("机构")),
        ChoiceFilter(key="status", label=gettext_lazy("客户状态"), choices=tuple(Status.choices), quick=True),
        NumberFilter(key="number", label=gettext_lazy("协议编号或子码")),
        DivisionFilter(
            key="division", label=gettext_lazy("行政区划"), placeholder=gettext_lazy("代码开头，如 3701")
        ),
        ChoiceFilter(key="system", label=gettext_lazy("来源系统"), choices=_systems, narrow=_by_system),
        ChoiceFilter(
            key="sources",
            label=gettext_lazy("来源数"),
            choices=lambda _viewer: _source_choices(),
            narrow=_by_sources,
        ),
        ChoiceFilter(
            key="systems",
            label=gettext_lazy("来源系统数"),
            choices=(("2", gettext_lazy("两个及以上系统")),),
            narrow=_by_systems,
        ),
        ChoiceFilter(
            key="join",
            label=gettext_lazy("自动归并的最低相似度"),
            choices=JOIN_CHOICES,
            narrow=_by_join,
        ),
        BooleanFilter(
            key="review",
            label=gettext_lazy("待核"),
            field="has_review",
            yes=gettext_lazy("有待核"),
            no=gettext_lazy("无待核"),
        ),
        DateRangeFilter(key="created", label=gettext_lazy("创建日期"), narrow=_by_creation),
        ReachFilter(key="reach", label=pgettext_lazy("筛选", "可联系")),
        _marked("tier", gettext_lazy("客户等级")),
        _marked("behaviour", gettext_lazy("行为分类")),
        _marked("loss", gettext_lazy("流失信号")),
        _marked("quality", gettext_lazy("资料问题")),
        _marked("tag", gettext_lazy("标签")),
        _marked("blacklist", gettext_lazy("黑名单")),
        ConditionsFilter(terms=_TERMS),
    ),
    groupings=("type", "kind", "line", "status", "unit"),
    sorts=(
        Sort("name", pgettext_lazy("sort", "名称拼音"), ("sort_key",)),
        # Serial numbers are issued in order, so the key's own index gives the newest first at any level.
        Sort("created", gettext_lazy("创建时间"), ("customer_id",), is_descending=True),
    ),
    default_sort="name",
    actions=(
        Action(gettext_lazy("我关注的"), reverse_lazy("customer:followed"), icon="bell"),
        Action(
            pgettext_lazy("动作", "新增客户"),
            reverse_lazy("customer:new"),
            icon="user-plus",
            is_primary=True,
            right=Right.CUSTOMER_CREATE,
            shortcut="n",
        ),
    ),
    bulk_actions=(
        BulkAction("codes", gettext_lazy("复制客户编码"), reverse_lazy("customer:codes"), icon="copy"),
    ),
    row_key=lambda row: row.code,
    row_url=row_url,
    audited_as="customer_list",
    export_right=Right.CUSTOMER_EXPORT,
    empty=EmptyState(
        gettext_lazy("您的数据范围内还没有客户"),
        gettext_lazy("客户来自各来源系统的文件：批次签收后会出现在这里。"),
        icon="users",
    ),
)


def customers_spec() -> ListSpec:
    """The list with the columns that rooms above lend, and the fields that the house defined: a column for each open
    one, a filter for some.
    """
    filters = tuple(
        ChoiceFilter(
            key=field.name,
            label=label(field),
            choices=tuple((f"{field.family}.{value}", words(field, value)) for value in values_of(field)),
            narrow=_by_mark,
        )
        for field in _own_fields()
        if field.is_filter
    )
    return replace(
        CUSTOMERS,
        columns=(*CUSTOMERS.columns, *(one.column for one in lent_columns()), *own_columns()),
        filters=(*CUSTOMERS.filters[:-1], *filters, CUSTOMERS.filters[-1]),
    )


offer_views(CUSTOMERS, choose=lambda _query: customers_spec())


def own_columns() -> list[Column]:
    """A column for each open field that the house defined."""
    return [
        Column(
            field.name,
            label(field),
            partial(_own_cell, field),
            default=field.in_list,
            width="m",
            align="end" if field.type in {Type.INTEGER, Type.DECIMAL} else "start",
            phone_role="fact" if field.in_list else "",
            edit=None if field.is_retired else edit(field.name, field.party_type),
        )
        for field in _own_fields()
    ]


def _own_fields() -> list[Custom]:
    return [field for field in custom_fields() if field.is_listed]


def _own_cell(field: Custom, row: Any) -> object:
    value = (row.custom or {}).get(field.code, "")
    return when(date.fromisoformat(value)) if value and field.type == Type.DATE else words(field, value)


def with_own(rows: QuerySet[ListRow]) -> QuerySet[ListRow]:
    """Rows with what their columns of own fields read, where the house defined such."""
    if not _own_fields():
        return rows
    own = Customer.objects.filter(pk=OuterRef("customer_id")).values("custom")[:1]
    return rows.annotate(custom=Subquery(own))


def rows_for(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[ListRow]:
    """The rows a list starts from, by the filters that choose rows: my customers, a unit, else the viewer's scope.

    Frozen persons are kept and not used (PIPL 47): whoever looks for them, by status or by name, finds them.
    """
    rows = _chosen(viewer, values)
    if any(values.get(key) for key in _LOOKING_FOR):
        return rows
    return rows.exclude(party_type=PartyType.PERSON, status=Status.FROZEN)


_LOOKING_FOR = ("status", "q", "number", "where")


def _chosen(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[ListRow]:
    """The rows a list starts from, by the filters that choose rows: my customers, a unit, whom I follow, else the
    viewer's scope.
    """
    rows = _rows_for(viewer, values)
    if values.get("follow") != FOLLOWED:
        return rows
    return rows.filter(customer_id__in=followed_ids(viewer))


def _rows_for(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[ListRow]:
    unit: ranges.UnitChoice | None = values.get("unit")
    if values.get("manager") == ASSISTED:
        return ranges.rows_assisted_by(viewer, viewer.people, unit)
    if values.get("manager") != MINE:
        return ranges.rows_of(viewer, unit)
    rows = ranges.rows_managed_by(viewer, viewer.staff_id)
    return rows.filter(org_no__range=(unit.span.lo, unit.span.hi)) if unit else rows


def chosen_rows(viewer: Viewer, query: str) -> QuerySet[ListRow]:
    """All rows of a list's canonical query, in its order: what “all results” means to a bulk action.

    Errors: Invalid for a condition that cannot be used.
    """
    state = ListState.parse_strictly(customers_spec(), QueryDict(query), viewer=viewer)
    direction = "-" if state.is_descending else ""
    rows: QuerySet[ListRow] = state.apply(rows_for(viewer, state.values))
    return rows.order_by(*(f"{direction}{field}" for field in (*state.sort_fields, "customer_id")))
