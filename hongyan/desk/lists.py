"""The lists of messages, of exports, and of acts on many rows with what came of each."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.desk import exports, mass
from hongyan.desk.codes import ExportFormat, ExportState, MassOutcome, MassState
from hongyan.desk.models import Export, MassRun, Notification
from hongyan.desk.notices import families, family_of, sentence_of
from hongyan.desk.queries.notifications import in_family
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


def _family_choices(_viewer: object) -> list[Choice]:
    return [Choice(family.key, family.label) for family in families()]


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
        Column(
            key="family",
            label=pgettext_lazy("通知", "类别"),
            cell=lambda notification: family_of(notification.kind).label,
            width="l",
            phone_role="meta",
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
        ChoiceFilter(
            key="family",
            label=pgettext_lazy("通知", "类别"),
            choices=_family_choices,
            narrow=in_family,
            quick=True,
        ),
    ),
    sorts=(Sort("at", _("时间"), ("at",), is_descending=True),),
    default_sort="-at",
    actions=(
        Action(_("通知设置"), reverse_lazy("desk:notice_settings"), icon="settings"),
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


# --- acts on many rows

_MASS_TONES: dict[MassState, Tone] = {
    MassState.READY: "wait",
    MassState.CHECKING: "info",
    MassState.RUNNING: "info",
    MassState.DONE: "good",
    MassState.UNDOING: "info",
}
_OUTCOME_TONES: dict[MassOutcome, Tone] = {
    MassOutcome.READY: "info",
    MassOutcome.CHANGED: "good",
    MassOutcome.REFUSED: "warn",
    MassOutcome.KEPT: "warn",
}


def mass_state(run: MassRun) -> SafeString:
    """How an act on many stands."""
    state = MassState(run.state)
    return state_dot(state.label, _MASS_TONES.get(state, "off"))


def told_act(run: MassRun) -> str:
    """What an act on many does, in words; that nothing was chosen yet, or nobody knows it any more."""
    act = mass.any_act(run.list_key, run.act)
    return act.told(run.given) if act else str(_NOTHING)


_NOTHING = pgettext_lazy("批量修改", "还没有选择改什么")

MASS_RUNS = ListSpec(
    key="mass_runs",
    title=_("我的批量修改"),
    columns=(
        Column("number", _("编号"), lambda run: code(run.number), width="m", phone_role="subtitle"),
        Column("act", pgettext_lazy("批量修改", "改什么"), told_act, phone_role="title"),
        Column(
            "size", pgettext_lazy("批量修改", "选中行数"), lambda run: number(run.size), width="s", align="end",
            phone_role="fact",
        ),
        Column("reason", _("原因"), lambda run: run.reason or none_yet(), width="xl", phone_role="fact"),
        Column("at", pgettext_lazy("批量修改", "提出时间"), lambda run: when(run.made_at), sort="at", width="l",
               phone_role="meta"),
        Column("state", pgettext_lazy("批量修改", "状态"), mass_state, width="m", phone_role="aside"),
    ),
    filters=(
        ChoiceFilter(
            key="state", label=pgettext_lazy("批量修改", "状态"), choices=tuple(MassState.choices), quick=True
        ),
    ),
    sorts=(Sort("at", pgettext_lazy("批量修改", "提出时间"), ("made_at",), is_descending=True),),
    default_sort="-at",
    empty=EmptyState(
        _("还没有批量修改"),
        _("在客户列表勾选客户，或选择全部结果，再点“批量修改”。"),
        icon="edit",
    ),
    row_url=lambda run: reverse("desk:mass_run", args=[run.pk]),
)  # fmt: skip

offer_views(MASS_RUNS)

MASS_ITEMS = ListSpec(
    key="mass_items",
    title=pgettext_lazy("批量修改", "逐行结果"),
    columns=(
        Column("name", _("名称"), lambda shown: shown.name, phone_role="title"),
        Column("code", pgettext_lazy("批量修改", "编码"), lambda shown: code(shown.code), width="m",
               phone_role="subtitle"),
        Column("was", pgettext_lazy("批量修改", "修改前"), lambda shown: shown.was, width="l", phone_role="fact"),
        Column("becomes", pgettext_lazy("批量修改", "修改后"), lambda shown: shown.becomes, width="l",
               phone_role="fact"),
        Column("outcome", pgettext_lazy("批量修改", "结果"), lambda shown: shown.outcome, width="m",
               phone_role="aside"),
        Column("why", pgettext_lazy("批量修改", "说明"), lambda shown: shown.why, width="xl", phone_role="fact"),
    ),
    filters=(
        ChoiceFilter(
            key="outcome", label=pgettext_lazy("批量修改", "结果"), choices=tuple(MassOutcome.choices), quick=True
        ),
    ),
    sorts=(Sort("order", pgettext_lazy("批量修改", "选中的次序"), ("id",)),),
    default_sort="order",
    row_url=lambda shown: shown.url,
    audited_as="mass_item_list",
    empty=EmptyState(pgettext_lazy("批量修改", "没有这样的行"), icon="edit"),
)  # fmt: skip


def outcome_cell(outcome: str) -> SafeString:
    """What came of a row."""
    one = MassOutcome(outcome)
    return state_dot(one.label, _OUTCOME_TONES.get(one, "off"))
