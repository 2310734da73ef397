"""Code lists of the desk: exports, reports, mass updates, notes, files, to-dos, mails (导出、备注、文件、待办)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EXPORT_KIND = "export"
"""The kind of approval that large exports take."""


class ExportFormat(TextChoices):
    """What an export is written as."""

    XLSX = "xlsx", _("Excel 工作簿")
    CSV = "csv", _("CSV 文本")
    ZIP = "zip", _("ZIP 压缩包")


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


class Every(TextChoices):
    """How often a scheduled report is made (定时报表)."""

    DAY = "day", pgettext_lazy("定时", "每天")
    WEEK = "week", pgettext_lazy("定时", "每周")
    MONTH = "month", pgettext_lazy("定时", "每月")


class Weekday(IntegerChoices):
    """Days of the week as ISO 8601 counts them."""

    MONDAY = 1, _("星期一")
    TUESDAY = 2, _("星期二")
    WEDNESDAY = 3, _("星期三")
    THURSDAY = 4, _("星期四")
    FRIDAY = 5, _("星期五")
    SATURDAY = 6, _("星期六")
    SUNDAY = 7, _("星期日")


class ScheduleState(TextChoices):
    """How a scheduled report stands."""

    ACTIVE = "active", pgettext_lazy("定时", "进行中")
    PAUSED = "paused", pgettext_lazy("定时", "已暂停")
    ENDED = "ended", pgettext_lazy("定时", "已删除")


class ScheduleFailure(TextChoices):
    """Why a scheduled report was not made when it was due."""

    POST = "post", _("岗位已经结束，已暂停。")
    RIGHT = "right", _("这个岗位已经不能导出这个列表，已暂停。")
    REFUSED = "refused", _("没有可以导出的行，或者条件、行数、当天的额度不允许。")


# --- acts on many rows of a list (批量修改)


class MassState(TextChoices):
    """How an act on many stands: chosen, looked at beforehand, done, undone."""

    DRAFT = "draft", pgettext_lazy("批量修改", "待填写")
    CHECKING = "checking", pgettext_lazy("批量修改", "正在预览")
    READY = "ready", pgettext_lazy("批量修改", "待确认")
    RUNNING = "running", pgettext_lazy("批量修改", "正在修改")
    DONE = "done", pgettext_lazy("批量修改", "已完成")
    UNDOING = "undoing", pgettext_lazy("批量修改", "正在撤销")
    UNDONE = "undone", pgettext_lazy("批量修改", "已撤销")


class MassOutcome(TextChoices):
    """What became of one row of an act on many."""

    CHOSEN = "chosen", pgettext_lazy("批量修改的一行", "待预览")
    READY = "ready", pgettext_lazy("批量修改的一行", "将修改")
    SAME = "same", pgettext_lazy("批量修改的一行", "原已如此")
    REFUSED = "refused", pgettext_lazy("批量修改的一行", "不能修改")
    CHANGED = "changed", pgettext_lazy("批量修改的一行", "已修改")
    RESTORED = "restored", pgettext_lazy("批量修改的一行", "已恢复")
    KEPT = "kept", pgettext_lazy("批量修改的一行", "未恢复")


class MassWhy(TextChoices):
    """Why a row was left as it is, whatever the act; acts have reasons of their own besides."""

    ABSENT = "absent", _("不在您的数据范围内，或已不在列表中")
    MOVED = "moved", _("预览之后别人改过")
    LATER = "later", _("修改之后别人又改过")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an act would make of one row: from one value to another, as codes that the act can put into words.

    `why` says that it may not, by the code of a reason.
    """

    was: str = ""
    becomes: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an act did to one row: what undoing it takes; or, by the code of a reason, why nothing."""

    memo: Mapping[str, Any] | None = None
    why: str = ""


class NoteSort(TextChoices):
    """What stands on a record: words of somebody's own, or a call they had."""

    NOTE = "note", _("备注")
    CALL = "call", pgettext_lazy("备注", "通话")


class CallDirection(TextChoices):
    """Who called."""

    IN = "in", _("呼入")
    OUT = "out", _("呼出")


class CallResult(TextChoices):
    """What came of a call."""

    REACHED = "reached", _("已通话")
    NO_ANSWER = "no_answer", _("无人接听")
    BUSY = "busy", _("占线")
    WRONG = "wrong", _("号码不对")
    REFUSED = "refused", _("拒绝通话")


# --- files of records (文件)


class FileCategory(TextChoices):
    """What a file is a copy of."""

    LICENCE = "licence", _("营业执照")
    CONTRACT = "contract", pgettext_lazy("文件", "合同")
    AUTHORISATION = "authority", pgettext_lazy("文件", "授权书")
    CREDENTIAL = "credential", _("证件影印件")
    OTHER = "other", pgettext_lazy("文件", "其他")


class FileMedia(TextChoices):
    """What a file is, by its content; the value is the ending of its name."""

    PDF = "pdf", _("PDF 文档")
    PNG = "png", _("PNG 图片")
    JPEG = "jpg", _("JPEG 图片")
    DOCX = "docx", _("Word 文档")
    XLSX = "xlsx", _("Excel 工作簿")


