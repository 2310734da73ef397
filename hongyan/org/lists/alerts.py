"""The list of alerts on reading (查阅告警)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.org.codes import Right
from hongyan.org.lists.audit import during_field
from hongyan.ui import cells
from hongyan.ui.lists import Column, DateRangeFilter, EmptyState, ListSpec, Sort, TextFilter

ALERTS = ListSpec(
    key="alerts",
    title=gettext_lazy("查阅告警"),
    columns=(
        Column(
            "raised",
            gettext_lazy("时间"),
            lambda alert: cells.when(alert.raised_at),
            sort="raised",
            width="l",
            phone_role="aside",
        ),
        Column(
            "actor",
            pgettext_lazy("查阅告警", "人员"),
            lambda alert: cells.named(alert.actor_name, key=alert.actor, detail=alert.actor),
            phone_role="title",
        ),
        Column(
            "count",
            gettext_lazy("查看条数"),
            lambda alert: cells.number(alert.count),
            sort="count",
            width="m",
            align="end",
            phone_role="fact",
        ),
        Column(
            "since", gettext_lazy("起"), lambda alert: cells.when(alert.since), width="l", phone_role="meta"
        ),
        Column("until", gettext_lazy("止"), lambda alert: cells.when(alert.until), width="l"),
    ),
    filters=(
        TextFilter(key="actor", label=gettext_lazy("工号"), lookup="exact", quick=True, max_length=40),
        DateRangeFilter(
            key="raised", label=gettext_lazy("时间"), quick=True, narrow=during_field("raised_at")
        ),
    ),
    sorts=(
        Sort("raised", gettext_lazy("时间"), ("raised_at",), is_descending=True),
        Sort("count", gettext_lazy("查看条数"), ("count",), is_descending=True),
    ),
    default_sort="-raised",
    empty=EmptyState(
        gettext_lazy("没有查阅告警"),
        gettext_lazy("有人在短时间内查看了异常多的客户信息时，会在几分钟内出现在这里并发出通知。"),
        icon="shield-check",
    ),
    audited_as="alert_list",
    export_right=Right.ALERT_READ,
)
