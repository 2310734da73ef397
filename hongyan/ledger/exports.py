"""What stands in the files of the ledger's lists (导出): plain values, all columns whatever the page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.exports import csv_bytes
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import Channel, FactKind, Nature
from hongyan.ledger.currencies import currency_of
from hongyan.ledger.words import product_name, whose
from hongyan.org.codes import Line

Text = str | Promise
Value = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Export:
    """The file of one list: how the audit calls its rows, the list's address, each column's name and value."""

    subject: str
    list_name: str
    columns: Sequence[tuple[Text, Value]]

    def file(self, rows: Sequence[Any]) -> bytes:
        """The rows as CSV in the reader's language."""
        values = [value for _label, value in self.columns]
        return csv_bytes(
            [label for label, _value in self.columns], ([value(row) for value in values] for row in rows)
        )


_FIRST: tuple[tuple[Text, Value], ...] = (
    (gettext_lazy("业务日期"), lambda fact: fact.business_date),
    (gettext_lazy("号码"), lambda fact: fact.number),
    (gettext_lazy("客户编码"), lambda fact: fact.shown["code"] if fact.shown else ""),
    (pgettext_lazy("业务明细", "客户"), whose),
    (gettext_lazy("板块"), lambda fact: Line(fact.line).label),
    (pgettext_lazy("业务明细", "产品"), lambda fact: product_name(fact.product)),
)
_LAST: tuple[tuple[Text, Value], ...] = (
    (gettext_lazy("机构编码"), lambda fact: fact.unit.code),
    (gettext_lazy("机构"), lambda fact: fact.unit),
    (gettext_lazy("来源系统"), lambda fact: system_name(fact.system)),
    (gettext_lazy("版本"), lambda fact: fact.version),
)

FACTS: Mapping[FactKind, Export] = {
    FactKind.TRANSACTION: Export(
        "transaction",
        "ledger:facts",
        (
            *_FIRST,
            (gettext_lazy("性质"), lambda fact: Nature(fact.nature).label),
            (gettext_lazy("渠道"), lambda fact: Channel(fact.channel).label),
            (gettext_lazy("件数"), lambda fact: fact.quantity),
            (gettext_lazy("金额"), lambda fact: fact.amount),
            (gettext_lazy("币种"), lambda fact: currency_of(fact.system)),
            *_LAST,
        ),
    ),
    FactKind.MAIL_ITEM: Export(
        "mail_item",
        "ledger:facts",
        (
            *_FIRST,
            (gettext_lazy("重量（克）"), lambda fact: fact.weight_g),
            (gettext_lazy("寄往"), lambda fact: fact.division),
            (gettext_lazy("资费"), lambda fact: fact.postage),
            (gettext_lazy("币种"), lambda fact: currency_of(fact.system)),
            *_LAST,
        ),
    ),
}
INTAKE = Export(
    "bank_intake",
    "ledger:bank_intake",
    (
        (gettext_lazy("达到日期"), lambda row: row.first_reached_on),
        (gettext_lazy("客户编码"), lambda row: row.customer.code),
        (gettext_lazy("名称"), lambda row: row.customer.name),
        (gettext_lazy("管户机构"), lambda row: row.outlet or ""),
        (gettext_lazy("资产"), lambda row: row.assets),
        (gettext_lazy("负债"), lambda row: row.liabilities),
        (gettext_lazy("资产负债合计"), lambda row: row.assets + row.liabilities),
    ),
)
