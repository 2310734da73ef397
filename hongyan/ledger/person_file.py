"""What the ledger holds of a person, lent to their file (个人信息档案): holdings, their numbers, every entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

from hongyan.consent.person_file import Held, Subject, lend
from hongyan.core.sealed import open_sealed
from hongyan.ledger.models import (
    Balance,
    BankIntake,
    Holding,
    HoldingVersion,
    MailEvent,
    MailItem,
    Transaction,
)
from hongyan.ledger.queries.facts import events_of


def _number(holding: Holding) -> Mapping[str, Any]:
    number = open_sealed(holding, "sealed").decode() if holding.sealed else holding.number_masked
    return {"number_masked": number}


def _events(subject: Subject) -> Iterable[MailEvent]:
    """What happened to the person's items on their way."""
    for item in MailItem.objects.filter(party__in=subject.parties, entry=1).order_by("pk"):
        yield from events_of(item)


lend(
    Held(Holding, pgettext_lazy("档案", "持有"), party=("party",), more=_number),
    Held(HoldingVersion, pgettext_lazy("档案", "持有的历次状态"), party=("holding__party",)),
    Held(Transaction, pgettext_lazy("档案", "交易"), party=("party",)),
    Held(MailItem, pgettext_lazy("档案", "邮件"), party=("party",)),
    Held(MailEvent, pgettext_lazy("档案", "邮件轨迹"), find=_events),
    Held(Balance, pgettext_lazy("档案", "余额"), party=("party",)),
    Held(BankIntake, pgettext_lazy("档案", "邮储入库"), customer=("customer",)),
    words={
        "amount": pgettext_lazy("档案", "金额（元）"),
        "assets": pgettext_lazy("档案", "资产（元）"),
        "business_date": pgettext_lazy("档案", "业务日期"),
        "charged_weight_g": pgettext_lazy("档案", "计费重量（克）"),
        "closed_on": pgettext_lazy("档案", "销户日期"),
        "cod": pgettext_lazy("档案", "代收货款（元）"),
        "contents": pgettext_lazy("档案", "内件性质"),
        "currency": pgettext_lazy("档案", "币种"),
        "delivery_mode": pgettext_lazy("档案", "投递方式"),
        "entry": pgettext_lazy("档案", "记账方向"),
        "event_time": pgettext_lazy("档案", "发生时间"),
        "first_reached_on": pgettext_lazy("档案", "首次达标日期"),
        "holding": pgettext_lazy("档案", "持有"),
        "insured": pgettext_lazy("档案", "保价（元）"),
        "known_at": pgettext_lazy("档案", "入账时间"),
        "liabilities": pgettext_lazy("档案", "负债（元）"),
        "matures_on": pgettext_lazy("档案", "到期日期"),
        "nature": pgettext_lazy("档案", "交易性质"),
        "number": pgettext_lazy("档案", "业务单号"),
        "number_masked": pgettext_lazy("档案", "账号或合同号"),
        "opened_on": pgettext_lazy("档案", "开户日期"),
        "pickup_mode": pgettext_lazy("档案", "收寄方式"),
        "postage": pgettext_lazy("档案", "资费（元）"),
        "product": pgettext_lazy("档案", "来源产品"),
        "promised_at": pgettext_lazy("档案", "承诺时间"),
        "quantity": pgettext_lazy("档案", "数量"),
        "source_product": pgettext_lazy("档案", "来源产品"),
        "weight_g": pgettext_lazy("档案", "重量（克）"),
    },
)
