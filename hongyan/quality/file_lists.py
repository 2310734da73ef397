"""The list of files on customers by their last day (文件有效期)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.customer.lists import UnitFilter
from hongyan.customer.rules.code import code_for
from hongyan.desk.codes import FileCategory
from hongyan.desk.file_panels import state_cell
from hongyan.desk.file_rules import is_over
from hongyan.desk.models import RecordFile
from hongyan.org.codes import Right, Viewer
from hongyan.quality.parameters import FILE_WARN_DAYS
from hongyan.quality.queries.files import files_in_scope
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

MINE, SOON, OVER = "mine", "soon", "over"


def _by_keeper(rows: QuerySet[Any], _value: str) -> QuerySet[Any]:
    return rows  # "mine" takes the viewer, whom a filter does not know; see `rows_for`


def _by_end(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    today = clock.business_date()
    if value == OVER:
        return rows.filter(valid_until__lt=today)
    return rows.filter(valid_until__range=(today, today + timedelta(days=int(value_of(FILE_WARN_DAYS)))))


def _until(row: RecordFile) -> object:
    is_past = is_over(row.valid_until, clock.business_date())
    return cells.badge(str(row.valid_until), "bad") if is_past else cells.when(row.valid_until)


EXPIRING = ListSpec(
    key="customer_files",
    title=gettext_lazy("文件有效期"),
    columns=(
        Column(
            "name",
            gettext_lazy("名称"),
            lambda row: cells.named(row.customer_name, key=code_for(row.holder)),
            phone_role="title",
        ),
        Column(
            "code",
            gettext_lazy("客户编码"),
            lambda row: cells.code(code_for(row.holder)),
            width="m",
            phone_role="subtitle",
        ),
        Column(
            "category",
            pgettext_lazy("文件", "种类"),
            lambda row: row.get_category_display(),
            width="m",
            phone_role="meta",
        ),
        Column("remark", gettext_lazy("编号或说明"), lambda row: row.remark or cells.none_yet(), width="l"),
        Column("file", pgettext_lazy("文件", "文件名"), lambda row: row.name, width="l", phone_role="fact"),
        Column("until", gettext_lazy("有效期至"), _until, sort="until", width="m", phone_role="aside"),
        Column("state", gettext_lazy("查毒"), state_cell, width="m", default=False),
        Column("unit", gettext_lazy("管户机构"), lambda row: row.unit_name, width="m"),
        Column(
            "manager",
            pgettext_lazy("column", "客户经理"),
            lambda row: row.manager_name or cells.none_yet(),
            width="s",
            phone_role="meta",
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
        ChoiceFilter(
            key="end",
            label=pgettext_lazy("文件", "到期"),
            choices=((SOON, pgettext_lazy("文件", "即将到期")), (OVER, pgettext_lazy("文件", "已过期"))),
            narrow=_by_end,
            quick=True,
        ),
        ChoiceFilter(
            key="category",
            label=pgettext_lazy("文件", "种类"),
            choices=tuple(FileCategory.choices),
            quick=True,
        ),
        UnitFilter(key="unit", label=gettext_lazy("机构")),
        DateRangeFilter(key="until", label=gettext_lazy("有效期至"), field="valid_until"),
    ),
    sorts=(
        Sort("until", gettext_lazy("有效期至"), ("valid_until", "id")),
        Sort("new", pgettext_lazy("文件", "上传时间"), ("id",), is_descending=True),
    ),
    default_sort="until",
    row_url=lambda row: reverse("customer:record_tab", args=[code_for(row.holder), "files"]),
    export_right=Right.CUSTOMER_EXPORT,
    audited_as="customer_file_list",
    empty=EmptyState(
        gettext_lazy("没有这样的文件"),
        gettext_lazy("上传到客户、填了有效期的执照、合同和证件影印件，按到期先后列在这里。"),
        icon="paperclip",
    ),
)

offer_views(EXPIRING)


def rows_for(viewer: Viewer, state: ListState) -> QuerySet[RecordFile]:
    """The rows the list starts from: the viewer's scope, a unit, or the viewer's own customers."""
    only_own = state.values.get("keeper") == MINE
    return files_in_scope(viewer, state.values.get("unit"), only_own=only_own)
