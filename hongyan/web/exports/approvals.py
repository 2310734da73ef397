"""Approvals as a file (导出审批): who asked for what, how it ended, where it waits."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.approvals import label_of
from hongyan.org.codes import ApprovalState, Line, Right, Risk, Viewer
from hongyan.org.lists.approvals import APPROVALS, asked_of, rows_of, waits_at
from hongyan.org.models import Approval
from hongyan.org.queries.approvals import tell_asked
from hongyan.ui.lists import ListState
from hongyan.web.exports.purposes import ADMINISTRATION

_COLUMNS: Columns = (
    (gettext_lazy("编号"), lambda approval: approval.pk),
    (gettext_lazy("事项"), lambda approval: label_of(approval.kind)),
    (gettext_lazy("申请内容"), asked_of),
    (gettext_lazy("申请人"), lambda approval: approval.maker.name),
    (gettext_lazy("工号"), lambda approval: approval.maker.staff_no),
    (gettext_lazy("机构"), lambda approval: approval.place.unit),
    (gettext_lazy("金额或数量"), lambda approval: approval.amount or ""),
    (gettext_lazy("业务板块"), lambda approval: Line(approval.line).label if approval.line else ""),
    (pgettext_lazy("列", "风险"), lambda approval: Risk(approval.risk).label),
    (gettext_lazy("申请原因"), lambda approval: approval.reason),
    (pgettext_lazy("审批", "状态"), lambda approval: ApprovalState(approval.state).label),
    (gettext_lazy("等待"), waits_at),
    (
        gettext_lazy("提交时间"),
        lambda approval: f"{timezone.localtime(approval.submitted_at):%Y-%m-%d %H:%M}",
    ),
)


def read_approvals(viewer: Viewer, query: QueryDict) -> Found:
    """The requests that an address lists; as in the list, all that concern the viewer where it names no box."""
    state = ListState.parse(APPROVALS, query, viewer=viewer)
    return Found(state, state.apply(rows_of(viewer, state)), _COLUMNS, open_rows=_told)


def _told(rows: Sequence[Approval]) -> Sequence[Approval]:
    tell_asked(rows)
    return rows


register(
    Source(
        APPROVALS.key,
        APPROVALS.title,
        Right.ORG_EXPORT,
        "org:approvals",
        purposes=ADMINISTRATION,
        read=read_approvals,
    )
)
