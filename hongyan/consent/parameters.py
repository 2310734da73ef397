"""Parameters of consent."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define

REQUEST_DAYS = define(
    Parameter(
        key="consent.request_days",
        default=15,
        kind="int",
        label=_("个人权利请求收到后多少个工作日内答复"),
        unit=_("工作日"),
        source="PIPL 50, BARS A 36",
        minimum=Decimal(1),
        maximum=Decimal(60),
    )
)
