"""What stands in the files of the room's lists (导出客户、待核、抽检): every column, numbers masked as on the page."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core.clock import business_date
from hongyan.core.errors import NotAllowed
from hongyan.core.places import division_name
from hongyan.customer.case_lists import CASES, case_rows
from hongyan.customer.codes import CaseState, Kind, PartyType, Purpose, Status, Worth
from hongyan.customer.lists import CUSTOMERS, customers_spec, own_columns, rows_for, with_own
from hongyan.customer.look_lists import LOOKS, look_rows
from hongyan.customer.models import CaseRow, ListRow
from hongyan.customer.panels.cases import rule_word
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.lists import ListState


def _lines(row: ListRow | CaseRow) -> str:
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
    (gettext_lazy("曾用编码"), lambda row: row.former_codes),
    (gettext_lazy("来源数"), lambda row: row.source_count),
    (gettext_lazy("待核"), lambda row: _("有待核") if row.has_review else ""),
    (gettext_lazy("行政区划"), lambda row: row.division and division_name(row.division)),
    (pgettext_lazy("column", "创建日期"), lambda row: business_date(row.created_at)),
    (gettext_lazy("更新时间"), lambda row: f"{timezone.localtime(row.updated_at):%Y-%m-%d %H:%M}"),
)


def read_customers(viewer: Viewer, query: QueryDict) -> Found:
    """The customers that an address lists."""
    spec = customers_spec()
    state = ListState.parse(spec, query, viewer=viewer)
    own: Columns = [(column.label, column.render) for column in own_columns()]
    rows = with_own(rows_for(viewer, state.values))
    return Found(state, state.apply(rows), [*_COLUMNS, *own])


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


_CASES: Columns = (
    (gettext_lazy("编号"), lambda row: row.number),
    (gettext_lazy("客户编码"), lambda row: row.code),
    (gettext_lazy("名称"), lambda row: row.name),
    (pgettext_lazy("待核", "另一位的编码"), lambda row: row.other_code),
    (pgettext_lazy("待核", "另一位的名称"), lambda row: row.other_name),
    (gettext_lazy("客户类型"), lambda row: PartyType(row.party_type).label),
    (gettext_lazy("相似度"), lambda row: row.score),
    (gettext_lazy("待核原因"), lambda row: rule_word(row.rule)),
    (gettext_lazy("业务分量"), lambda row: Worth(row.worth).label),
    (pgettext_lazy("待核", "协议数"), lambda row: row.agreements),
    (gettext_lazy("板块"), _lines),
    (gettext_lazy("共同机构"), lambda row: row.unit_name),
    (gettext_lazy("状态"), lambda row: CaseState(row.state).label),
    (gettext_lazy("产生时间"), lambda row: f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M}"),
)
_LOOKS: Columns = (
    (gettext_lazy("编号"), lambda look: look.number),
    (gettext_lazy("相似度"), lambda look: look.score),
    (gettext_lazy("原判定"), lambda look: look.get_first_display() if look.second else ""),
    (gettext_lazy("复核判定"), lambda look: look.get_second_display()),
    (gettext_lazy("复核人"), lambda look: look.second_by),
    (gettext_lazy("抽取时间"), lambda look: f"{timezone.localtime(look.drawn_at):%Y-%m-%d %H:%M}"),
)


def read_cases(viewer: Viewer, query: QueryDict) -> Found:
    """The review cases that an address lists. Errors: NotAllowed for whoever may not work on them."""
    _ask_right(viewer)
    state = ListState.parse(CASES, query, viewer=viewer)
    return Found(state, case_rows(viewer, state), _CASES)


def read_looks(viewer: Viewer, query: QueryDict) -> Found:
    """The checks by sample that an address lists. Errors: NotAllowed for whoever may not take part in them."""
    _ask_right(viewer)
    state = ListState.parse(LOOKS, query, viewer=viewer)
    return Found(state, look_rows(viewer, state), _LOOKS)


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)


for _spec, _address, _read in (
    (CASES, "customer:cases", read_cases),
    (LOOKS, "customer:looks", read_looks),
):
    register(
        Source(_spec.key, _spec.title, Right.CUSTOMER_EXPORT, _address, purposes=Purpose.choices, read=_read)
    )
