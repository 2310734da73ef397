"""What stands in the file of the list of applications (导出客户申请)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import Purpose
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.lifecycle.lists import APPLICATIONS, rows_for
from hongyan.lifecycle.panels.applications import line_word
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState

_COLUMNS: Columns = (
    (gettext_lazy("编号"), lambda row: row.number),
    (pgettext_lazy("申请", "事项"), lambda row: row.get_kind_display()),
    (gettext_lazy("名称"), lambda row: row.name),
    (gettext_lazy("客户编码"), lambda row: row.customer.code if row.customer else ""),
    (gettext_lazy("板块"), lambda row: line_word(row.line)),
    (pgettext_lazy("申请", "状态"), lambda row: row.get_state_display()),
    (gettext_lazy("申请人"), lambda row: row.maker.name),
    (gettext_lazy("机构"), lambda row: str(row.unit)),
    (pgettext_lazy("申请", "更新时间"), lambda row: f"{timezone.localtime(row.changed_at):%Y-%m-%d %H:%M}"),
)


def read_applications(viewer: Viewer, query: QueryDict) -> Found:
    """The applications that an address lists."""
    state = ListState.parse(APPLICATIONS, query, viewer=viewer)
    return Found(state, state.apply(rows_for(viewer, state)), _COLUMNS)


register(
    Source(
        APPLICATIONS.key,
        APPLICATIONS.title,
        Right.CUSTOMER_EXPORT,
        "lifecycle:list",
        purposes=Purpose.choices,
        read=read_applications,
    )
)
