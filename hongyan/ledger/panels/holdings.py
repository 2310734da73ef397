"""Accounts, policies and contracts in words (账户与协议)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import BalanceKind, HoldingKind, HoldingStatus
from hongyan.ledger.models import Holding
from hongyan.ledger.words import product_name
from hongyan.org.codes import Line
from hongyan.ui import cells

Text = str | Promise


@dataclass(frozen=True, slots=True)
class HoldingView:
    """One holding as the page shows it."""

    kind: Text
    product: str
    number: SafeString
    line: Text
    unit: str
    system: str
    dates: Sequence[tuple[Text, SafeString]]
    amount: SafeString
    state: SafeString


_TONES: Mapping[str, cells.Tone] = {
    HoldingStatus.OPEN: "good",
    HoldingStatus.FROZEN: "bad",
    HoldingStatus.CLOSED: "off",
}


def holding_view(holding: Holding) -> HoldingView:
    """A holding in words. One of which only a fact spoke says so, instead of showing blanks."""
    product = holding.source_product
    state = holding.status
    return HoldingView(
        kind=HoldingKind(holding.kind).label if holding.kind else _("未说明"),
        product=product_name(product) if product else "",
        number=cells.masked(holding.number_masked),
        line=Line(holding.line).label if holding.line else "",
        unit=str(holding.unit) if holding.unit else "",
        system=system_name(holding.system),
        dates=_dates(holding),
        amount=_standing(holding),
        state=cells.state_dot(HoldingStatus(state).label, _TONES[state]) if state else cells.unknown(),
    )


def _dates(holding: Holding) -> list[tuple[Text, SafeString]]:
    named = (
        (_("开立"), holding.opened_on),
        (_("到期"), holding.matures_on),
        (_("结清"), holding.closed_on),
    )
    return [(label, cells.when(day)) for label, day in named if day]


def _standing(holding: Holding) -> SafeString:
    """The last balance with its day, else the amount agreed; blank where the source states none."""
    balance = holding.balance  # type: ignore[attr-defined]  # annotated
    if balance:
        note = "" if balance["kind"] == BalanceKind.ASSETS else BalanceKind.LIABILITIES.label
        return SafeString(f"{cells.money(balance['amount'])} {note}".strip())
    return cells.money(holding.amount) if holding.amount is not None else cells.NOTHING
