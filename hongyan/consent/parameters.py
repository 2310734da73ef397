"""Parameters of consent and of the rights of persons."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define

ANSWER_DAYS = define(
    Parameter(
        is_guarded=True,
        key="consent.answer_days",
        default=15,
        kind="int",
        label=_("个人权利请求须在收到后多少个工作日内答复"),
        unit=_("个工作日"),
        source="PIPL 50; BARS E 18",
        minimum=Decimal(1),
        maximum=Decimal(60),
    )
)
