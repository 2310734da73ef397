"""The audit as a file (导出审计). The organisation stands beneath the desk and cannot register its own list there."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import audit
from hongyan.core.models import AuditEvent
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Right, Viewer
from hongyan.org.lists.audit import AUDIT_LIST, RESULTS, subject_of
from hongyan.org.queries.audit import audit_events
from hongyan.ui.lists import ListState

_PURPOSES = (
    ("inspection", pgettext_lazy("审计导出", "例行检查")),
    ("investigation", pgettext_lazy("审计导出", "事件调查")),
    ("evidence", pgettext_lazy("审计导出", "监管取证")),
)

_COLUMNS: Columns = (
    (gettext_lazy("时间"), lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"),
    (gettext_lazy("工号"), lambda event: event.actor),
    (gettext_lazy("姓名"), lambda event: event.actor_name),
    (gettext_lazy("来源地址"), lambda event: event.address),
    (gettext_lazy("操作"), lambda event: audit.label_of(event.act)),
    (gettext_lazy("操作代码"), lambda event: event.act),
    (gettext_lazy("对象"), subject_of),
    (gettext_lazy("用途或原因"), audit.purpose_of),
    (gettext_lazy("结果"), lambda event: RESULTS[AuditEvent.Result(event.result)][0]),
    (gettext_lazy("条数"), lambda event: event.count),
    (gettext_lazy("修改前"), lambda event: event.before),
    (gettext_lazy("修改后"), lambda event: event.after),
    (gettext_lazy("是否完整"), lambda event: _("完整") if audit.is_intact(event) else _("已被改动")),
)


def read_audit(viewer: Viewer, query: QueryDict) -> Found:
    """The acts that an address lists."""
    state = ListState.parse(AUDIT_LIST, query, viewer=viewer)
    return Found(state, state.apply(audit_events(viewer)), _COLUMNS)


# Nobody who is audited decides what the auditor may take away: more rows than are free are not to be had.
register(
    Source(
        AUDIT_LIST.key,
        AUDIT_LIST.title,
        Right.AUDIT_EXPORT,
        "org:audit",
        purposes=_PURPOSES,
        read=read_audit,
        by_approval=False,
    )
)
