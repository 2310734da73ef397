"""The list of owners (管户清单): one row a customer and line, with whoever looks after it, or the pool."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.columns import standing_customer, who_columns
from hongyan.customer.lists import UnitFilter
from hongyan.customer.models import Ownership
from hongyan.customer.panels import line_chips
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.queries.staff import posts_in_scope
from hongyan.ownership.codes import BelongingState
from hongyan.ownership.models import Belonging
from hongyan.ownership.queries.belonging import figure_at, shown_belongings
from hongyan.ownership.queries.owners import owners_in_scope
from hongyan.ownership.rules import Step
from hongyan.ownership.words import STEPS, reason_words, step_words
from hongyan.ui.cells import Tone, badge, money, when
from hongyan.ui.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    EmptyState,
    ListSpec,
    ListState,
    Sort,
    TextFilter,
    offer_views,
)
from hongyan.ui.lists.filters import Unusable

MINE, POOL, OUTLET_POOL, COUNTY_POOL = "mine", "none", "outlet", "county"

POOLS = (OUTLET_POOL, COUNTY_POOL)


class Chosen(NamedTuple):
    """A manager by whom the list is narrowed; an address writes the number, a chip says the name."""

    id: int
    staff_no: str
    name: str

    def __str__(self) -> str:
        return self.staff_no


class ManagerFilter(TextFilter):
    """A manager by staff number, who has or had a post in the viewer's scope."""

    is_typed: ClassVar[bool] = False

    def read(self, query: QueryDict, viewer: object) -> Any:
        assert isinstance(viewer, Viewer)
        typed = super().read(query, viewer)
        if not typed:
            return None
        posts = posts_in_scope(viewer).filter(staff__staff_no=typed)
        found = posts.values_list("staff_id", "staff__staff_no", "staff__name").first()
        if found is None:
            raise Unusable(_("没有这个工号，或不在您的数据范围内。"))
        return Chosen(*found)

    def describe(self, value: Chosen, _viewer: object) -> str:
        return value.name

    def apply(self, queryset: QuerySet[Any], value: Chosen) -> QuerySet[Any]:
        return queryset.filter(manager_id=value.id)


