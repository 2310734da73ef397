"""What stands in the files of the ledger's lists (导出): plain values, all columns whatever the page shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import Purpose
from hongyan.customer.queries.systems import system_name
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.ledger.actions.note_reading import note_reading
from hongyan.ledger.codes import Channel, FactKind, Nature
from hongyan.ledger.currencies import currency_of
from hongyan.ledger.lists import INTAKE, TRANSACTIONS, kind_of, read_list
from hongyan.ledger.queries.access import check_bank_line
from hongyan.ledger.queries.intake_list import bank_intake_of
from hongyan.ledger.words import product_name, whose
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.lists import ListState

_FIRST: Columns = (
    (gettext_lazy("业务日期"), lambda fact: fact.business_date),
    (gettext_lazy("号码"), lambda fact: fact.number),
    (gettext_lazy("客户编码"), lambda fact: fact.shown["code"] if fact.shown else ""),
    (pgettext_lazy("业务明细", "客户"), whose),
    (gettext_lazy("板块"), lambda fact: Line(fact.line).label),
    (pgettext_lazy("业务明细", "产品"), lambda fact: product_name(fact.product)),
)
_LAST: Columns = (
    (gettext_lazy("机构编码"), lambda fact: fact.unit.code),
    (gettext_lazy("机构"), lambda fact: fact.unit),
    (gettext_lazy("来源系统"), lambda fact: system_name(fact.system)),
    (gettext_lazy("版本"), lambda fact: fact.version),
)

_FACTS: Mapping[FactKind, Columns] = {
    FactKind.TRANSACTION: (
        *_FIRST,
        (gettext_lazy("性质"), lambda fact: Nature(fact.nature).label),
        (gettext_lazy("渠道"), lambda fact: Channel(fact.channel).label),
        (gettext_lazy("件数"), lambda fact: fact.quantity),
        (gettext_lazy("金额"), lambda fact: fact.amount),
        (gettext_lazy("币种"), lambda fact: currency_of(fact.system)),
        *_LAST,
    ),
    FactKind.MAIL_ITEM: (
        *_FIRST,
        (gettext_lazy("重量（克）"), lambda fact: fact.weight_g),
        (gettext_lazy("寄往"), lambda fact: fact.division),
        (gettext_lazy("资费"), lambda fact: fact.postage),
        (gettext_lazy("币种"), lambda fact: currency_of(fact.system)),
        *_LAST,
    ),
}
_INTAKE: Columns = (
    (gettext_lazy("达到日期"), lambda row: row.first_reached_on),
    (gettext_lazy("客户编码"), lambda row: row.customer.code),
    (gettext_lazy("名称"), lambda row: row.customer.name),
    (gettext_lazy("管户机构"), lambda row: row.outlet or ""),
    (gettext_lazy("资产"), lambda row: row.assets),
    (gettext_lazy("负债"), lambda row: row.liabilities),
    (gettext_lazy("资产负债合计"), lambda row: row.assets + row.liabilities),
)


def read_facts(viewer: Viewer, query: QueryDict) -> Found:
    """The facts that an address lists."""
    state, rows = read_list(viewer, query)
    return Found(state, state.apply(rows), _FACTS[kind_of(state.values)])


def read_intake(viewer: Viewer, query: QueryDict) -> Found:
    """Who reached the bank's threshold. Errors: NotAllowed for a post of other lines."""
    check_bank_line(viewer)
    state = ListState.parse(INTAKE, query, viewer=viewer)
    return Found(state, state.apply(bank_intake_of(viewer)), _INTAKE)


def _note_customer(viewer: Viewer, state: ListState, purpose: str) -> None:
    """The facts of one customer: their page tells that they were read."""
    if customer := state.values.get("customer"):
        note_reading(viewer, customer.code, part="facts", purpose=purpose)


register(
    Source(
        TRANSACTIONS.key,
        gettext_lazy("业务明细"),
        Right.LEDGER_EXPORT,
        "ledger:facts",
        purposes=Purpose.choices,
        read=read_facts,
        note=_note_customer,
    )
)
register(
    Source(
        INTAKE.key,
        INTAKE.title,
        Right.LEDGER_EXPORT,
        "ledger:bank_intake",
        purposes=Purpose.choices,
        read=read_intake,
    )
)
