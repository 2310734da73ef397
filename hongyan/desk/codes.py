"""Code lists of the desk: exports (导出)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EXPORT_KIND = "export"
"""The kind of approval that large exports take."""


class ExportFormat(TextChoices):
    """What an export is written as."""

    XLSX = "xlsx", _("Excel 工作簿")
    CSV = "csv", _("CSV 文本")


class ExportState(TextChoices):
    """How an export stands. The first three go on; of the others only READY can be downloaded."""

    WAITING = "waiting", pgettext_lazy("导出", "待审批")
    QUEUED = "queued", pgettext_lazy("导出", "排队中")
    WRITING = "writing", pgettext_lazy("导出", "生成中")
    READY = "ready", pgettext_lazy("导出", "可下载")
    REFUSED = "refused", pgettext_lazy("导出", "未批准")
    FAILED = "failed", pgettext_lazy("导出", "没有生成")
    CANCELLED = "cancelled", pgettext_lazy("导出", "已取消")
    GONE = "gone", pgettext_lazy("导出", "文件已到期删除")


class ExportFailure(TextChoices):
    """Why an export was not written."""

    POST = "post", _("提出导出的岗位已经结束。")
    RIGHT = "right", _("这个岗位已经不能导出这个列表。")
    CONDITIONS = "conditions", _("列表的条件已经不能使用，请回到列表重新导出。")
    GREW = "grew", _("结果比申请时多了，超出了可以导出的行数，请重新导出。")
    LOST = "lost", _("生成中断了，请重新导出。")
