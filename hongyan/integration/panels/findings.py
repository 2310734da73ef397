"""What is worth saying about a delivery of public data: its sums, its faults, its empty values, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from hongyan.integration.panels.sums import MEASURES
from hongyan.integration.queries.findings import FoundDelivery
from hongyan.integration.words import fault_title, kind_title, rows
from hongyan.ui import cells

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Note:
    """One line: what it is, of which kind or column, how much; `tone` marks faults."""

    label: Text
    of: str
    figure: Text
    tone: str = ""


def notes_of(found: FoundDelivery) -> list[Note]:
    """The notes of a delivery. Money is in the currency of the data set, so it bears no sign."""
    faults = [Note(fault_title(one.code), one.column, rows(one.rows), "warn") for one in found.faults]
    emptied = [Note(fault_title(one.code), one.column, rows(one.rows), "info") for one in found.emptied]
    return [*_sums(found), *faults, *emptied]


def _sums(found: FoundDelivery) -> Iterator[Note]:
    delivery = found.delivery
    for kind, lines in delivery.sums.items():
        title = kind_title(delivery.system, kind)
        for target, line in lines.items():
            label, is_money = MEASURES.get(target, (target, False))
            yield Note(label, title, _figure(line["source"], is_money=is_money))
            if Decimal(line["difference"]):
                difference = _figure(line["difference"], is_money=is_money)
                yield Note(pgettext("合计项", "差额"), title, difference, "bad")


def _figure(amount: str, *, is_money: bool) -> SafeString:
    return cells.number(Decimal(amount), digits=2 if is_money else 0)
