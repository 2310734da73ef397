"""Parameters of the customer's life."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define
from hongyan.lifecycle.codes import Need

PERSON_NEEDS = define(
    Parameter(
        key="lifecycle.person_needs",
        default=[Need.CREDENTIAL.value, Need.PHONE.value, Need.ADDRESS.value],
        kind="list",
        label=_("个人签约协议客户时必填的项"),
        source="CUS-002",
    )
)
ORGANISATION_NEEDS = define(
    Parameter(
        key="lifecycle.organisation_needs",
        default=[Need.CREDENTIAL.value, Need.LEGAL_PERSON.value, Need.PHONE.value, Need.ADDRESS.value],
        kind="list",
        label=_("单位签约协议客户时必填的项"),
        source="CUS-002",
    )
)
LEAST_AGE = define(
    Parameter(
        key="lifecycle.least_age",
        default=18,
        kind="int",
        label=_("个人签约协议客户的最低年龄"),
        unit=_("周岁"),
        source="CUS-002",
        minimum=Decimal(0),
        maximum=Decimal(120),
    )
)
UNDO_DAYS = define(
    Parameter(
        key="lifecycle.undo_days",
        default=30,
        kind="int",
        label=_("客户注销后多少天内可以恢复"),
        unit=_("天"),
        source="X-21",
        minimum=Decimal(0),
        maximum=Decimal(365),
    )
)
OBJECTION_DAYS = define(
    Parameter(
        key="lifecycle.objection_days",
        default=2,
        kind="int",
        label=_("另一寄递板块可在多少个工作日内对协议申请提出异议"),
        unit=_("工作日"),
        source="X-22",
        minimum=Decimal(0),
        maximum=Decimal(20),
    )
)
INQUIRY_DAYS = define(
    Parameter(
        key="lifecycle.inquiry_days",
        default=2,
        kind="int",
        label=_("客户注销前其他板块与外围系统有多少个工作日答复"),
        unit=_("工作日"),
        source="X-21",
        minimum=Decimal(0),
        maximum=Decimal(20),
    )
)
UNDER_WAY_DAYS = define(
    Parameter(
        key="lifecycle.under_way_days",
        default=30,
        kind="int",
        label=_("注销前查看最近多少天收寄的邮件是否还在途中"),
        unit=_("天"),
        source="X-21",
        minimum=Decimal(1),
        maximum=Decimal(60),
    )
)
RETENTION_YEARS = define(
    Parameter(
        key="lifecycle.retention_years",
        default=10,
        kind="int",
        label=_("客户注销后资料保留多少年再匿名化"),
        unit=_("年"),
        source="X-20; PSB-i05",
        minimum=Decimal(1),
        maximum=Decimal(100),
        is_guarded=True,
    )
)
DRAFTS = define(
    Parameter(
        key="lifecycle.drafts",
        default=50,
        kind="int",
        label=_("每人最多保留多少份申请草稿"),
        unit=_("份"),
        source="CUS-007",
        minimum=Decimal(1),
        maximum=Decimal(500),
    )
)
