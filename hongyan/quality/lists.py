"""The list of customers by how good their data are (资料质量列表), declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import PartyType
from hongyan.customer.lists import UnitFilter
from hongyan.org.codes import Right, Viewer
from hongyan.quality.codes import Flaw, Item
from hongyan.quality.models import CustomerQuality
from hongyan.quality.queries.quality import scored_in_scope
from hongyan.quality.words import FAIR, GOOD, gap_chips, score_cell
from hongyan.ui import cells
from hongyan.ui.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
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
        Column(
            "name",
            gettext_lazy("名称"),
            lambda row: cells.named(row.customer.name, key=row.customer.code),
            phone_role="title",
        ),
        Column(
            "code",
            gettext_lazy("客户编码"),
            lambda row: cells.code(row.customer.code),
            width="m",
            phone_role="subtitle",
        ),
        Column(
            "score",
            pgettext_lazy("资料质量", "得分"),
            lambda row: score_cell(row.score),
            sort="score",
            width="s",
            phone_role="aside",
        ),
        Column("gaps", pgettext_lazy("资料质量", "问题"), gap_chips, width="l", phone_role="meta"),
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
