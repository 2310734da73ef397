"""Parameters of the ledger."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define
from hongyan.ledger.codes import NOTABLE_FLOOR_YUAN

CHUNK_ROWS = define(
    Parameter(
        key="ledger.chunk_rows",
        default=100_000,
        kind="int",
        label=_("每个事务入账的事实行数"),
        unit=_("行"),
        source="DESIGN 3, Ledger",
        minimum=Decimal(1),
        maximum=Decimal(500_000),
    )
)
PARTITIONS_AHEAD = define(
    Parameter(
        key="ledger.partitions_ahead",
        default=3,
        kind="int",
        label=_("提前建立多少个月的账期分区"),
        unit=_("个月"),
        source="DESIGN 3, Ledger",
        minimum=Decimal(1),
        maximum=Decimal(24),
    )
)
DOMESTIC_NUMBER_PATTERNS = define(
    Parameter(
        key="ledger.domestic_number_patterns",
        default=[r"[0-9]{13}"],
        kind="list",
        label=_("国内邮件号码的格式（正则表达式）"),
        source="CCC-i07",
    )
)
INTAKE_THRESHOLD_YUAN = define(
    Parameter(
        key="psb.intake.assets_plus_liabilities_yuan",
        default="10000",
        kind="decimal",
        label=_("邮储客户入库的资产负债合计起点"),
        unit=_("元"),
        source="PSB-008",
        minimum=Decimal(0),
    )
)
NOTABLE_YUAN = define(
    Parameter(
        key="ledger.notable_yuan",
        default="10000",
        kind="decimal",
        label=_("客户动态中列出的大额交易起点"),
        unit=_("元"),
        source="V36-005",
        minimum=NOTABLE_FLOOR_YUAN,
    )
)
WORK_MATURING_DAYS = define(
    Parameter(
        key="ledger.work_maturing_days",
        default=14,
        kind="int",
        label=_("今日：提前多少天提醒定期存款和保单到期"),
        unit=_("天"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
WORK_INTAKE_DAYS = define(
    Parameter(
        key="ledger.work_intake_days",
        default=7,
        kind="int",
        label=_("今日：新入库客户在多少天内联系"),
        unit=_("天"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(1),
        maximum=Decimal(90),
    )
)
