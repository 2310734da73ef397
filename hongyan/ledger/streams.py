"""What this room tells on a customer's timeline (动态): large transactions, holdings, agreements.

As everywhere in this room, business of a line that the viewer does not see is not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.customer.codes import Status
from hongyan.customer.models import Relationship
from hongyan.customer.panels.timeline import BUSINESS, Sight, Stream, word
from hongyan.customer.parameters import AHEAD_DAYS
from hongyan.customer.queries.timeline import Branch, Told, told
from hongyan.ledger.codes import NOTABLE_FLOOR_YUAN, FactKind, HoldingKind, HoldingStatus, Nature
from hongyan.ledger.currencies import YUAN, currency_of
from hongyan.ledger.models import Holding, Transaction
from hongyan.ledger.panels.holdings import holding_anchor_of
from hongyan.ledger.parameters import NOTABLE_YUAN
from hongyan.ledger.queries.access import lines_of, looked_up, visible_facts
from hongyan.ledger.words import spoken
from hongyan.org.codes import Line, Right
from hongyan.ui import cells
from hongyan.ui.records import TimelineEntry


@dataclass
class _Named:
    """A product as the branch reads it."""

    name: str
    name_en: str


def _place_of(sight: Sight, holding_id: str) -> str:
    tab = reverse("customer:record_tab", args=[sight.record.customer.code, "business"])
    return f"{tab}#{holding_anchor_of(holding_id)}"


# --- transactions


def _notable(sight: Sight) -> Branch | None:
    """Standing transactions from the threshold up; found by the index of what is worth telling."""
    if not sight.viewer.may(Right.LEDGER_READ):
        return None
    least = max(Decimal(str(sight.values[NOTABLE_YUAN.key])), NOTABLE_FLOOR_YUAN)
    reversals = Transaction.objects.filter(
        number=OuterRef("number"), system=OuterRef("system"), business_date=OuterRef("business_date"),
        version=OuterRef("version"), entry=-1,
    )  # fmt: skip
    rows = Transaction.objects.filter(party_id__in=sight.party_ids, entry=1, amount__gte=NOTABLE_FLOOR_YUAN)
    rows = rows.filter(~Q(looked_up(reversals)), amount__gte=least)
    return told(
        visible_facts(sight.viewer, rows), at="event_time", key="number", system="system", nature="nature",
        amount="amount", day="business_date", unit="unit__name", line="line", **_PRODUCT,
    )  # fmt: skip


_PRODUCT = {
    "product": "product__product__name",
    "product_en": "product__product__name_en",
    "source": "product__name",
    "code": "product__code",
}


def _product(said: Mapping[str, str]) -> str:
    if said["product"]:
        return spoken(_Named(said["product"], said["product_en"]))
    return f"{said['code']} {said['source']}".strip()


def _transaction(_sight: Sight, one: Told) -> TimelineEntry:
    said = one.said
    amount = cells.money(Decimal(str(said["amount"])), currency=currency_of(said["system"]))
    url = reverse("ledger:fact", args=[FactKind.TRANSACTION.value, said["system"], said["day"], one.key])
    return TimelineEntry(
        one.at, word(Nature, said["nature"]), format_html("{} {}", _product(said), amount), icon="receipt",
        text=" · ".join((str(word(Line, said["line"])), said["unit"])), url=url,
    )  # fmt: skip


# --- holdings


def _held(sight: Sight) -> QuerySet[Holding] | None:
    if not sight.viewer.may(Right.LEDGER_READ):
        return None
    return Holding.objects.filter(party_id__in=sight.party_ids, line__in=sorted(lines_of(sight.viewer)))


_HOLDING: dict[str, Any] = {
    "kind": "kind", "number": "number_masked", "amount": "amount", "currency": "currency", "system": "system",
    "unit": "unit__name",
}  # fmt: skip


def _opened(sight: Sight) -> Branch | None:
    rows = _held(sight)
    return None if rows is None else told(rows.exclude(opened_on=None), at="opened_on", **_HOLDING)


def _maturing(sight: Sight) -> Branch | None:
    rows = _held(sight)
    if rows is None:
        return None
    due = rows.filter(status=HoldingStatus.OPEN, matures_on__lte=sight.horizon)
    return told(due, at="matures_on", **_HOLDING)


def _holding(sight: Sight, one: Told) -> TimelineEntry:
    said, on = one.said, one.at.date()
    kind = word(HoldingKind, said["kind"]) or _("账户或协议")
    told_as = _("{kind}到期") if one.is_due else _("{kind}开立")
    currency = currency_of(said["system"]) if said["currency"] == YUAN else said["currency"]
    amount = cells.money(Decimal(str(said["amount"])), currency=currency) if said["amount"] else ""
    return TimelineEntry(
        on, pgettext_lazy("动态", "持有"), format_html("{} {}", told_as.format(kind=kind), amount), icon="wallet",
        text=" · ".join(filter(None, (said["number"], said["unit"]))),
        url=_place_of(sight, one.key), is_due=one.is_due, tone=_tone(on) if one.is_due else "",
    )  # fmt: skip


# --- agreements of customers


def _agreements(sight: Sight) -> QuerySet[Relationship]:
    lines = sorted(lines_of(sight.viewer))
    return Relationship.objects.filter(party__in=sight.party_ids, line__in=lines)


_AGREEMENT = {"line": "line", "number": "agreement_no", "unit": "unit__name"}


def _signed(sight: Sight) -> Branch:
    return told(_agreements(sight).exclude(signed_on=None), at="signed_on", **_AGREEMENT)


def _ending(sight: Sight) -> Branch:
    rows = _agreements(sight).filter(valid_to__lte=sight.horizon).exclude(status=Status.DEREGISTERED)
    return told(rows, at="valid_to", **_AGREEMENT)


def _agreement(_sight: Sight, one: Told) -> TimelineEntry:
    said, on = one.said, one.at.date()
    told_as = _("{line}协议到期") if one.is_due else _("{line}协议签订")
    return TimelineEntry(
        on, pgettext_lazy("动态", "协议"), told_as.format(line=word(Line, said["line"])), icon="file-text",
        text=" · ".join(filter(None, (said["number"], said["unit"]))), is_due=one.is_due,
        tone=_tone(on) if one.is_due else "",
    )  # fmt: skip


def _tone(due: date) -> Any:
    return "bad" if due < clock.business_date() else "warn"


TRANSACTIONS = Stream("transaction", BUSINESS, _transaction, _notable, by=[NOTABLE_YUAN])
HOLDINGS = Stream("holding", BUSINESS, _holding, _opened, _maturing, by=[AHEAD_DAYS])
AGREEMENTS = Stream("agreement", BUSINESS, _agreement, _signed, _ending, by=[AHEAD_DAYS])
STREAMS = (AGREEMENTS, HOLDINGS, TRANSACTIONS)
