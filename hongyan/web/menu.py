"""The menu: a plain list, shown as far as the post's rights go. The first four entries make the phone's tab bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hongyan.org.codes import Right, Viewer
from hongyan.ui.shell import MenuItem
from hongyan.web.queries import Waiting

Text = str | Promise

HOME = "/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: the address's name, the right without which it is not shown, and what waits there."""

    label: Text
    url_name: str
    icon: str
    right: Right | None = None
    waiting: Callable[[Waiting], int] | None = None


MENU = (
    Entry(pgettext_lazy("菜单", "首页"), "web:home", icon="home"),
    Entry(pgettext_lazy("菜单", "客户"), "customer:list", icon="users", right=Right.CUSTOMER_READ),
    Entry(pgettext_lazy("菜单", "待办"), "desk:tasks", icon="checklist"),
    Entry(
        pgettext_lazy("菜单", "识别"),
        "customer:cases",
        icon="git-compare",
        right=Right.CUSTOMER_MERGE,
        waiting=attrgetter("cases"),
    ),
    Entry(pgettext_lazy("菜单", "管户"), "ownership:owners", icon="user-check", right=Right.CUSTOMER_READ),
    Entry(pgettext_lazy("菜单", "业务"), "ledger:units", icon="chart-bar", right=Right.LEDGER_READ),
    Entry(pgettext_lazy("菜单", "分类"), "classes:overview", icon="category", right=Right.LEDGER_READ),
    Entry(
        pgettext_lazy("菜单", "资料质量"), "quality:units", icon="clipboard-check", right=Right.CUSTOMER_READ
    ),
    Entry(pgettext_lazy("菜单", "审批"), "org:approvals", icon="checkbox", waiting=attrgetter("to_decide")),
    Entry(pgettext_lazy("菜单", "客户申请"), "lifecycle:list", icon="file-text", right=Right.CUSTOMER_APPLY),
    Entry(
        pgettext_lazy("菜单", "个人权利"),
        "consent:requests",
        icon="shield-check",
        right=Right.REQUEST_KEEP,
    ),
    Entry(pgettext_lazy("菜单", "导入"), "imports:list", "file-import", Right.CUSTOMER_IMPORT),
    Entry(pgettext_lazy("菜单", "接入"), "integration:systems", "database-import", Right.INTAKE_READ),
    Entry(pgettext_lazy("菜单", "机构"), "org:units", icon="sitemap", right=Right.ORG_READ),
    Entry(pgettext_lazy("菜单", "人员"), "org:staff_list", icon="id-badge-2", right=Right.ORG_READ),
    Entry(pgettext_lazy("菜单", "通知"), "desk:notifications", icon="bell"),
    Entry(
        pgettext_lazy("菜单", "识别模型"),
        "customer:models",
        icon="adjustments-horizontal",
        right=Right.IDENTITY_TRAIN,
    ),
    Entry(
        pgettext_lazy("菜单", "授权书"),
        "consent:texts",
        icon="file-certificate",
        right=Right.CONSENT_PUBLISH,
    ),
    Entry(pgettext_lazy("菜单", "参数"), "org:parameters", icon="adjustments", right=Right.PARAMETER_READ),
    Entry(pgettext_lazy("菜单", "版面"), "customer:layouts", icon="layout-list", right=Right.PARAMETER_READ),
    Entry(pgettext_lazy("菜单", "工作日历"), "org:calendar", icon="calendar"),
    Entry(pgettext_lazy("菜单", "行政区划"), "org:divisions", icon="map-2", right=Right.ORG_READ),
    Entry(pgettext_lazy("菜单", "账期分区"), "ledger:partitions", icon="table", right=Right.LEDGER_CHECK),
    Entry(pgettext_lazy("菜单", "审计"), "org:audit", icon="shield-check", right=Right.AUDIT_READ),
    Entry(pgettext_lazy("菜单", "登录日志"), "org:log_ins", icon="login", right=Right.AUDIT_READ),
    Entry(pgettext_lazy("菜单", "查阅告警"), "org:alerts", icon="alert-triangle", right=Right.ALERT_READ),
    Entry(
        pgettext_lazy("菜单", "异常日志"),
        "org:exceptions",
        icon="alert-octagon",
        right=Right.EXCEPTION_HANDLE,
    ),
)


def menu_for(viewer: Viewer, path: str, waiting: Waiting) -> list[MenuItem]:
    """The entries a viewer may use; the one whose address begins the current path most closely is active."""
    entries, active = _entries(viewer), active_url(viewer, path)
    return [
        MenuItem(
            entry.label,
            url,
            entry.icon,
            badge=entry.waiting(waiting) if entry.waiting else 0,
            active=url == active,
        )
        for entry, url in entries
    ]


def active_url(viewer: Viewer, path: str) -> str:
    """The address of the entry that a page belongs to; empty where it belongs to none."""
    # every path begins with that of home
    near = (url for _entry, url in _entries(viewer) if path == url or (url != HOME and path.startswith(url)))
    return max(near, key=len, default="")


def _entries(viewer: Viewer) -> list[tuple[Entry, str]]:
    return [
        (entry, reverse(entry.url_name)) for entry in MENU if entry.right is None or viewer.may(entry.right)
    ]
