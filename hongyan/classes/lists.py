"""The list of moves from one class to another (分类变动), declared."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.classes.codes import BEHAVIOUR, LOSS, BlockReason, BlockState, Why
from hongyan.classes.panels.blacklist import lines_of_entry, state_of
from hongyan.classes.queries.blacklist import in_force
from hongyan.classes.queries.rules import tiers_today
from hongyan.classes.words import becomes_word, dimension_word, dimensions, was_word
from hongyan.core.clock import business_date
from hongyan.customer.columns import who_columns
from hongyan.org.codes import Right
from hongyan.ui import cells
from hongyan.ui.lists import (
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    Sort,
    offer_views,
)


def _dimension_choices(_viewer: object) -> list[Choice]:
    return [Choice(one.key, one.label) for one in dimensions(tiers_today())]


def _into_choices(_viewer: object) -> list[Choice]:
    return [
        Choice(f"{one.key}.{key}", format_lazy("{} · {}", one.label, word))
        for one in (*BEHAVIOUR, LOSS)
        for key, word in one.values.items()
    ]


def _by_class(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    dimension, _dot, becomes = value.partition(".")
    return rows.filter(dimension=dimension, becomes=becomes)


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    holds = in_force(business_date())
    return rows.filter(holds) if value == BlockState.HOLDS else rows.exclude(holds)


MOVES = ListSpec(
    key="class_moves",
    title=gettext_lazy("分类变动"),
    columns=(
        Column(
            "as_of", gettext_lazy("日期"), lambda move: cells.when(move.as_of), width="m", phone_role="aside"
        ),
        *who_columns(),
        Column("dimension", pgettext_lazy("分类变动", "分类"), dimension_word, width="m", phone_role="meta"),
        Column("was", pgettext_lazy("分类变动", "原来"), was_word, width="m", phone_role="fact"),
        Column("becomes", pgettext_lazy("分类变动", "现在"), becomes_word, width="m", phone_role="fact"),
        Column(
            "why", gettext_lazy("变动原因"), lambda move: Why(move.why).label, width="m", phone_role="meta"
        ),
        Column(
            "month", gettext_lazy("上月收入"), lambda move: cells.money(move.month), width="m", align="end"
        ),
        Column(
            "year",
            gettext_lazy("近 12 个月收入"),
            lambda move: cells.money(move.year),
            width="m",
            align="end",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="dimension", label=pgettext_lazy("分类变动", "分类"), choices=_dimension_choices, quick=True
        ),
        ChoiceFilter(
            key="into",
            label=gettext_lazy("变为"),
            choices=_into_choices,
            narrow=_by_class,
            quick=True,
        ),
        ChoiceFilter(key="why", label=gettext_lazy("变动原因"), choices=tuple(Why.choices), quick=True),
        DateRangeFilter(key="on", label=gettext_lazy("日期"), field="as_of"),
    ),
    sorts=(Sort("new", gettext_lazy("时间"), ("id",), is_descending=True),),
    default_sort="-new",
    empty=EmptyState(
        gettext_lazy("还没有分类变动"),
        gettext_lazy("每晚分类以后，换了等级、分类或流失信号的客户会出现在这里；首次分类不算变动。"),
        icon="arrows-exchange",
    ),
    row_key=lambda move: move.pk,
    row_url=lambda move: reverse("customer:record_tab", args=[move.customer.code, "classes"]),
    export_right=Right.CUSTOMER_EXPORT,
    audited_as="class_move_list",
)

offer_views(MOVES)

BLACKLIST = ListSpec(
    key="blacklist",
    title=gettext_lazy("黑名单"),
    columns=(
        *who_columns(),
        Column("state", gettext_lazy("状态"), state_of, width="s", phone_role="aside"),
        Column(
            "reason",
            gettext_lazy("原因"),
            lambda entry: entry.get_reason_display(),
            width="m",
            phone_role="meta",
        ),
        Column("lines", gettext_lazy("业务板块"), lines_of_entry, width="m", phone_role="meta"),
        Column("since", gettext_lazy("列入日期"), lambda entry: cells.when(entry.since), width="m"),
        Column(
            "until",
            gettext_lazy("截止日期"),
            lambda entry: cells.when(entry.until) if entry.until else pgettext("黑名单", "长期"),
            width="m",
            phone_role="fact",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="state",
            label=gettext_lazy("状态"),
            choices=(("holds", BlockState.HOLDS.label), ("over", gettext_lazy("已解除或到期"))),
            narrow=_by_state,
            quick=True,
        ),
        ChoiceFilter(
            key="reason", label=gettext_lazy("原因"), choices=tuple(BlockReason.choices), quick=True
        ),
    ),
    sorts=(Sort("new", gettext_lazy("时间"), ("id",), is_descending=True),),
    default_sort="-new",
    empty=EmptyState(
        gettext_lazy("黑名单里没有您范围内的客户"),
        gettext_lazy("在客户页面的“分类”标签页把客户列入黑名单。"),
        icon="ban",
    ),
    row_key=lambda entry: entry.pk,
    row_url=lambda entry: reverse("classes:block", args=[entry.pk]),
    export_right=Right.CUSTOMER_EXPORT,
    audited_as="blacklist_list",
)

offer_views(BLACKLIST)
