"""The lists of data quality, declared: customers by how good their data are, campaigns, what they ask of whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import PartyType
from hongyan.customer.columns import who_columns
from hongyan.customer.lists import UnitFilter
from hongyan.org.codes import Right, Viewer
from hongyan.quality.codes import CampaignState, Flaw, Item, TaskState
from hongyan.quality.models import Campaign, CampaignTask, CustomerQuality
from hongyan.quality.queries.campaigns import running_campaigns, running_tasks
from hongyan.quality.queries.quality import scored_in_scope
from hongyan.quality.words import FAIR, GOOD, gap_chips, score_cell
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    offer_views,
)


def _by_flaw(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(flaws__contains=[value])


def _by_item(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    flaws = (Flaw.MISSING, Flaw.INVALID, Flaw.ABSENT, Flaw.EXPIRED, Flaw.EXPIRING, Flaw.STALE)
    return rows.filter(gaps__overlap=[f"{flaw.value}.{value}" for flaw in flaws])


def _by_band(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return {
        "good": rows.filter(score__gte=GOOD),
        "fair": rows.filter(score__gte=FAIR, score__lt=GOOD),
        "poor": rows.filter(score__lt=FAIR),
    }[value]


QUALITY = ListSpec(
    key="quality",
    title=gettext_lazy("资料质量"),
    columns=(
        *who_columns(),
        Column(
            "score",
            pgettext_lazy("资料质量", "得分"),
            lambda row: score_cell(row.score),
            sort="score",
            width="s",
            phone_role="aside",
        ),
        Column("gaps", pgettext_lazy("资料质量", "问题"), gap_chips, phone_role="meta"),
        Column(
            "as_of",
            pgettext_lazy("资料质量", "最近更新"),
            lambda row: cells.when(row.as_of),
            sort="as_of",
            width="m",
            phone_role="fact",
        ),
        Column(
            "until",
            gettext_lazy("证件有效期至"),
            lambda row: cells.when(row.credential_until) if row.credential_until else cells.none_yet(),
            sort="until",
            width="m",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="flaw",
            label=pgettext_lazy("资料质量", "问题"),
            choices=tuple(Flaw.choices),
            narrow=_by_flaw,
            quick=True,
        ),
        ChoiceFilter(
            key="item",
            label=gettext_lazy("资料项"),
            choices=tuple(Item.choices),
            narrow=_by_item,
            quick=True,
        ),
        ChoiceFilter(
            key="band",
            label=pgettext_lazy("资料质量", "得分"),
            choices=(
                ("good", pgettext_lazy("资料质量", "良好")),
                ("fair", pgettext_lazy("资料质量", "一般")),
                ("poor", pgettext_lazy("资料质量", "较差")),
            ),
            narrow=_by_band,
            quick=True,
        ),
        ChoiceFilter(
            key="type",
            label=gettext_lazy("客户类别"),
            choices=tuple(PartyType.choices),
            field="customer__party_type",
        ),
        UnitFilter(key="unit", label=gettext_lazy("机构")),
        DateRangeFilter(key="until", label=gettext_lazy("证件有效期至"), field="credential_until"),
        DateRangeFilter(key="as_of", label=pgettext_lazy("资料质量", "最近更新"), field="as_of"),
    ),
    sorts=(
        Sort("score", pgettext_lazy("资料质量", "得分"), ("score", "customer_id")),
        Sort("as_of", pgettext_lazy("资料质量", "最近更新"), ("as_of", "customer_id")),
        Sort("until", gettext_lazy("证件有效期至"), ("credential_until", "customer_id")),
    ),
    default_sort="score",
    row_key=lambda row: row.customer.code,
    row_url=lambda row: reverse("customer:record_tab", args=[row.customer.code, "quality"]),
    export_right=Right.CUSTOMER_EXPORT,
    audited_as="quality_list",
    empty=EmptyState(
        gettext_lazy("没有这样的客户"),
        gettext_lazy("每晚按规则给在用客户的资料评分；改过资料的客户当时重评。"),
        icon="clipboard-check",
    ),
)

offer_views(QUALITY)


def rows_for(viewer: Viewer, state: ListState) -> QuerySet[CustomerQuality]:
    """The rows a list starts from: the viewer's scope, or the unit that is chosen."""
    values: Mapping[str, Any] = state.values
    rows = scored_in_scope(viewer, values.get("unit"))
    # a validity that nobody noted has no place in an order by it
    by_validity = state.sort is not None and state.sort.key == "until"
    return rows.filter(credential_until__isnull=False) if by_validity else rows


# --- campaigns

_CAMPAIGN_TONES: dict[str, cells.Tone] = {
    CampaignState.DRAFT: "off",
    CampaignState.RUNNING: "info",
    CampaignState.CLOSED: "good",
}


def campaign_state(row: Campaign) -> SafeString:
    """How a campaign stands."""
    return cells.state_dot(row.get_state_display(), _CAMPAIGN_TONES[row.state])


