"""What classes find to do (今日规则): whose revenue falls, and whose agreement ends with revenue on it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.classes.codes import Loss
from hongyan.classes.parameters import WORK_AGREEMENT_DAYS
from hongyan.customer.work import read_rule
from hongyan.desk.work import Reason, WorkRule, within, yuan
from hongyan.org.codes import Line


def _month(today: date) -> Mapping[str, Any]:
    return {"last": today.replace(day=monthrange(today.year, today.month)[1])}


def _falls(reason: Reason) -> str:
    signal = Loss(reason.facts.get("signal", Loss.EARLY))
    was, now = (yuan(Decimal(str(reason.facts.get(name, 0)))) for name in ("was", "now"))
    if signal == Loss.YEAR:
        told = _("{signal}：前一年收入 {was} 元，最近十二个月没有收入")
    else:
        told = _("{signal}：上月收入 {now} 元，去年同月 {was} 元")
    return told.format(signal=signal.label, was=was, now=now)


FALLING = WorkRule(
    key="falling",
    label=pgettext_lazy("今日", "收入下降"),
    icon="trending-down",
    sql=read_rule(__file__, "work_falling"),
    given=_month,
    why=_falls,
    advice=pgettext_lazy("今日", "联系，问明原因"),
    tab="business",
)


def _ends(reason: Reason) -> str:
    line = Line(reason.facts["line"]).label if reason.facts.get("line") else ""
    told = _("{line}协议 {days} 天后到期").format(line=line, days=max(reason.days, 0))
    if not reason.amount:
        return told
    return pgettext("今日", "{told}，近十二个月收入 {amount} 元").format(
        told=told, amount=yuan(reason.amount)
    )


AGREEMENTS = WorkRule(
    key="agreement",
    label=pgettext_lazy("今日", "协议到期"),
    icon="file-text",
    sql=read_rule(__file__, "work_agreements"),
    given=within(WORK_AGREEMENT_DAYS),
    why=_ends,
    advice=pgettext_lazy("今日", "谈续签"),
    tab="applications",
)
