"""One fact in fields, its entries with where they came from, and the way of an item (业务明细)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from hongyan.core.places import country_name, division_name
from hongyan.customer.codes import Settlement
from hongyan.customer.panels import FindRow, RowLink
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import Channel, Contents, DeliveryMode, FactKind, MailEventCode, Nature, PickupMode
from hongyan.ledger.currencies import currency_of
from hongyan.ledger.models import MailEvent
from hongyan.ledger.queries.facts import Fact
from hongyan.ledger.rules.item_numbers import ItemNumber, item_number
from hongyan.ledger.words import product_name, whose
from hongyan.org.codes import Line, Viewer
from hongyan.ui import cells
from hongyan.ui.records import Field

Text = str | Promise


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of a fact: booked, reversed or void, since when it is known and which row said it."""

    known_at: datetime
    what: Text
    version: int
    amount: SafeString
    row: RowLink
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What a version of a fact changed against the one before: field, before, after; none where it says the same."""

    version: int
    known_at: datetime
    is_void: bool
    changes: Sequence[tuple[Text, object, object]]


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened to an item on its way."""

    at: datetime
    what: Text
    where: str


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as its page shows it."""

    number: str
    lead: str
    is_void: bool
    fields: Sequence[Field]
    corrections: Sequence[CorrectionView]
    events: Sequence[EventView]
    entries: Sequence[EntryView]
    amount_label: str
    same_number_url: str


_ENTRY_WORDS: Mapping[int, Text] = {
    1: pgettext_lazy("入账记录", "记入"),
    -1: pgettext_lazy("入账记录", "冲销"),
    0: pgettext_lazy("入账记录", "作废"),
}


def fact_view(viewer: Viewer, fact: Fact, find_row: FindRow) -> FactView:
    """A fact in fields, its entries with where they came from, and the way of an item."""
    last = fact.last
    reversed_versions = {entry.version for entry in fact.entries if entry.entry == -1}
    return FactView(
        number=last.number,
        lead=f"{fact.kind.label} · {system_name(last.system)} · {last.business_date.isoformat()}",
        is_void=fact.standing is None,
        fields=_fact_fields(fact.kind, last),
        corrections=_corrections(fact),
        events=[_event_view(event) for event in fact.events],
        entries=[
            EntryView(
                known_at=entry.known_at,
                what=_ENTRY_WORDS[entry.entry],
                version=entry.version,
                amount=_money(entry, entry.entry * amount_of(fact.kind, entry)),
                row=find_row(viewer, entry.delivery_id, entry.row),
                is_reversed=entry.version in reversed_versions,
            )
            for entry in fact.entries
        ],
        amount_label=amount_label(fact.kind),
        same_number_url=numbers_url(fact.kind, last.number),
    )


def amount_of(kind: FactKind, fact: Any) -> Decimal:
    """The money of a fact: the amount of a transaction, the postage of a mail item, in its system's currency."""
    amount: Decimal = fact.amount if kind is FactKind.TRANSACTION else fact.postage
    return amount


def amount_label(kind: FactKind) -> str:
    """What `amount_of` is called."""
    return _("金额") if kind is FactKind.TRANSACTION else _("资费")


def fact_url(kind: FactKind, fact: Any) -> str:
    """The page of one fact."""
    return reverse("ledger:fact", args=[kind.value, fact.system, fact.business_date.isoformat(), fact.number])


def numbers_url(kind: FactKind, number: str) -> str:
    """The list of all facts of a number: on other days, in other systems."""
    return f"{reverse('ledger:facts')}?{urlencode({'kind': kind.value, 'number': number})}"


