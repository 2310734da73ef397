"""What stands in the files of data quality (导出资料质量)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import PartyType, Purpose
from hongyan.customer.rules.code import code_for
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Right, Viewer
from hongyan.quality import file_lists
from hongyan.quality.lists import QUALITY, rows_for
from hongyan.quality.models import CustomerQuality
from hongyan.quality.words import gap_words
from hongyan.ui.lists import ListState


def _gaps(row: CustomerQuality) -> str:
    return pgettext("list separator", "、").join(gap_words(gap) for gap in row.gaps)


_COLUMNS: Columns = (
    (gettext_lazy("客户编码"), lambda row: row.customer.code),
    (gettext_lazy("名称"), lambda row: row.customer.name),
    (gettext_lazy("客户类别"), lambda row: PartyType(row.customer.party_type).label),
    (pgettext_lazy("资料质量", "得分"), lambda row: row.score),
    (pgettext_lazy("资料质量", "问题"), _gaps),
    (pgettext_lazy("资料质量", "最近更新"), lambda row: row.as_of),
    (gettext_lazy("证件有效期至"), lambda row: row.credential_until or ""),
)


def read_quality(viewer: Viewer, query: QueryDict) -> Found:
    """The customers that an address lists."""
    state = ListState.parse(QUALITY, query, viewer=viewer)
    return Found(state, state.apply(rows_for(viewer, state)), _COLUMNS)


_FILE_COLUMNS: Columns = (
    (gettext_lazy("客户编码"), lambda row: code_for(row.holder)),
    (gettext_lazy("名称"), lambda row: row.customer_name),
    (pgettext_lazy("文件", "种类"), lambda row: row.get_category_display()),
    (gettext_lazy("编号或说明"), lambda row: row.remark),
    (pgettext_lazy("文件", "文件名"), lambda row: row.name),
    (gettext_lazy("有效期至"), lambda row: row.valid_until),
    (gettext_lazy("查毒"), lambda row: row.get_state_display()),
    (gettext_lazy("管户机构"), lambda row: row.unit_name),
    (pgettext_lazy("column", "客户经理"), lambda row: row.manager_name),
)


def read_files(viewer: Viewer, query: QueryDict) -> Found:
    """The files that an address lists."""
    state = ListState.parse(file_lists.EXPIRING, query, viewer=viewer)
    return Found(state, state.apply(file_lists.rows_for(viewer, state)), _FILE_COLUMNS)


register(
    Source(
        file_lists.EXPIRING.key,
        file_lists.EXPIRING.title,
        Right.CUSTOMER_EXPORT,
        "quality:files",
        purposes=Purpose.choices,
        read=read_files,
    )
)
register(
    Source(
        QUALITY.key,
        QUALITY.title,
        Right.CUSTOMER_EXPORT,
        "quality:customers",
        purposes=Purpose.choices,
        read=read_quality,
    )
)
