"""Parameters of the customer room."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define

SOURCE_RANK = define(
    Parameter(
        key="customer.source_rank",
        default=["hongyan", "kgc", "jiyou"],
        kind="list",
        label=_("来源系统的可信次序，最可信的在前"),
        source="DESIGN 3, golden record",
    )
)
PURPOSE_MINUTES = define(
    Parameter(
        is_guarded=True,
        key="customer.purpose_minutes",
        default=30,
        kind="int",
        label=_("打开他人客户所说明的用途在多长时间内有效"),
        unit=_("分钟"),
        source="PSB-021",
        minimum=Decimal(1),
        maximum=Decimal(720),
    )
)
PIN_DAYS = define(
    Parameter(
        key="customer.pin_days",
        default=730,
        kind="int",
        label=_("人工指定的客户信息在多长时间内有效，之后重新按来源取值"),
        unit=_("天"),
        source="DESIGN 3, golden record",
        minimum=Decimal(1),
        maximum=Decimal(36500),
    )
)
SECOND_LOOK_SHARE = define(
    Parameter(
        is_guarded=True,
        key="customer.second_look_share",
        default="5",
        kind="decimal",
        label=_("一人作出的归并判定和接近门槛的自动归并中，抽给第二人复核的比例"),
        unit="%",
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
SECOND_LOOK_EDGE = define(
    Parameter(
        is_guarded=True,
        key="customer.second_look_edge",
        default=93,
        kind="int",
        label=_("自动归并的相似度不高于多少时算接近门槛，进入抽检"),
        unit=_("分"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(90),
        maximum=Decimal(100),
    )
)
SECOND_LOOKS_A_DAY = define(
    Parameter(
        key="customer.second_looks_a_day",
        default=100,
        kind="int",
        label=_("每天最多从自动归并中抽取多少件复核"),
        unit=_("件"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(0),
    )
)
BATCH_SAMPLE = define(
    Parameter(
        is_guarded=True,
        key="customer.case_batch_sample",
        default=20,
        kind="int",
        label=_("批量处理待核之前须逐件核对的样本数"),
        unit=_("件"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)
