"""Parameters of the desk."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.parameters import Parameter, define

_SOURCE = "BARS A 13"
_ROWS = pgettext_lazy("参数单位", "行")

FREE_ROWS = define(
    Parameter(
        is_guarded=True,
        key="desk.export_free_rows",
        default=1000,
        kind="int",
        label=_("每人每天导出多少行以内不用审批，各列表合计"),
        unit=_ROWS,
        source=_SOURCE,
        minimum=Decimal(0),
        maximum=Decimal(10_000),
    )
)
MOST_ROWS = define(
    Parameter(
        is_guarded=True,
        key="desk.export_most_rows",
        default=200_000,
        kind="int",
        label=_("一次最多导出多少行，有审批也不能超过"),
        unit=_ROWS,
        source=_SOURCE,
        minimum=Decimal(1),
        maximum=Decimal(1_000_000),  # a sheet holds 1,048,576
    )
)
ROWS_A_DAY = define(
    Parameter(
        is_guarded=True,
        key="desk.export_rows_a_day",
        default=20_000,
        kind="int",
        label=_("每人每天最多导出多少行，各列表合计"),
        unit=_ROWS,
        source=_SOURCE,
        minimum=Decimal(1),
        maximum=Decimal(1_000_000),
    )
)
GROWTH_PCT = define(
    Parameter(
        is_guarded=True,
        key="desk.export_growth_pct",
        default=5,
        kind="int",
        label=_("生成文件时，结果最多可以比批准的多百分之几"),
        unit="%",
        source=_SOURCE,
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
KEPT_DAYS = define(
    Parameter(
        is_guarded=True,
        key="desk.export_days",
        default=3,
        kind="int",
        label=_("导出的文件保留多少天"),
        unit=_("天"),
        source="BARS E 11",
        minimum=Decimal(1),
        maximum=Decimal(30),
    )
)
MOST_SCHEDULES = define(
    Parameter(
        key="desk.schedules_per_person",
        default=10,
        kind="int",
        label=_("每人最多保留多少个定时报表"),
        unit=pgettext_lazy("参数单位", "个"),
        source="UI 7",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
MOST_AT_ONCE = define(
    Parameter(
        is_guarded=True,
        key="desk.mass_most_rows",
        default=100_000,
        kind="int",
        label=_("一次最多批量修改多少行"),
        unit=_ROWS,
        source="CUS-009, UI 7",
        minimum=Decimal(1),
        maximum=Decimal(1_000_000),
    )
)
UNDO_DAYS = define(
    Parameter(
        key="desk.mass_undo_days",
        default=30,
        kind="int",
        label=_("批量修改后多少天内可以撤销"),
        unit=_("天"),
        source="CUS-009, UI 7",
        minimum=Decimal(0),
        maximum=Decimal(365),
    )
)
NOTE_EDIT_MINUTES = define(
    Parameter(
        key="desk.note_edit_minutes",
        default=60,
        kind="int",
        label=_("备注写下后多少分钟内本人可以修改"),
        unit=pgettext_lazy("参数单位", "分钟"),
        source="GEN-001",
        minimum=Decimal(0),
        maximum=Decimal(10_080),
    )
)

# --- files of records

_FILES = "XMN-008, KGX-i01"

FILE_MB = define(
    Parameter(
        is_guarded=True,
        key="desk.file_mb",
        default=20,
        kind="int",
        label=_("记录上的一份文件最大多少"),
        unit="MB",
        source=_FILES,
        minimum=Decimal(1),
        maximum=Decimal(200),
    )
)
FILES_AT_ONCE_MB = define(
    Parameter(
        is_guarded=True,
        key="desk.files_at_once_mb",
        default=60,
        kind="int",
        label=_("一次上传的几份文件合计最大多少"),
        unit="MB",
        source=_FILES,
        minimum=Decimal(1),
        maximum=Decimal(500),
    )
)
FILE_MEGAPIXELS = define(
    Parameter(
        is_guarded=True,
        key="desk.file_megapixels",
        default=100,
        kind="int",
        label=_("图片最多多少百万像素"),
        unit=pgettext_lazy("参数单位", "百万像素"),
        source=_FILES,
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)
FILE_UNPACKED_MB = define(
    Parameter(
        is_guarded=True,
        key="desk.file_unpacked_mb",
        default=200,
        kind="int",
        label=_("Word、Excel 文件解开后最大多少"),
        unit="MB",
        source=_FILES,
        minimum=Decimal(10),
        maximum=Decimal(2000),
    )
)
FILES_OF_RECORD = define(
    Parameter(
        is_guarded=True,
        key="desk.files_of_record",
        default=200,
        kind="int",
        label=_("一条记录最多多少份文件，各版本都算"),
        unit=pgettext_lazy("文件单位", "份"),
        source=_FILES,
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)
RECORD_FILES_MB = define(
    Parameter(
        is_guarded=True,
        key="desk.record_files_mb",
        default=500,
        kind="int",
        label=_("一条记录的文件合计最大多少，各版本都算"),
        unit="MB",
        source=_FILES,
        minimum=Decimal(10),
        maximum=Decimal(5000),
    )
)
FILE_RESTORE_DAYS = define(
    Parameter(
        key="desk.file_restore_days",
        default=30,
        kind="int",
        label=_("移除的文件多少天内可以恢复"),
        unit=_("天"),
        source=_FILES,
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
SCAN_SECONDS = define(
    Parameter(
        key="desk.scan_seconds",
        default=120,
        kind="int",
        label=_("扫描一份文件最长等多少秒"),
        unit=pgettext_lazy("参数单位", "秒"),
        source=_FILES,
        minimum=Decimal(5),
        maximum=Decimal(3600),
    )
)
TASK_POSTPONEMENTS = define(
    Parameter(
        key="desk.task_postponements",
        default=2,
        kind="int",
        label=_("一件待办最多推迟几次"),
        unit=pgettext_lazy("参数单位", "次"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(0),
        maximum=Decimal(20),
    )
)
_HOUR = pgettext_lazy("参数单位", "点")
_MAIL_SOURCE = "SVC-004"
QUIET_FROM = define(
    Parameter(
        key="desk.quiet_from",
        default=21,
        kind="int",
        label=_("邮件免打扰从几点开始，本人可以另选"),
        unit=_HOUR,
        source=_MAIL_SOURCE,
        minimum=Decimal(0),
        maximum=Decimal(23),
    )
)
QUIET_TO = define(
    Parameter(
        key="desk.quiet_to",
        default=7,
        kind="int",
        label=_("邮件免打扰到几点结束，本人可以另选"),
        unit=_HOUR,
        source=_MAIL_SOURCE,
        minimum=Decimal(0),
        maximum=Decimal(23),
    )
)
DIGEST_HOUR = define(
    Parameter(
        key="desk.digest_hour",
        default=8,
        kind="int",
        label=_("每日汇总邮件几点发出"),
        unit=_HOUR,
        source=_MAIL_SOURCE,
        minimum=Decimal(0),
        maximum=Decimal(23),
    )
)
MAIL_TRIES = define(
    Parameter(
        key="desk.mail_tries",
        default=8,
        kind="int",
        label=_("一封邮件最多试发几次"),
        unit=pgettext_lazy("参数单位", "次"),
        source=_MAIL_SOURCE,
        minimum=Decimal(1),
        maximum=Decimal(12),
    )
)
MAIL_RETRY_MINUTES = define(
    Parameter(
        key="desk.mail_retry_minutes",
        default=2,
        kind="int",
        label=_("邮件第一次没有发出，多少分钟后再试；以后每次加倍"),
        unit=pgettext_lazy("参数单位", "分钟"),
        source=_MAIL_SOURCE,
        minimum=Decimal(1),
        maximum=Decimal(60),
    )
)
MAIL_DAYS = define(
    Parameter(
        key="desk.mail_days",
        default=90,
        kind="int",
        label=_("发件记录保留多少天"),
        unit=_("天"),
        source="BARS E 11",
        minimum=Decimal(1),
        maximum=Decimal(3650),
    )
)
MAIL_CODE_MINUTES = define(
    Parameter(
        key="desk.mail_code_minutes",
        default=30,
        kind="int",
        label=_("邮箱验证码多少分钟内有效"),
        unit=pgettext_lazy("参数单位", "分钟"),
        source="BARS A 23",
        minimum=Decimal(5),
        maximum=Decimal(1440),
    )
)
MAIL_CODE_FAILURES = define(
    Parameter(
        key="desk.mail_code_failures",
        default=5,
        kind="int",
        label=_("邮箱验证码输错几次后作废"),
        unit=pgettext_lazy("参数单位", "次"),
        source="BARS A 23",
        minimum=Decimal(1),
        maximum=Decimal(10),
    )
)
MAIL_CODES_A_DAY = define(
    Parameter(
        key="desk.mail_codes_a_day",
        default=5,
        kind="int",
        label=_("每人每天最多申请几次邮箱验证码"),
        unit=pgettext_lazy("参数单位", "次"),
        source="BARS A 23",
        minimum=Decimal(1),
        maximum=Decimal(50),
    )
)
MAIL_DOMAINS = define(
    Parameter(
        is_guarded=True,
        key="desk.mail_domains",
        default=[],
        kind="list",
        label=_("通知邮件可以发往的邮箱域名，例如 post.example；空为不限"),
        source="BARS A 30",
    )
)
_WORK = "REQUIREMENTS 5.1"
WORK_POSTPONEMENTS = define(
    Parameter(
        key="desk.work_postponements",
        default=2,
        kind="int",
        label=_("今日的一件事最多推迟几次"),
        unit=pgettext_lazy("参数单位", "次"),
        source=_WORK,
        minimum=Decimal(0),
        maximum=Decimal(20),
    )
)
WORK_LEAST_YUAN = define(
    Parameter(
        key="desk.work_least_yuan",
        default="1000",
        kind="decimal",
        label=_("今日排序：没有金额或金额很小的事按多少元算"),
        unit=_("元"),
        source=_WORK,
        minimum=Decimal(1),
    )
)
WORK_HALF_DAYS = define(
    Parameter(
        key="desk.work_half_days",
        default="3",
        kind="decimal",
        label=_("今日排序：还剩多少天时紧要程度减半"),
        unit=_("天"),
        source=_WORK,
        minimum=Decimal("0.5"),
        maximum=Decimal(365),
    )
)