def _by_keeper(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    # "Mine" takes the viewer, whom a filter does not know; see `rows_for`.
    if value == MINE:
        return rows
    pooled = rows.filter(manager=None)
    return pooled if value == POOL else pooled.filter(risen_at__isnull=value == OUTLET_POOL)


def _manager_cell(row: Ownership) -> SafeString | str:
    if row.manager:
        return row.manager.name
    return badge(_("县级待分配") if row.risen_at else _("待分配"), "warn")


def _row_url(row: Ownership) -> str:
    return reverse("customer:record_tab", args=[standing_customer(row).code, "ownership"])


OWNERS = ListSpec(
    key="owners",
    title=gettext_lazy("管户清单"),
    columns=(
        *who_columns(standing_customer),
        Column(
            "line", gettext_lazy("板块"), lambda row: line_chips([row.line]), width="s", phone_role="meta"
        ),
        Column("unit", gettext_lazy("管户机构"), lambda row: str(row.unit), width="m", phone_role="meta"),
        Column(
            "manager",
            pgettext_lazy("column", "客户经理"),
            _manager_cell,
            width="m",
            phone_role="meta",
        ),
        Column(
            "since",
            pgettext_lazy("管户", "起始时间"),
            lambda row: when(row.since),
            sort="since",
            width="m",
        ),
        Column("reason", pgettext_lazy("管户", "由来"), lambda row: reason_words(row.reason), width="m"),
    ),
    filters=(
        ChoiceFilter(
            key="keeper",
            label=pgettext_lazy("column", "客户经理"),
            choices=(
                (MINE, gettext_lazy("我的客户")),
                (POOL, gettext_lazy("待分配池")),
                (OUTLET_POOL, gettext_lazy("网点待分配池")),
                (COUNTY_POOL, gettext_lazy("县级待分配池")),
            ),
            narrow=_by_keeper,
            quick=True,
        ),
        ChoiceFilter(
            key="line", label=gettext_lazy("板块"), choices=tuple(Line.choices), field="line", quick=True
        ),
        ManagerFilter(key="manager", label=gettext_lazy("客户经理工号")),
        UnitFilter(key="unit", label=gettext_lazy("机构")),
    ),
    sorts=(Sort("since", pgettext_lazy("管户", "起始时间"), ("since",), is_descending=True),),
    default_sort="-since",
    bulk_actions=(
        BulkAction(
            "claim",
            pgettext_lazy("管户变动", "认领"),
            reverse_lazy("ownership:claim"),
            icon="user-plus",
            right=Right.OWNERSHIP_CLAIM,
        ),
        BulkAction(
            "reassign",
            gettext_lazy("批量调整"),
            reverse_lazy("ownership:reassign"),
            icon="users-group",
            right=Right.OWNERSHIP_CHANGE,
        ),
    ),
    row_url=_row_url,
    audited_as="owner_list",
    empty=EmptyState(
        gettext_lazy("没有符合条件的客户"),
        gettext_lazy("每位客户在每个业务板块有一个管户网点；没有客户经理的在网点的待分配池里。"),
        icon="user-check",
    ),
)

offer_views(OWNERS)


def rows_for(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[Ownership]:
    """The rows a list starts from, by the filters that choose rows: mine, a unit with everything beneath it."""
    rows = owners_in_scope(viewer).select_related("customer__survivor", "unit", "manager")
    if values.get("keeper") == MINE:
        rows = rows.filter(manager__in=viewer.people)
    if unit := values.get("unit"):
        rows = rows.filter(unit__places__lo__range=(unit.span.lo, unit.span.hi))
    return rows


def chosen_rows(viewer: Viewer, query: str) -> QuerySet[Ownership]:
    """All rows of a list's canonical query: what “all results” means to a bulk action. Errors: Invalid."""
    state = ListState.parse_strictly(OWNERS, QueryDict(query), viewer=viewer)
    rows: QuerySet[Ownership] = state.apply(rows_for(viewer, state.values))
    return rows


# --- belonging at the bank


def _average_at(row: Belonging, unit_code: str) -> SafeString:
    figure = figure_at(row, unit_code)
    return money(Decimal(figure["total"])) if figure else money(Decimal(0))


def step_cell(row: Belonging) -> SafeString | str:
    """What decided; a tie is marked."""
    return badge(step_words(row.step), "warn") if row.step == Step.TIE else step_words(row.step)


_STATE_TONES: Mapping[str, Tone] = {
    BelongingState.OPEN: "wait",
    BelongingState.TAKEN: "good",
}


def belonging_state(row: Belonging) -> SafeString:
    """How a proposal stands: of one that was taken, how its act does."""
    word = row.transfer.get_state_display() if row.transfer else row.get_state_display()
    return badge(word, _STATE_TONES.get(row.state, "off"))


BELONGINGS = ListSpec(
    key="belongings",
    title=gettext_lazy("邮储归属"),
    columns=(
        *who_columns(standing_customer),
        Column(
            "from", gettext_lazy("现归属网点"), lambda row: str(row.before.unit), width="m", phone_role="meta"
        ),
        Column("to", gettext_lazy("应归属网点"), lambda row: str(row.to_unit), width="m", phone_role="meta"),
        Column("step", pgettext_lazy("邮储归属", "依据"), step_cell, phone_role="meta"),
        Column(
            "from_total",
            gettext_lazy("现网点日均"),
            lambda row: _average_at(row, row.before.unit.code),
            align="end",
            width="m",
        ),
        Column(
            "to_total",
            gettext_lazy("应归属网点日均"),
            lambda row: _average_at(row, row.to_unit.code),
            align="end",
            width="m",
            phone_role="meta",
        ),
        Column("state", gettext_lazy("状态"), belonging_state, width="s", phone_role="meta"),
        Column("found", gettext_lazy("计算时间"), lambda row: when(row.found_at), width="m", sort="found"),
    ),
    filters=(
        ChoiceFilter(
            key="state",
            label=gettext_lazy("状态"),
            choices=tuple(BelongingState.choices),
            field="state",
            quick=True,
        ),
        ChoiceFilter(
            key="step",
            label=pgettext_lazy("邮储归属", "依据"),
            choices=tuple((str(step.value), STEPS[step]) for step in Step),
            field="step",
        ),
        UnitFilter(key="unit", label=gettext_lazy("现归属机构")),
    ),
    sorts=(Sort("found", gettext_lazy("计算时间"), ("found_at",), is_descending=True),),
    default_sort="-found",
    bulk_actions=(
        BulkAction(
            "confirm",
            gettext_lazy("按规则调整"),
            reverse_lazy("ownership:confirm_belonging"),
            icon="check",
            right=Right.OWNERSHIP_CHANGE,
        ),
    ),
    row_url=lambda row: reverse("ownership:belonging", args=[row.pk]),
    audited_as="belonging_list",
    empty=EmptyState(
        gettext_lazy("没有归属建议"),
        gettext_lazy(
            "每夜按最近几个整月的日均余额计算邮储客户应归属的网点；与现网点不同的列在这里，由负责人确认。"
        ),
        icon="building-bank",
    ),
)

offer_views(BELONGINGS)


def belonging_rows(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[Belonging]:
    """The proposals a list starts from; a unit is the one where the customer is now."""
    rows = shown_belongings(viewer)
    if unit := values.get("unit"):
        rows = rows.filter(before__unit__places__lo__range=(unit.span.lo, unit.span.hi))
    return rows


def chosen_belongings(viewer: Viewer, query: str) -> QuerySet[Belonging]:
    """All proposals of a list's canonical query. Errors: Invalid."""
    state = ListState.parse_strictly(BELONGINGS, QueryDict(query), viewer=viewer)
    rows: QuerySet[Belonging] = state.apply(belonging_rows(viewer, state.values))
    return rows
