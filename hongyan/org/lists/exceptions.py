"""The log of exceptions as a list (异常处理日志, CUS-011)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.models import ExceptionEvent
from hongyan.org.lists.audit import during_field
from hongyan.ui import cells
from hongyan.ui.lists import (
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    Sort,
    TextFilter,
)

Kind, State = ExceptionEvent.Kind, ExceptionEvent.State

KINDS = {
    Kind.ERROR: (pgettext_lazy("异常种类", "程序错误"), "bad"),
    Kind.JOB: (pgettext_lazy("异常种类", "后台任务失败"), "bad"),
    Kind.REFUSED: (pgettext_lazy("异常种类", "请求被拒收"), "warn"),
    Kind.DENIED: (pgettext_lazy("异常种类", "越权或不存在"), "off"),
}
STATES = {
    State.OPEN: (pgettext_lazy("异常状态", "待处理"), "warn"),
    State.HANDLED: (pgettext_lazy("异常状态", "已处理"), "good"),
    State.ROUTINE: (pgettext_lazy("异常状态", "不用处理"), "off"),
}


def kind_of(event: ExceptionEvent) -> SafeString:
    """What sort of exception it is, in words."""
    word, tone = KINDS[Kind(event.kind)]
    return cells.badge(word, tone)  # type: ignore[arg-type]


def state_of(event: ExceptionEvent) -> SafeString:
    """Whether somebody has handled it."""
    word, tone = STATES[State(event.state)]
    return cells.state_dot(word, tone)  # type: ignore[arg-type]


def _by_reference(events: QuerySet[Any], text: str) -> QuerySet[Any]:
    return events.filter(references__contains=[text.lower()])


EXCEPTIONS = ListSpec(
    key="exceptions",
    title=gettext_lazy("异常日志"),
    columns=(
        Column(
            "last",
            gettext_lazy("最近发生"),
            lambda event: cells.when(event.last_seen),
            sort="last",
            width="l",
            phone_role="aside",
        ),
        Column("kind", gettext_lazy("种类"), kind_of, width="l", phone_role="subtitle"),
        Column(
            "name",
            pgettext_lazy("异常日志", "异常"),
            lambda event: cells.code(event.name),
            phone_role="title",
        ),
        Column("place", gettext_lazy("位置"), lambda event: cells.code(event.place), phone_role="meta"),
        Column(
            "count",
            gettext_lazy("次数"),
            lambda event: cells.number(event.count),
            sort="count",
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column("state", pgettext_lazy("异常日志", "状态"), state_of, width="m", phone_role="meta"),
        Column(
            "first",
            gettext_lazy("首次发生"),
            lambda event: cells.when(event.first_seen),
            width="l",
            default=False,
        ),
    ),
    filters=(
        ChoiceFilter(
            key="state",
            label=pgettext_lazy("异常日志", "状态"),
            quick=True,
            choices=tuple(Choice(state, word) for state, (word, _tone) in STATES.items()),
        ),
        ChoiceFilter(
            key="kind",
            label=gettext_lazy("种类"),
            quick=True,
            choices=tuple(Choice(kind, word) for kind, (word, _tone) in KINDS.items()),
        ),
        TextFilter(
            key="reference",
            label=gettext_lazy("编号"),
            placeholder=gettext_lazy("出错页面上的编号"),
            quick=True,
            narrow=_by_reference,
            max_length=32,
        ),
        TextFilter(key="place", label=gettext_lazy("位置")),
        DateRangeFilter(key="seen", label=gettext_lazy("最近发生"), narrow=during_field("last_seen")),
    ),
    sorts=(
        Sort("last", gettext_lazy("最近发生"), ("last_seen",), is_descending=True),
        Sort("count", gettext_lazy("次数"), ("count",), is_descending=True),
    ),
    default_sort="-last",
    empty=EmptyState(
        gettext_lazy("没有异常"),
        gettext_lazy("程序错误、失败的后台任务和被拒绝的请求会在这里各留一行并计数。"),
        icon="circle-check",
    ),
    row_url=lambda event: reverse("org:exception", args=[event.pk]),
)
