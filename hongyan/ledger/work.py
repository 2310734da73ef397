"""What the ledger finds to do (今日规则): what matures, and who came into the bank's books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core.parameters import value_of
from hongyan.customer.work import read_rule
from hongyan.desk.work import Reason, WorkRule, within, yuan
from hongyan.ledger.codes import HoldingKind
from hongyan.ledger.parameters import INTAKE_THRESHOLD_YUAN, WORK_INTAKE_DAYS, WORK_MATURING_DAYS


def _maturing(kind: HoldingKind) -> Callable[[date], Mapping[str, Any]]:
    def given(today: date) -> Mapping[str, Any]:
        return {**within(WORK_MATURING_DAYS)(today), "holding": kind.value}

    return given


def _matures(what: str | Promise) -> Callable[[Reason], str]:
    def why(reason: Reason) -> str:
        told = _("{count} 笔{what}共 {amount} 元，{days} 天后到期")
        count = reason.facts.get("count", 1)
        return told.format(count=count, what=what, amount=yuan(reason.amount), days=max(reason.days, 0))

    return why


DEPOSITS = WorkRule(
    key="deposit",
    label=pgettext_lazy("今日", "存款到期"),
    icon="pig-money",
    sql=read_rule(__file__, "work_maturing"),
    given=_maturing(HoldingKind.DEPOSIT),
    why=_matures(pgettext_lazy("今日", "定期存款")),
    advice=pgettext_lazy("今日", "电话联系，谈转存"),
    tab="business",
)
POLICIES = WorkRule(
    key="policy",
    label=pgettext_lazy("今日", "保单到期"),
    icon="umbrella",
    sql=read_rule(__file__, "work_maturing"),
    given=_maturing(HoldingKind.POLICY),
    why=_matures(pgettext_lazy("今日", "保单")),
    advice=pgettext_lazy("今日", "电话联系，谈续保"),
    tab="business",
)


def _lately(_today: date) -> Mapping[str, Any]:
    return {"days": int(value_of(WORK_INTAKE_DAYS)), "threshold": Decimal(value_of(INTAKE_THRESHOLD_YUAN))}


def _came(reason: Reason) -> str:
    told = _("{day} 资产负债合计达到 {amount} 元，超过 {threshold} 元起点")
    threshold = yuan(Decimal(str(reason.facts.get("threshold", 0))))
    return told.format(day=reason.facts.get("day", ""), amount=yuan(reason.amount), threshold=threshold)


INTAKE = WorkRule(
    key="intake",
    label=pgettext_lazy("今日", "新入库"),
    icon="user-plus",
    sql=read_rule(__file__, "work_intake"),
    given=_lately,
    why=_came,
    advice=pgettext_lazy("今日", "首次联系"),
    tab="business",
)
