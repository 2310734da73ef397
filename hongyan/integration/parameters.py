"""Parameters of intake."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define

AUTO_SIGN_MAX_QUARANTINE_PCT = define(
    Parameter(
        is_guarded=True,
        key="intake.auto_sign_max_quarantine_pct",
        default="5",
        kind="decimal",
        label=_("隔离行占比不超过多少时自动签收"),
        unit="%",
        source="DESIGN 3, Intake",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
CHUNK_ROWS = define(
    Parameter(
        key="intake.chunk_rows",
        default=2000,
        kind="int",
        label=_("每个事务装载的行数"),
        unit=_("行"),
        source="DESIGN 3, Intake",
        minimum=Decimal(1),
        maximum=Decimal(50_000),
    )
)
LATE_AFTER_DAYS = define(
    Parameter(
        is_guarded=True,
        key="intake.late_after_days",
        default=3,
        kind="int",
        label=_("文件业务日期早于多少天时提示时效问题"),
        unit=_("天"),
        source="DESIGN 3, Intake",
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
EXPECTED_GRACE_MIN = define(
    Parameter(
        key="intake.expected_grace_min",
        default=120,
        kind="int",
        label=_("文件过了约定时间多久算迟到"),
        unit=_("分钟"),
        source="REQUIREMENTS 5.5",
        minimum=Decimal(0),
        maximum=Decimal(1440),
    )
)
MAX_UPLOAD_MB = define(
    Parameter(
        key="intake.max_upload_mb",
        default=100,
        kind="int",
        label=_("页面与接口单个文件的上限"),
        unit="MB",
        source="BARS A 29",
        minimum=Decimal(1),
        maximum=Decimal(4096),
    )
)
MAX_FILE_MB = define(
    Parameter(
        key="intake.max_file_mb",
        default=4096,
        kind="int",
        label=_("投递与命令行单个文件的上限"),
        unit="MB",
        source="DESIGN 6",
        minimum=Decimal(1),
        maximum=Decimal(65_536),
    )
)
MAX_UNPACKED_MB = define(
    Parameter(
        key="intake.max_unpacked_mb",
        default=100,
        kind="int",
        label=_("压缩工作簿解开后的上限"),
        unit="MB",
        source="BARS A 29",
        minimum=Decimal(1),
        maximum=Decimal(4096),
    )
)
IMPORT_MAX_MB = define(
    Parameter(
        key="import.max_mb",
        default=400,
        kind="int",
        label=_("导入文件的大小上限"),
        unit="MB",
        source="BARS A 29",
        minimum=Decimal(1),
        maximum=Decimal(4096),
    )
)
IMPORT_MAX_ROWS = define(
    Parameter(
        key="import.max_rows",
        default=1_000_000,
        kind="int",
        label=_("导入 CSV 文件的行数上限"),
        unit=_("行"),
        source="UI 1",
        minimum=Decimal(1),
        maximum=Decimal(5_000_000),
    )
)
IMPORT_MAX_SHEET_ROWS = define(
    Parameter(
        key="import.max_sheet_rows",
        default=100_000,
        kind="int",
        label=_("导入 Excel 工作簿的行数上限"),
        unit=_("行"),
        source="UI 1",
        minimum=Decimal(1),
        maximum=Decimal(1_000_000),
    )
)
IMPORT_SIGN_ABOVE = define(
    Parameter(
        is_guarded=True,
        key="import.sign_above",
        default=1000,
        kind="int",
        label=_("导入超过多少行时由第二人签收"),
        unit=_("行"),
        source="CUS-003",
        minimum=Decimal(0),
        maximum=Decimal(1_000_000),
    )
)
IMPORT_FORECAST_ROWS = define(
    Parameter(
        key="import.forecast_rows",
        default=20_000,
        kind="int",
        label=_("导入预检时逐行比对的行数，超过时按抽样估算"),
        unit=_("行"),
        source="UI 1",
        minimum=Decimal(100),
        maximum=Decimal(1_000_000),
    )
)
IMPORT_REVERT_DAYS = define(
    Parameter(
        is_guarded=True,
        key="import.revert_days",
        default=30,
        kind="int",
        label=_("导入完成后多少天内可以撤销"),
        unit=_("天"),
        source="UI 3",
        minimum=Decimal(0),
        maximum=Decimal(365),
    )
)
