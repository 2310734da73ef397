"""Money, weight and pieces of a delivery: what the file stated, and where all of it went (金额与业务量)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from hongyan.integration import words
from hongyan.integration.codes import DeliveryState
from hongyan.integration.descriptors import Target, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.ledger.currencies import currency_of
from hongyan.ledger.queries.access import lines_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells

Text = str | Promise
_LISTED = frozenset({Target.TRANSACTION, Target.MAIL_ITEM})
"""What the ledger has lists of."""

MEASURES: Mapping[str, tuple[Text, bool]] = {
    "amount": (pgettext_lazy("合计项", "金额"), True),
    "postage": (pgettext_lazy("合计项", "资费"), True),
    "insured": (pgettext_lazy("合计项", "保价金额"), True),
    "cod": (pgettext_lazy("合计项", "代收货款"), True),
    "weight_g": (pgettext_lazy("合计项", "重量（克）"), False),
    "charged_weight_g": (pgettext_lazy("合计项", "计费重量（克）"), False),
    "quantity": (pgettext_lazy("合计项", "件数"), False),
}
"""What is summed: its name, and whether it is money."""


@dataclass(frozen=True, slots=True)
class SumLine:
    """One summed column: stated = accepted + quarantined + excluded + difference.

    `unreadable` rows have no readable value; what the trailer states of them is in quarantine.
    """

    label: Text
    source: SafeString
    accepted: SafeString
    quarantined: SafeString
    excluded: SafeString
    difference: SafeString
    is_balanced: bool
    unreadable: int


@dataclass(frozen=True, slots=True)
class SumTable:
    """The sums of one record kind."""

    title: str
    lines: Sequence[SumLine]


def sums_of(delivery: Delivery) -> list[SumTable]:
    """The sums of a delivery's facts, by record kind; nothing for deliveries without facts."""
    return [
        SumTable(
            words.kind_title(delivery.system, kind),
            [_line(target, line, currency_of(delivery.system)) for target, line in lines.items()],
        )
        for kind, lines in delivery.sums.items()
        if lines
    ]


def facts_of(viewer: Viewer, delivery: Delivery) -> list[tuple[str, str]]:
    """The lists of what a delivery booked in the viewer's scope: kind and address; nothing where it booked no facts.

    A file's sums are a province's; who may not see these finds here the rows of their own units.
    """
    descriptor = find_descriptor(delivery.system)
    if descriptor is None or delivery.state != DeliveryState.APPLIED or not viewer.may(Right.LEDGER_READ):
        return []
    if descriptor.line and descriptor.line not in lines_of(viewer):
        return []
    kinds = [kind for kind in descriptor.kinds if kind.code in delivery.sums and kind.target in _LISTED]
    return [
        (
            words.title_of(kind),
            f"{reverse('ledger:facts')}?{urlencode({'kind': kind.target.value, 'delivery': delivery.number})}",
        )
        for kind in kinds
    ]


def _line(target: str, line: Mapping[str, Any], currency: str) -> SumLine:
    label, is_money = MEASURES.get(target, (target, False))
    shown: Callable[[Decimal], SafeString] = (
        partial(cells.money, currency=currency) if is_money else cells.number
    )
    columns = ("source", "accepted", "quarantined", "excluded", "difference")
    source, accepted, quarantined, excluded, difference = (Decimal(line[column]) for column in columns)
    return SumLine(
        label=label,
        source=shown(source),
        accepted=shown(accepted),
        quarantined=shown(quarantined),
        excluded=shown(excluded),
        difference=shown(difference),
        is_balanced=not difference,
        unreadable=int(line["unreadable"]),
    )
