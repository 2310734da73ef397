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
HOT_PHONE_NAMES = define(
    Parameter(
        key="identity.hot_phone_names",
        default=5,
        kind="int",
        label=_("同一电话超过多少个不同姓名时不再作为归并依据"),
        unit=_("个姓名"),
        source="DESIGN 3, identity",
        minimum=Decimal(2),
    )
)
