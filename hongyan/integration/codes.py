"""Code lists and small types of intake (接入). Source: REQUIREMENTS A5, SM12, BARS D."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeliveryState(TextChoices):
    """Where a delivered file stands.

    received → checking → checked → (signed) → applying → applied; refused and withdrawn end it early.
    """

    RECEIVED = "received", pgettext_lazy("交付状态", "已接收")
    CHECKING = "checking", pgettext_lazy("交付状态", "检查中")
    REFUSED = "refused", pgettext_lazy("交付状态", "整批拒收")
    CHECKED = "checked", pgettext_lazy("交付状态", "待签收")
    APPLYING = "applying", pgettext_lazy("交付状态", "装载中")
    APPLIED = "applied", pgettext_lazy("交付状态", "已完成")
    WITHDRAWN = "withdrawn", pgettext_lazy("交付状态", "已撤回")


class Channel(TextChoices):
    """By which door a delivery came."""

    DROP = "drop", _("文件投递")
    UPLOAD = "upload", _("页面上传")
    COMMAND = "command", _("命令行")
    API = "api", _("接口")
    RESEND = "resend", _("修正重发")


BY_HAND = frozenset({Channel.UPLOAD, Channel.API, Channel.RESEND})
"""Doors at which one person brings what they like, with no rights on the server: by page, by key, by mending a row."""


class RowState(TextChoices):
    """What became of a quarantined row. A resent one is on its way, one that was taken in is out of quarantine."""

    OPEN = "open", pgettext_lazy("隔离状态", "待处理")
    RESENT = "resent", pgettext_lazy("隔离状态", "已重发")
    TAKEN = "taken", pgettext_lazy("隔离状态", "已采用")
    DISMISSED = "dismissed", pgettext_lazy("隔离状态", "已放弃")


class Connection(TextChoices):
    """State of the connection of a source system (INT-019)."""

    CONNECTED = "connected", _("已接入")
    COMPLIANCE = "compliance", _("待合规方案确认")
    TENDER = "tender", _("招标中，暂缓")
    BUILDING = "building", _("实施中，延缓对接")
    OFF = "off", pgettext_lazy("接入状态", "已停用")


@dataclass(frozen=True, slots=True)
class DeliveryApplied:
    """Event: a delivery was applied completely."""

    delivery_id: int
    system: str


class ImportState(TextChoices):
    """Where a person's import stands.

    uploaded → checking → checked → (asked) → loading → done → reverting → reverted; refused and withdrawn end it early.
    """

    UPLOADED = "uploaded", pgettext_lazy("导入状态", "待对照")
    CHECKING = "checking", pgettext_lazy("导入状态", "预检中")
    REFUSED = "refused", pgettext_lazy("导入状态", "不能读取")
    CHECKED = "checked", pgettext_lazy("导入状态", "待确认")
    ASKED = "asked", pgettext_lazy("导入状态", "待签收")
    LOADING = "loading", pgettext_lazy("导入状态", "导入中")
    DONE = "done", pgettext_lazy("导入状态", "已完成")
    REVERTING = "reverting", pgettext_lazy("导入状态", "撤销中")
    REVERTED = "reverted", pgettext_lazy("导入状态", "已撤销")
    WITHDRAWN = "withdrawn", pgettext_lazy("导入状态", "已放弃")


class Known(TextChoices):
    """What becomes of rows about customers we have already."""

    FILL = "fill", _("归入已有客户，只补空缺")
    SKIP = "skip", _("跳过")


class LeftOut(TextChoices):
    """Why a sound row was not taken in."""

    KNOWN = "known", _("客户已存在，按选择跳过")
    ELSEWHERE = "elsewhere", _("客户由您数据范围以外的机构管理")
