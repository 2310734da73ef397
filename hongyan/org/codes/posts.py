"""Roles, posts and what is done to accounts (角色、岗位、账号). Source: REQUIREMENTS 4.2 L11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Roles a post can carry, L11, and the security administrator whom 等保 keeps apart from the system's."""

    GROUP_ADMIN = "group_admin", _("总部管理员")
    PROVINCE_ADMIN = "province_admin", _("省管理员")
    CITY_ADMIN = "city_admin", _("市管理员")
    COUNTY_HEAD = "county_head", _("县负责人")
    OUTLET_HEAD = "outlet_head", _("网点负责人")
    MANAGER = "manager", _("客户经理")
    CHIEF_MANAGER = "chief_manager", _("首席客户经理")
    WEALTH_MANAGER = "wealth_manager", _("理财经理")
    KEY_ACCOUNT_MANAGER = "key_account_manager", _("大客户经理")
    AGENT = "agent", _("坐席")
    AGENT_LEAD = "agent_lead", _("班长")
    QUALITY = "quality", _("质检")
    DISPATCHER = "dispatcher", _("调度")
    MARKETER = "marketer", _("营销策划")
    ANALYST = "analyst", _("分析师")
    APPROVER = "approver", _("审批人")
    FINANCE = "finance", _("财务")
    STEWARD = "steward", _("数据管家")
    AUDITOR = "auditor", _("审计")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    READER = "reader", _("只读领导")


EXCLUSIVE_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Nobody holds two of these (三员分立): who runs the house, who lets people in, who watches both (BARS E 5)."""


class PostSource(TextChoices):
    """Who keeps a post: the personnel system by its files, or people here by a request that was approved."""

    FILE = "file", _("人事接口")
    GRANT = "grant", _("审批授予")


class AccountAct(TextChoices):
    """What takes two people when it is done to an account that guards others (两人办理)."""

    ACTIVATE = "activate", _("发放激活码")
    END_POST = "end_post", _("结束岗位")


@dataclass(frozen=True, slots=True)
class PostGranted:
    """Event: somebody, by staff number, has a post that was requested for them, from now on."""

    staff_no: str


@dataclass(frozen=True, slots=True)
class PostLent:
    """Event: somebody, by staff number, may act in a colleague's post from a day to another, both included."""

    staff_no: str
    first: date
    last: date
