"""Pages and acts that can be called by name (页面、操作): the menu's, and the lists here, as far as the rights go."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from hongyan.org.codes import Right, Viewer
from hongyan.ui.shell import Suggestion, SuggestionGroup
from hongyan.web.menu import MENU, Entry
from hongyan.web.search.rules import fits

PAGES = (
    Entry(pgettext_lazy("页面", "我的账号"), "org:me", "user"),
    Entry(pgettext_lazy("页面", "权限说明"), "org:rights", "key"),
    Entry(pgettext_lazy("页面", "我的导出"), "desk:exports", "download"),
    Entry(pgettext_lazy("页面", "我的批量修改"), "desk:mass_runs", "edit"),
    Entry(pgettext_lazy("页面", "定时报表"), "desk:schedules", "calendar-repeat"),
    Entry(pgettext_lazy("页面", "保存的视图"), "desk:my_views", "bookmark"),
    Entry(pgettext_lazy("页面", "归并抽检"), "customer:looks", "git-compare", Right.CUSTOMER_MERGE),
    Entry(pgettext_lazy("页面", "归并准确率"), "customer:quality", "chart-bar", Right.CUSTOMER_MERGE),
    Entry(pgettext_lazy("页面", "识别概览"), "customer:overview", "git-compare", Right.CUSTOMER_MERGE),
    Entry(pgettext_lazy("页面", "识别批量处理"), "customer:batches", "git-merge", Right.CUSTOMER_MERGE),
    Entry(pgettext_lazy("页面", "管户变动记录"), "ownership:transfers", "user-check", Right.OWNERSHIP_CHANGE),
    Entry(pgettext_lazy("页面", "邮储归属"), "ownership:belongings", "user-check", Right.OWNERSHIP_CHANGE),
    Entry(pgettext_lazy("页面", "管户负荷"), "ownership:load", "user-check", Right.OWNERSHIP_CHANGE),
    Entry(pgettext_lazy("页面", "业务明细"), "ledger:facts", "table", Right.LEDGER_READ),
    Entry(pgettext_lazy("页面", "产品目录"), "ledger:products", "category", Right.LEDGER_READ),
    Entry(pgettext_lazy("页面", "分类变动"), "classes:moves", "category", Right.CUSTOMER_READ),
    Entry(pgettext_lazy("页面", "黑名单"), "classes:blacklist", "shield-check", Right.BLACKLIST_READ),
    Entry(pgettext_lazy("页面", "标签"), "classes:tags", "bookmark", Right.CUSTOMER_READ),
    Entry(pgettext_lazy("页面", "资料质量清单"), "quality:customers", "clipboard-check", Right.CUSTOMER_READ),
    Entry(pgettext_lazy("页面", "补录活动"), "quality:campaigns", "clipboard-check", Right.CUSTOMER_READ),
    Entry(pgettext_lazy("页面", "补录任务"), "quality:tasks", "clipboard-check", Right.CUSTOMER_READ),
    Entry(pgettext_lazy("页面", "接入批次"), "integration:deliveries", "database-import", Right.INTAKE_READ),
    Entry(pgettext_lazy("页面", "隔离区"), "integration:quarantine", "alert-triangle", Right.INTAKE_READ),
    Entry(pgettext_lazy("页面", "接入日历"), "integration:calendar", "calendar", Right.INTAKE_READ),
    Entry(pgettext_lazy("页面", "机构列表"), "org:unit_list", "list", Right.ORG_READ),
    Entry(pgettext_lazy("页面", "邮政编码"), "org:postcodes", "map-2", Right.ORG_READ),
    Entry(pgettext_lazy("页面", "岗位申请"), "org:post_requests", "id-badge-2", Right.POST_REQUEST),
    Entry(pgettext_lazy("页面", "机构调整"), "org:reorganisations", "sitemap", Right.REORGANISE),
    Entry(pgettext_lazy("页面", "归档的审计"), "org:archives", "shield-check", Right.AUDIT_READ),
)
"""Pages that the menu does not lead to at once."""

ACTIONS = (
    Entry(pgettext_lazy("操作", "新增客户"), "customer:new", "user-plus", Right.CUSTOMER_CREATE),
    Entry(pgettext_lazy("操作", "导入客户"), "imports:new", "file-import", Right.CUSTOMER_IMPORT),
    Entry(pgettext_lazy("操作", "申请协议客户"), "lifecycle:new", "file-text", Right.CUSTOMER_APPLY),
    Entry(pgettext_lazy("操作", "登记潜在客户"), "lifecycle:prospect", "user-plus", Right.CUSTOMER_APPLY),
    Entry(
        pgettext_lazy("操作", "新建补录活动"), "quality:new_campaign", "clipboard-check", Right.QUALITY_LEAD
    ),
    Entry(pgettext_lazy("操作", "上传文件"), "integration:upload", "database-import", Right.INTAKE_LOAD),
    Entry(pgettext_lazy("操作", "发布授权书"), "consent:new_text", "file-certificate", Right.CONSENT_PUBLISH),
    Entry(pgettext_lazy("操作", "新的机构调整"), "org:new_reorganisation", "sitemap", Right.REORGANISE),
    Entry(pgettext_lazy("操作", "委托代理"), "org:lend", "users"),
    Entry(pgettext_lazy("操作", "修改密码"), "org:change_password", "lock"),
)
"""What can be begun from anywhere."""


def found_pages(viewer: Viewer, text: str, most: int) -> list[SuggestionGroup]:
    """Pages by name, pinyin or initials; all of them for no text. No query."""
    return _group(_("页面"), viewer, [*MENU, *PAGES], text, most)


def found_actions(viewer: Viewer, text: str, most: int) -> list[SuggestionGroup]:
    """What can be done, by name; everything for no text. No query."""
    return _group(pgettext_lazy("搜索", "操作"), viewer, ACTIONS, text, most)


def _group(
    label: object, viewer: Viewer, entries: Sequence[Entry], text: str, most: int
) -> list[SuggestionGroup]:
    allowed = [one for one in entries if one.right is None or viewer.may(one.right)]
    ranked = [(_fit(one, text), one) for one in allowed]
    best = sorted(((rank, one) for rank, one in ranked if rank is not None), key=lambda pair: pair[0])
    found = [Suggestion(str(one.label), reverse(one.url_name), icon=one.icon) for _rank, one in best[:most]]
    return [SuggestionGroup(label, found)] if found else []  # type: ignore[arg-type]


def _fit(entry: Entry, text: str) -> int | None:
    """By what it is called here, or in Chinese."""
    with override("zh-hans"):
        chinese = str(entry.label)
    ranks = [rank for rank in (fits(str(entry.label), text), fits(chinese, text)) if rank is not None]
    return min(ranks, default=None)
