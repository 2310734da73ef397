"""Audit, log-ins and alerts on reading as files (导出审计)."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core import audit
from hongyan.core.models import AuditEvent
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Right, Viewer
from hongyan.org.lists.alerts import ALERTS
from hongyan.org.lists.audit import AUDIT_LIST, LOG_IN_LIST, OUTCOMES, RESULTS, subject_of
from hongyan.org.lists.audit_archives import OPENED
from hongyan.org.models import LoginEvent
from hongyan.org.queries.audit import audit_events
from hongyan.org.queries.audit_archives import opened_events
from hongyan.org.queries.exceptions import alerts
from hongyan.org.queries.staff import log_ins
from hongyan.ui.lists import ListState
from hongyan.web.exports.purposes import INSPECTION


def _instant(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


_COLUMNS: Columns = (
    (gettext_lazy("时间"), lambda event: _instant(event.at)),
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


_LOG_INS: Columns = (
    (gettext_lazy("时间"), lambda event: _instant(event.at)),
    (gettext_lazy("工号"), lambda event: event.staff.staff_no if event.staff else ""),
    (gettext_lazy("姓名"), lambda event: event.staff.name if event.staff else _("不存在的工号")),
    (gettext_lazy("结果"), lambda event: OUTCOMES[LoginEvent.Outcome(event.outcome)][0]),
    (gettext_lazy("来源地址"), lambda event: event.address),
    (gettext_lazy("浏览器"), lambda event: event.agent),
)
_ALERTS: Columns = (
    (gettext_lazy("时间"), lambda alert: _instant(alert.raised_at)),
    (gettext_lazy("工号"), lambda alert: alert.actor),
    (gettext_lazy("姓名"), lambda alert: alert.actor_name),
    (gettext_lazy("查看条数"), lambda alert: alert.count),
    (gettext_lazy("起"), lambda alert: _instant(alert.since)),
    (gettext_lazy("止"), lambda alert: _instant(alert.until)),
)


def read_audit(viewer: Viewer, query: QueryDict) -> Found:
    """The acts that an address lists."""
    state = ListState.parse(AUDIT_LIST, query, viewer=viewer)
    return Found(state, state.apply(audit_events(viewer)), _COLUMNS)


def read_opened(viewer: Viewer, query: QueryDict) -> Found:
    """The archived acts, laid open again, that an address lists."""
    state = ListState.parse(OPENED, query, viewer=viewer)
    return Found(state, state.apply(opened_events(viewer)), _COLUMNS)


def read_log_ins(viewer: Viewer, query: QueryDict) -> Found:
    """The log-ins that an address lists."""
    state = ListState.parse(LOG_IN_LIST, query, viewer=viewer)
    return Found(state, state.apply(log_ins(viewer)), _LOG_INS)


def read_alerts(viewer: Viewer, query: QueryDict) -> Found:
    """The alerts that an address lists."""
    state = ListState.parse(ALERTS, query, viewer=viewer)
    return Found(state, state.apply(alerts(viewer)), _ALERTS)


# Nobody who is audited decides what the auditor may take away: more rows than are free are not to be had.
register(
    Source(
        AUDIT_LIST.key,
        AUDIT_LIST.title,
        Right.AUDIT_EXPORT,
        "org:audit",
        purposes=INSPECTION,
        read=read_audit,
        by_approval=False,
    )
)
register(
    Source(
        OPENED.key,
        OPENED.title,
        Right.AUDIT_EXPORT,
        "org:opened_audit",
        purposes=INSPECTION,
        read=read_opened,
        by_approval=False,
    )
)
register(
    Source(
        LOG_IN_LIST.key,
        LOG_IN_LIST.title,
        Right.AUDIT_EXPORT,
        "org:log_ins",
        purposes=INSPECTION,
        read=read_log_ins,
        by_approval=False,
    )
)
register(
    Source(
        ALERTS.key,
        ALERTS.title,
        Right.ALERT_READ,
        "org:alerts",
        purposes=INSPECTION,
        read=read_alerts,
        by_approval=False,
    )
)
