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