def items_words(row: Campaign) -> str:
    """What a campaign asks for."""
    return pgettext("list separator", "、").join(str(Item(item).label) for item in row.items)


CAMPAIGNS = ListSpec(
    key="quality_campaigns",
    title=gettext_lazy("补录活动"),
    columns=(
        Column("name", gettext_lazy("活动名称"), lambda row: row.name, phone_role="title"),
        Column("number", gettext_lazy("编号"), lambda row: cells.code(row.number), width="m"),
        Column("state", gettext_lazy("状态"), campaign_state, width="s", phone_role="aside"),
        Column("items", gettext_lazy("补录资料"), items_words, width="l", phone_role="subtitle"),
        Column("unit", gettext_lazy("机构"), lambda row: str(row.unit), width="m", phone_role="meta"),
        Column(
            "members",
            pgettext_lazy("补录活动", "客户数"),
            lambda row: cells.number(row.members),
            width="s",
            align="end",
        ),
        Column(
            "due",
            gettext_lazy("截止日期"),
            lambda row: cells.when(row.due_on),
            sort="due",
            width="m",
            phone_role="fact",
        ),
    ),
    filters=(
        MultiFilter(
            key="state", label=gettext_lazy("状态"), choices=tuple(CampaignState.choices), quick=True
        ),
    ),
    sorts=(
        Sort("new", gettext_lazy("时间"), ("id",), is_descending=True),
        Sort("due", gettext_lazy("截止日期"), ("due_on", "id")),
    ),
    default_sort="-new",
    row_url=lambda row: reverse("quality:campaign", args=[row.pk]),
    actions=(
        Action(
            gettext_lazy("新建补录活动"),
            reverse_lazy("quality:new_campaign"),
            icon="plus",
            is_primary=True,
            right=Right.QUALITY_LEAD,
        ),
    ),
    audited_as="campaign_list",
    empty=EmptyState(
        gettext_lazy("还没有补录活动"),
        gettext_lazy("负责人选定要补的资料、客户范围和期限，系统按管户派给客户经理。"),
        icon="clipboard-check",
    ),
)

offer_views(CAMPAIGNS)

MINE = "mine"


def _by_keeper(rows: QuerySet[Any], _value: str) -> QuerySet[Any]:
    return rows  # "mine" takes the viewer, whom a filter does not know; see `tasks_for`


def _campaigns(viewer: object) -> list[Choice]:
    assert isinstance(viewer, Viewer)
    return [Choice(str(one.pk), one.name) for one in running_campaigns(viewer).order_by("-id")[:50]]


def _task_state(row: CampaignTask) -> SafeString:
    return cells.state_dot(row.get_state_display(), "good" if row.state == TaskState.DONE else "warn")


TASKS = ListSpec(
    key="quality_tasks",
    title=gettext_lazy("补录任务"),
    columns=(
        *who_columns(),
        Column("state", gettext_lazy("状态"), _task_state, width="m", phone_role="aside"),
        Column("items", gettext_lazy("补录资料"), lambda row: items_words(row.campaign), width="l"),
        Column(
            "campaign",
            gettext_lazy("补录活动"),
            lambda row: row.campaign.name,
            width="m",
            phone_role="meta",
        ),
        Column(
            "manager",
            pgettext_lazy("column", "客户经理"),
            lambda row: row.manager.name if row.manager else cells.none_yet(),
            width="s",
            phone_role="meta",
        ),
        Column(
            "due",
            gettext_lazy("截止日期"),
            lambda row: cells.when(row.campaign.due_on),
            width="m",
            phone_role="fact",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="keeper",
            label=pgettext_lazy("column", "客户经理"),
            choices=((MINE, gettext_lazy("我的客户")),),
            narrow=_by_keeper,
            quick=True,
        ),
        ChoiceFilter(key="state", label=gettext_lazy("状态"), choices=tuple(TaskState.choices), quick=True),
        ChoiceFilter(
            key="campaign",
            label=gettext_lazy("补录活动"),
            choices=_campaigns,
            field="campaign_id",
            quick=True,
        ),
    ),
    sorts=(Sort("state", gettext_lazy("状态"), ("state", "id"), is_descending=True),),
    default_sort="-state",
    row_url=lambda row: reverse("customer:record_tab", args=[row.customer.code, "quality"]),
    audited_as="campaign_task_list",
    empty=EmptyState(
        gettext_lazy("没有要补录的客户"),
        gettext_lazy("补录活动开始后，您的客户出现在这里；资料补齐并有效，任务自动完成。"),
        icon="clipboard-check",
    ),
)

offer_views(TASKS)


def tasks_for(viewer: Viewer, state: ListState) -> QuerySet[CampaignTask]:
    """The tasks a list starts from: the viewer's scope, or those of the viewer's own customers."""
    tasks = running_tasks(viewer)
    return tasks.filter(manager_id__in=viewer.people) if state.values.get("keeper") == MINE else tasks