def _corrections(fact: Fact) -> list[CorrectionView]:
    """What each version after the first changed, field by field, the newest first.

    Versions follow each other by number, in whatever order they came; what stands after a void is compared with what
    stood before it.
    """
    stated = sorted((entry for entry in fact.entries if entry.entry >= 0), key=lambda entry: entry.version)
    found: list[CorrectionView] = []
    before: Any = None
    for entry in stated:
        is_void = entry.entry == 0
        if before is not None:
            changes = [] if is_void else list(_changes(fact.kind, before, entry))
            found.append(CorrectionView(entry.version, entry.known_at, is_void, changes))
        before = before if is_void else entry
    return found[::-1]


def _changes(kind: FactKind, before: Any, after: Any) -> Iterator[tuple[Text, object, object]]:
    """The fields in which two versions differ as the page shows them."""
    old, new = (
        {field.label: field.value for field in _fact_fields(kind, entry)} for entry in (before, after)
    )
    for label in dict.fromkeys((*old, *new)):
        if old.get(label) != new.get(label):
            yield label, old.get(label, ""), new.get(label, "")


def _money(fact: Any, value: Decimal) -> SafeString:
    return cells.money(value, currency=currency_of(fact.system))


def _fact_fields(kind: FactKind, fact: Any) -> list[Field]:
    own = _transaction_fields(fact) if kind is FactKind.TRANSACTION else _item_fields(fact)
    fields = [
        Field(pgettext("业务明细", "客户"), _customer(fact)),
        Field(pgettext("业务明细", "产品"), product_name(fact.product)),
        Field(_("板块"), Line(fact.line).label),
        Field(_("机构"), str(fact.unit)),
        Field(_("发生时间"), cells.when(fact.event_time)),
        *own,
    ]
    if fact.holding:
        fields.append(Field(_("账户或协议"), cells.masked(fact.holding.number_masked)))
    return fields


def _transaction_fields(fact: Any) -> list[Field]:
    fields = [
        Field(_("性质"), Nature(fact.nature).label),
        Field(_("金额"), _money(fact, fact.amount)),
        Field(_("件数"), cells.number(fact.quantity)),
        Field(_("渠道"), Channel(fact.channel).label),
    ]
    return [*fields, Field(_("备注"), fact.note)] if fact.note else fields


def _item_fields(fact: Any) -> list[Field]:
    stated = (
        (_("内件"), Contents, fact.contents),
        (_("结算方式"), Settlement, fact.settlement),
        (_("收寄方式"), PickupMode, fact.pickup_mode),
        (_("投递方式"), DeliveryMode, fact.delivery_mode),
    )
    fields = [
        *_read_from(fact.number),
        Field(_("资费"), _money(fact, fact.postage)),
        Field(_("重量（克）"), cells.number(fact.weight_g)),
        *(Field(label, codes(value).label) for label, codes, value in stated if value),
    ]
    if fact.charged_weight_g:
        fields.append(Field(_("计费重量（克）"), cells.number(fact.charged_weight_g)))
    fields += [
        Field(label, _money(fact, value))
        for label, value in ((_("保价金额"), fact.insured), (_("代收货款"), fact.cod))
        if value
    ]
    if fact.division:
        fields.append(Field(_("寄往"), division_name(fact.division)))
    if fact.promised_at:
        fields.append(Field(_("承诺送达"), cells.when(fact.promised_at)))
    return fields


def _read_from(number: str) -> list[Field]:
    """What an international item number says of its item: the service and the country it comes from."""
    read = item_number(number, domestic=())
    if not isinstance(read, ItemNumber) or read.service is None:
        return []
    country = country_name(read.country, get_language() or "")
    return [Field(_("业务标识"), read.service.label), Field(_("原寄国"), country)]


def _customer(fact: Any) -> object:
    """The customer with a link where the viewer may know them."""
    if fact.shown is None:
        return whose(fact)
    address = reverse("customer:record_tab", args=[fact.shown["code"], "business"])
    return format_html('<a href="{}">{}</a>', address, whose(fact))


def _event_view(event: MailEvent) -> EventView:
    where = str(event.unit) if event.unit else division_name(event.division)
    return EventView(event.event_time, MailEventCode(event.code).label, where)