class FileState(TextChoices):
    """What is known of a file's harmlessness. It can be read when it is CLEAN, or UNSCANNED where nothing scans."""

    CHECKING = "checking", pgettext_lazy("文件", "正在检查")
    UNSCANNED = "unscanned", pgettext_lazy("文件", "未扫描")
    CLEAN = "clean", pgettext_lazy("文件", "未发现病毒")
    INFECTED = "infected", pgettext_lazy("文件", "有病毒，已隔离")
    FAILED = "failed", pgettext_lazy("文件", "检查没有完成，将自动重试")
    ERASED = "erased", pgettext_lazy("文件", "内容已清除")


class FileRefusal(TextChoices):
    """Why a file is not taken."""

    EMPTY = "empty", _("文件是空的")
    LARGE = "large", _("文件太大")
    OTHER = "other", _("只收 PDF、PNG、JPEG、Word（docx）和 Excel（xlsx）文件，按内容识别，不看文件名")
    BROKEN = "broken", _("文件打不开，可能已损坏")
    HUGE = "huge", _("打开后过大，请压缩图片或拆分文档")
    LOCKED = "locked", _("文件有密码，请去掉密码后再上传")
    PROGRAM = "program", _("文档里有宏，请另存为不带宏的文档")
    KNOWN = "known", _("同样内容的文件已经有了")


# --- to-dos (待办)


class TaskState(TextChoices):
    """How a to-do stands."""

    OPEN = "open", pgettext_lazy("待办", "未完成")
    DONE = "done", pgettext_lazy("待办", "已完成")
    DROPPED = "dropped", pgettext_lazy("待办", "已放弃")


class Priority(IntegerChoices):
    """How urgent a to-do is; the first comes first."""

    HIGH = 1, pgettext_lazy("优先级", "高")
    NORMAL = 2, pgettext_lazy("优先级", "普通")
    LOW = 3, pgettext_lazy("优先级", "低")


class Repeat(TextChoices):
    """How often a to-do comes back: what RFC 5545 calls FREQ."""

    DAILY = "daily", pgettext_lazy("待办", "每天")
    WEEKLY = "weekly", pgettext_lazy("待办", "每周")
    MONTHLY = "monthly", pgettext_lazy("待办", "每月")
    YEARLY = "yearly", pgettext_lazy("待办", "每年")


class TaskAct(TextChoices):
    """What somebody did with a to-do."""

    MADE = "made", pgettext_lazy("待办", "新建")
    MENDED = "mended", pgettext_lazy("待办", "修改")
    POSTPONED = "postponed", pgettext_lazy("待办", "推迟")
    DELEGATED = "delegated", pgettext_lazy("待办", "转交")
    DONE = "done", pgettext_lazy("待办", "完成")
    DROPPED = "dropped", pgettext_lazy("待办", "放弃")


REMINDERS = (
    (0, pgettext_lazy("提醒", "到时间")),
    (15, pgettext_lazy("提醒", "提前 15 分钟")),
    (60, pgettext_lazy("提醒", "提前 1 小时")),
    (1440, pgettext_lazy("提醒", "提前 1 天")),
    (4320, pgettext_lazy("提醒", "提前 3 天")),
)
"""How many minutes before something is due one may be reminded of it."""


# --- how people hear of things


class Way(TextChoices):
    """How somebody hears of a family of messages (通知方式). They stand in the page whatever was chosen."""

    PAGE = "page", pgettext_lazy("通知方式", "只在页面")
    MAIL = "mail", pgettext_lazy("通知方式", "页面，并马上发邮件")
    DIGEST = "digest", pgettext_lazy("通知方式", "页面，并列入每日汇总邮件")
    MUTED = "muted", pgettext_lazy("通知方式", "不提醒，只留在列表里")


class MailSort(TextChoices):
    """What a mail brings: one message, the messages of a day, or the code that proves an address."""

    NOTICE = "notice", pgettext_lazy("邮件", "通知")
    DIGEST = "digest", pgettext_lazy("邮件", "每日汇总")
    CODE = "code", pgettext_lazy("邮件", "邮箱验证码")


class MailState(TextChoices):
    """How a mail stands. One that is not needed any more was read in the page before, or has no address left."""

    WAITING = "waiting", pgettext_lazy("邮件", "待发送")
    SENT = "sent", pgettext_lazy("邮件", "已发送")
    DEAD = "dead", pgettext_lazy("邮件", "发送失败")
    DROPPED = "dropped", pgettext_lazy("邮件", "不再需要")


class MailFailure(TextChoices):
    """Why a mail could not be sent. Only a server that cannot be reached, or is busy, is tried again."""

    ADDRESS = "address", pgettext_lazy("邮件", "邮件服务器不接受这个地址")
    LOG_IN = "log_in", pgettext_lazy("邮件", "邮件服务器拒绝了系统的账号")
    REFUSED = "refused", pgettext_lazy("邮件", "邮件服务器拒绝了这封邮件")
    SERVER = "server", pgettext_lazy("邮件", "连接不上邮件服务器，或它正忙")


# --- what the rules of the house found to do (今日工作)


class WorkState(TextChoices):
    """What was said of something a rule found: nothing yet, that it is done, or that it does not fit."""

    OPEN = "open", pgettext_lazy("今日", "未处理")
    DONE = "done", pgettext_lazy("今日", "已办")
    REFUSED = "refused", pgettext_lazy("今日", "不合适")
