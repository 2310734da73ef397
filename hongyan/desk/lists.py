"""The lists of messages and of exports."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.desk import exports
from hongyan.desk.codes import ExportFormat, ExportState
from hongyan.desk.models import Export, Notification
from hongyan.desk.notices import sentence_of
from hongyan.org.lists.audit import during
from hongyan.ui.cells import Tone, badge, code, none_yet, number, state_dot, when
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    Sort,
    offer_views,
)


def _state(notification: Notification) -> SafeString:
    """Only what is new deserves notice."""
    return none_yet() if notification.read_at else badge(_("未读"), "info")


def _of_state(queryset: QuerySet[Notification], is_unread: bool) -> QuerySet[Notification]:
    return queryset.filter(read_at__isnull=is_unread)


NOTIFICATIONS = ListSpec(
    key="notifications",
    title=_("通知"),
    columns=(
        Column(
            key="sentence",
            label=_("内容"),
            cell=lambda notification: sentence_of(notification.kind, notification.params),
            phone_role="title",
        ),
        Column(key="state", label=pgettext_lazy("通知", "状态"), cell=_state, width="m", phone_role="aside"),
        Column(
            key="at",
            label=_("时间"),
            cell=lambda notification: when(notification.at),
            sort="at",
            width="l",
            phone_role="subtitle",
        ),
    ),
    empty=EmptyState(_("没有通知"), _("与您有关的事情办完或需要您处理时，会在这里告诉您。"), icon="bell"),
    filters=(
        BooleanFilter(
            key="unread", label=_("是否已读"), yes=_("未读"), no=_("已读"), quick=True, narrow=_of_state
        ),
    ),
    sorts=(Sort("at", _("时间"), ("at",), is_descending=True),),
    default_sort="-at",
    actions=(
        Action(
            _("全部标为已读"),
            reverse_lazy("desk:read_all"),
            icon="checks",
            is_post=True,
        ),
    ),
    row_url=lambda notification: reverse("desk:notification", args=[notification.pk]),
)


# --- exports

_TONES: dict[ExportState, Tone] = {
    ExportState.WAITING: "wait",
    ExportState.QUEUED: "wait",
    ExportState.WRITING: "info",
    ExportState.READY: "good",
    ExportState.REFUSED: "bad",
    ExportState.FAILED: "bad",
}


def export_state(export: Export) -> SafeString:
    """How an export stands; what went wrong loudly, the rest quietly."""
    state = ExportState(export.state)
    tone = _TONES.get(state, "off")
    return badge(state.label, tone) if tone == "bad" else state_dot(state.label, tone)


def _list_names(_viewer: object) -> list[Choice]:
    return [Choice(source.key, source.label) for source in exports.sources()]


EXPORTS = ListSpec(
    key="exports",
    title=_("我的导出"),
    columns=(
        Column("list", _("列表"), lambda export: exports.label_of(export.list_key), phone_role="title"),
        Column("number", _("编号"), lambda export: code(export.number), width="m", phone_role="subtitle"),
        Column(
            "rows",
            _("行数"),
            lambda export: number(export.rows if export.written is None else export.written),
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column("format", _("格式"), lambda export: ExportFormat(export.format).label, width="m"),
        Column("at", _("提出时间"), lambda export: when(export.at), sort="at", width="l", phone_role="meta"),
        Column(
            "expires",
            _("文件保留到"),
            lambda export: when(export.expires_at) if export.expires_at else none_yet(),
            width="l",
            phone_role="fact",
        ),
        Column("state", pgettext_lazy("导出", "状态"), export_state, width="l", phone_role="aside"),
    ),
    filters=(
        ChoiceFilter(
            key="state", label=pgettext_lazy("导出", "状态"), choices=tuple(ExportState.choices), quick=True
        ),
        ChoiceFilter(key="source", label=_("列表"), field="list_key", choices=_list_names, quick=True),
        DateRangeFilter(key="at", label=_("提出时间"), narrow=during),
    ),
    sorts=(Sort("at", _("提出时间"), ("at",), is_descending=True),),
    default_sort="-at",
    empty=EmptyState(
        _("还没有导出"),
        _("在列表右上角点“导出”，文件生成以后在这里下载；到期后文件自动删除。"),
        icon="download",
    ),
    row_url=lambda export: reverse("desk:export", args=[export.pk]),
)

offer_views(EXPORTS)
