"""What stands in the file of the list of customers (导出客户): every column of the list, numbers masked as there."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core.clock import business_date
from hongyan.core.places import division_name
from hongyan.customer.codes import Kind, PartyType, Purpose, Status
from hongyan.customer.lists import CUSTOMERS, rows_for
from hongyan.customer.models import ListRow
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.lists import ListState


def _lines(row: ListRow) -> str:
    return pgettext("list separator", "、").join(
        str(Line(line).label) for line in row.line_codes.split(",") if line
    )


_COLUMNS: Columns = (
    (gettext_lazy("客户编码"), lambda row: row.code),
    (gettext_lazy("名称"), lambda row: row.name),
    (gettext_lazy("客户类型"), lambda row: PartyType(row.party_type).label),
    (gettext_lazy("客户类别"), lambda row: Kind(row.kind).label),
    (gettext_lazy("客户状态"), lambda row: Status(row.status).label),
    (gettext_lazy("板块"), _lines),
    (gettext_lazy("手机"), lambda row: row.mobile_masked),
    (gettext_lazy("证件号码"), lambda row: row.credential_masked),
    (gettext_lazy("管户机构"), lambda row: row.unit_name),
    (pgettext_lazy("column", "客户经理"), lambda row: row.manager_name),
    (gettext_lazy("来源数"), lambda row: row.source_count),
    (gettext_lazy("待核"), lambda row: _("有待核") if row.has_review else ""),
    (gettext_lazy("行政区划"), lambda row: row.division and division_name(row.division)),
    (pgettext_lazy("column", "创建日期"), lambda row: business_date(row.created_at)),
    (gettext_lazy("更新时间"), lambda row: f"{timezone.localtime(row.updated_at):%Y-%m-%d %H:%M}"),
)


def read_customers(viewer: Viewer, query: QueryDict) -> Found:
    """The customers that an address lists."""
    state = ListState.parse(CUSTOMERS, query, viewer=viewer)
    return Found(state, state.apply(rows_for(viewer, state.values)), _COLUMNS)


register(
    Source(
        CUSTOMERS.key,
        CUSTOMERS.title,
        Right.CUSTOMER_EXPORT,
        "customer:list",
        purposes=Purpose.choices,
        read=read_customers,
    )
)
