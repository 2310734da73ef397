"""What is worth saying about public data: of a delivery its sums, faults and empty values, of a data set who and where.

One line each; a number with rows behind it bears the way to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.integration.descriptors import FACTS, Descriptor, Target
from hongyan.integration.models import Delivery
from hongyan.integration.panels.outcomes import records_url
from hongyan.integration.panels.sums import MEASURES
from hongyan.integration.queries.findings import Findings, FoundDelivery
from hongyan.integration.words import fault_title, kind_title, rows
from hongyan.ledger.currencies import currency_of
from hongyan.org.codes import Match, Right, Viewer
from hongyan.org.queries.places import STANDINGS, PlaceFindings
from hongyan.ui import cells

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Note:
    """One line: what it is, of which kind or column, how much, where the rows are; `tone` marks faults."""

    label: Text
    of: str
    figure: Text
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFindings:
    """One file: how many rows came to what, with the way to those that are kept, and what is worth saying."""

    delivery: Delivery
    accepted_url: str
    quarantine_url: str
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class SetFindings:
    """One data set: its files and what they came to together."""

    descriptor: Descriptor
    found: Findings
    months_url: str
    notes: Sequence[Note]
    deliveries: Sequence[DeliveryFindings]


def set_findings(viewer: Viewer, found: Findings, places: PlaceFindings) -> SetFindings:
    """A data set in words; `places` is what the lists of places came to."""
    notes = list(_unknown(found))
    if viewer.may(Right.ORG_READ):
        notes += _places(found.descriptor, places)
    deliveries = [
        DeliveryFindings(
            one.delivery,
            records_url(viewer, one.delivery) if one.delivery.accepted else "",
            _quarantine(one.delivery) if one.delivery.quarantined else "",
            notes_of(one),
        )
        for one in found.deliveries
    ]
    return SetFindings(found.descriptor, found, _months(viewer, found), notes, deliveries)


def notes_of(found: FoundDelivery) -> list[Note]:
    """The notes of a delivery. Of a value left empty its row is not kept: the delivery's page says which column."""
    delivery = found.delivery
    faults = [
        Note(
            fault_title(one.code), one.column, rows(one.rows), "warn", _quarantine(delivery, reason=one.code)
        )
        for one in found.faults
    ]
    page = reverse("integration:delivery", args=[delivery.number])
    emptied = [Note(fault_title(one.code), one.column, rows(one.rows), "info", page) for one in found.emptied]
    return [*_sums(found), *faults, *emptied]


def _months(viewer: Viewer, found: Findings) -> str:
    """The months of the viewer's units up to the last one that a data set fills, in its currency."""
    if found.span is None or not viewer.may(Right.LEDGER_READ):
        return ""
    asked = {"until": f"{found.span.last:%Y-%m}", "currency": found.descriptor.currency, "measure": "items"}
    return f"{reverse('ledger:units')}?{urlencode(asked)}"


def _unknown(found: Findings) -> Iterator[Note]:
    """How many parties facts name and nobody described, in a set that brings facts and brought some."""
    if not found.deliveries or FACTS.isdisjoint(kind.target for kind in found.descriptor.kinds):
        return
    url = f"{reverse('integration:unknown')}?system={found.descriptor.code}" if found.unknown else ""
    yield Note(_("未登记的来源客户"), _("明细提到、但没有客户资料"), f"{found.unknown:,}", url=url)


def _places(descriptor: Descriptor, places: PlaceFindings) -> Iterator[Note]:
    """What lists of divisions or postcodes came to, for the set that is one."""
    targets = {kind.target for kind in descriptor.kinds}
    if Target.DIVISION in targets:
        yield from _counted("org:divisions", "standing", places.divisions, _STANDING_WORDS)
    if Target.POSTCODE in targets:
        yield from _counted("org:postcodes", "match", places.postcodes, _MATCH_WORDS)


def _counted(page: str, key: str, counts: Mapping[str, int], words: Mapping[str, Text]) -> Iterator[Note]:
    for value, count in counts.items():
        yield Note(words[value], "", f"{count:,}", "", f"{reverse(page)}?{urlencode({key: value})}")


_STANDING_WORDS: Mapping[str, Text] = {key: words for key, (words, _condition) in STANDINGS.items()}
_MATCH_WORDS: Mapping[str, Text] = {match.value: match.label for match in Match}


def _quarantine(delivery: Delivery, **asked: str) -> str:
    return f"{reverse('integration:quarantine')}?{urlencode({'delivery': delivery.number} | asked)}"


def _sums(found: FoundDelivery) -> Iterator[Note]:
    delivery = found.delivery
    currency = currency_of(delivery.system)
    for kind, lines in delivery.sums.items():
        title = kind_title(delivery.system, kind)
        for target, line in lines.items():
            label, is_money = MEASURES.get(target, (target, False))
            yield Note(label, title, _figure(line["source"], currency if is_money else ""))
            if Decimal(line["difference"]):
                difference = _figure(line["difference"], currency if is_money else "")
                yield Note(pgettext("合计项", "差额"), title, difference, "bad")


def _figure(amount: str, currency: str) -> SafeString:
    """Money in its currency, or a number."""
    value = Decimal(amount)
    return cells.money(value, currency=currency) if currency else cells.number(value)
