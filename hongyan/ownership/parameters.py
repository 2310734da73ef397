"""Parameters of ownership."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.parameters import Parameter, define

FULL_TIME_CAP = define(
    Parameter(
        key="psb.manager.max_customers",
        default=500,
        kind="int",
        label=_("专职客户经理的管户上限"),
        unit=_("户"),
        source="PSB-011",
        minimum=Decimal(1),
        maximum=Decimal(100_000),
    )
)
PART_TIME_CAP = define(
    Parameter(
        key="ownership.part_time_max_customers",
        default=200,
        kind="int",
        label=_("兼职客户经理的管户上限"),
        unit=_("户"),
        source="X-05",
        minimum=Decimal(1),
        maximum=Decimal(100_000),
    )
)
RECLAIM_DAYS = define(
    Parameter(
        key="ownership.reclaim_days",
        default=30,
        kind="int",
        label=_("退回或被调走的客户，同一人多少天内不能再认领"),
        unit=_("天"),
        source="X-34",
        minimum=Decimal(0),
        maximum=Decimal(3650),
    )
)
UNDO_HOURS = define(
    Parameter(
        key="ownership.undo_hours",
        default=24,
        kind="int",
        label=_("批量管户变动可撤销的时间"),
        unit=_("小时"),
        source="PSB-012",
        minimum=Decimal(0),
        maximum=Decimal(720),
    )
)
MOST_AT_ONCE = define(
    Parameter(
        key="ownership.most_at_once",
        default=5_000,
        kind="int",
        label=_("一次管户变动最多多少户"),
        unit=_("户"),
        source="UI 7",
        minimum=Decimal(1),
        maximum=Decimal(1_000_000),
    )
)
WINDOW_MONTHS = define(
    Parameter(
        key="psb.belonging.window_months",
        default=3,
        kind="int",
        label=_("邮储归属规则看最近几个整月的日均余额"),
        unit=_("个月"),
        source="PSB-010",
        minimum=Decimal(1),
        maximum=Decimal(24),
    )
)
POOL_DAYS = define(
    Parameter(
        key="ownership.pool_days",
        default=30,
        kind="int",
        label=_("客户在网点待分配池多少天无人管户，转入县级待分配池"),
        unit=_("天"),
        source="X-34",
        minimum=Decimal(1),
        maximum=Decimal(3650),
    )
)
MOST_ASSISTANTS = define(
    Parameter(
        key="ownership.most_assistants",
        default=5,
        kind="int",
        label=_("一位客户一个板块最多几位协办客户经理"),
        unit=pgettext_lazy("参数单位", "人"),
        source="GEN-006",
        minimum=Decimal(1),
        maximum=Decimal(50),
    )
)
SHARE_DAYS = define(
    Parameter(
        key="ownership.share_days",
        default=30,
        kind="int",
        label=_("客户最多共享给同事查看多少天"),
        unit=_("天"),
        source="GEN-006",
        minimum=Decimal(0),
        maximum=Decimal(366),
    )
)
ASSIST_DAYS_AHEAD = define(
    Parameter(
        key="ownership.assist_days_ahead",
        default=90,
        kind="int",
        label=_("协办的生效日和结束日最多提前多少天登记"),
        unit=_("天"),
        source="GEN-006",
        minimum=Decimal(0),
        maximum=Decimal(366),
    )
)
