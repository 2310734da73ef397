"""The list of applications (客户申请), declared."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.panels.applications import line_word, state_of
from hongyan.lifecycle.queries.applications import applications, waiting_for_answer
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    offer_views,
)

MINE = "mine"
OURS = "ours"
_NEW = Action(
    pgettext_lazy("动作", "申请协议客户"),
    reverse_lazy("lifecycle:new"),
    icon="user-plus",
    is_primary=True,
    right=Right.CUSTOMER_APPLY,
)

_PROSPECT = Action(
    pgettext_lazy("动作", "登记潜在客户"),
    reverse_lazy("lifecycle:prospect"),
    icon="user-search",
    right=Right.CUSTOMER_APPLY,
)


def _changed(rows: QuerySet[Any], days: DateRange) -> QuerySet[Any]:
    """Those that changed on the business days from start to end, both included."""
    if days.start:
        rows = rows.filter(changed_at__gte=datetime.combine(days.start, time.min, BUSINESS_ZONE))
    if days.end:
        after = datetime.combine(days.end + timedelta(days=1), time.min, BUSINESS_ZONE)
        rows = rows.filter(changed_at__lt=after)
    return rows


def _as_it_is(rows: QuerySet[Any], _value: object) -> QuerySet[Any]:
    """Whose they are is chosen by `rows_for`, which knows the viewer."""
    return rows


def _customer_cell(row: Application) -> object:
    return cells.code(row.customer.code) if row.customer else cells.none_yet()


APPLICATIONS = ListSpec(
    key="applications",
    title=pgettext_lazy("页面", "客户申请"),
    columns=(
        Column(
            "number", gettext_lazy("编号"), lambda row: cells.code(row.number), width="s", phone_role="meta"
        ),
        Column(
            "kind",
            pgettext_lazy("申请", "事项"),
            lambda row: row.get_kind_display(),
            width="l",
            phone_role="meta",
        ),
        Column("name", gettext_lazy("名称"), lambda row: row.name, phone_role="title"),
        Column("customer", gettext_lazy("客户编码"), _customer_cell, width="m", phone_role="fact"),
        Column("line", gettext_lazy("板块"), lambda row: line_word(row.line), width="s", phone_role="fact"),
        Column("state", pgettext_lazy("申请", "状态"), state_of, width="m", phone_role="aside"),
        Column("maker", gettext_lazy("申请人"), lambda row: row.maker.name, width="s", phone_role="meta"),
        Column("unit", gettext_lazy("机构"), lambda row: str(row.unit), width="m"),
        Column(
            "changed",
            pgettext_lazy("申请", "更新时间"),
            lambda row: cells.when(row.changed_at),
            sort="changed",
            width="m",
            phone_role="meta",
        ),
    ),
    filters=(
        MultiFilter(
            key="state",
            label=pgettext_lazy("申请", "状态"),
            choices=tuple(ApplicationState.choices),
            quick=True,
        ),
        ChoiceFilter(
            key="kind",
            label=pgettext_lazy("申请", "事项"),
            choices=tuple(ApplicationKind.choices),
            quick=True,
        ),
        ChoiceFilter(key="line", label=gettext_lazy("板块"), choices=tuple(Line.choices), quick=True),
        ChoiceFilter(
            key="maker",
            label=gettext_lazy("申请人"),
            choices=((MINE, gettext_lazy("我的申请")),),
            narrow=_as_it_is,
            quick=True,
        ),
        ChoiceFilter(
            key="answer",
            label=gettext_lazy("答复"),
            choices=((OURS, gettext_lazy("待本板块答复")),),
            narrow=_as_it_is,
            quick=True,
        ),
        DateRangeFilter(key="changed", label=pgettext_lazy("申请", "更新日期"), narrow=_changed),
    ),
    sorts=(Sort("changed", pgettext_lazy("申请", "更新时间"), ("changed_at",), is_descending=True),),
    default_sort="-changed",
    actions=(_PROSPECT, _NEW),
    export_right=Right.CUSTOMER_EXPORT,
    row_url=lambda row: reverse("lifecycle:application", args=[row.pk]),
    audited_as="application_list",
    empty=EmptyState(
        gettext_lazy("没有申请"),
        gettext_lazy("协议客户准入、潜在客户登记、客户注销、冻结与解冻都在这里申请，由负责人审批后生效。"),
        icon="file-text",
        actions=(_NEW,),
    ),
)

offer_views(APPLICATIONS)


def rows_for(viewer: Viewer, state: ListState) -> QuerySet[Application]:
    """The applications a viewer may see, the viewer's own, or those that wait for an answer of the viewer's line."""
    rows = applications(viewer)
    if state.values.get("answer") == OURS:
        rows = waiting_for_answer(viewer, rows)
    return rows.filter(maker_id=viewer.staff_id) if state.values.get("maker") == MINE else rows
