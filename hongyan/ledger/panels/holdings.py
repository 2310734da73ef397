"""Accounts, policies and contracts in words (账户与协议)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import BalanceKind, HoldingKind, HoldingStatus
from hongyan.ledger.currencies import YUAN, currency_of
from hongyan.ledger.models import Holding
from hongyan.ledger.words import line_mark, product_name
from hongyan.ui import cells

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of a holding: of what, how much, and the day its system stated it for.

    A balance holds from its day on, until the holding's next one; what was agreed is as known on its day.
    """

    label: Text
    value: SafeString
    on: SafeString
    is_balance: bool = False


@dataclass(frozen=True, slots=True)
class HoldingView:
    """One holding as the page shows it; of its sums the first counts most."""

    anchor: str
    kind: Text
    product: str
    number: SafeString
    line: SafeString
    unit: str
    system: str
    dates: Sequence[tuple[Text, SafeString]]
    sums: Sequence[Sum]
    state: SafeString


_TONES: Mapping[str, cells.Tone] = {
    HoldingStatus.OPEN: "good",
    HoldingStatus.FROZEN: "bad",
    HoldingStatus.CLOSED: "off",
}
_AGREED: Mapping[str, Text] = {
    HoldingKind.ACCOUNT: pgettext_lazy("持有金额", "开户本金"),
    HoldingKind.DEPOSIT: pgettext_lazy("持有金额", "存入本金"),
    HoldingKind.LOAN: pgettext_lazy("持有金额", "贷款本金"),
    HoldingKind.POLICY: pgettext_lazy("持有金额", "保额"),
}
"""What the amount of a holding is, as its system agreed it."""
_STANDING: Mapping[str, Text] = {
    HoldingKind.LOAN: pgettext_lazy("持有金额", "贷款余额"),
    HoldingKind.POLICY: pgettext_lazy("持有金额", "保单价值"),
    HoldingKind.SECURITIES: pgettext_lazy("持有金额", "市值"),
}
"""What the balance of a holding is."""


def holding_view(holding: Holding) -> HoldingView:
    """A holding in words. One of which only a fact spoke says so, instead of showing blanks."""
    product = holding.source_product
    state = holding.status
    return HoldingView(
        anchor=holding_anchor(holding),
        kind=HoldingKind(holding.kind).label if holding.kind else _("未说明"),
        product=product_name(product) if product else "",
        number=cells.masked(holding.number_masked),
        line=line_mark(holding.line) if holding.line else cells.NOTHING,
        unit=str(holding.unit) if holding.unit else "",
        system=system_name(holding.system),
        dates=_dates(holding),
        sums=list(_sums(holding)),
        state=cells.state_dot(HoldingStatus(state).label, _TONES[state]) if state else cells.unknown(),
    )


def holding_anchor(holding: Holding) -> str:
    """Where on the customer's page a holding stands."""
    return holding_anchor_of(holding.pk)


def holding_anchor_of(holding_id: object) -> str:
    """`holding_anchor` for whoever has the id alone."""
    return f"holding-{holding_id}"


def _dates(holding: Holding) -> list[tuple[Text, SafeString]]:
    named = (
        (_("开立"), holding.opened_on),
        (_("到期"), holding.matures_on),
        (_("结清"), holding.closed_on),
    )
    return [(label, cells.when(day)) for label, day in named if day]


def _sums(holding: Holding) -> Iterator[Sum]:
    """The last balance, then what was agreed; neither where the source states none."""
    balance = holding.balance  # type: ignore[attr-defined]  # annotated
    currency = currency_of(holding.system) if holding.currency == YUAN else holding.currency
    if balance:
        is_owed = balance["kind"] == BalanceKind.LIABILITIES
        plain = pgettext("持有金额", "欠款余额") if is_owed else pgettext("持有金额", "余额")
        label = _STANDING.get(holding.kind, plain)
        on = date.fromisoformat(balance["day"])
        amount = cells.money(Decimal(str(balance["amount"])), currency=currency)
        yield Sum(label, amount, cells.when(on), is_balance=True)
        if holding.kind == HoldingKind.ACCOUNT:
            return  # what it began with says nothing beside what it stands at
    if holding.amount:
        label = _AGREED.get(holding.kind, pgettext_lazy("持有金额", "约定金额"))
        yield Sum(label, cells.money(holding.amount, currency=currency), cells.when(holding.as_of))
