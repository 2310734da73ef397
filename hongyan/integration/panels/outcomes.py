"""What became of a delivery's rows: numbers that add up, each with a way to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hongyan.customer.codes import Outcome
from hongyan.integration import lists
from hongyan.integration.codes import DeliveryState, RowState
from hongyan.integration.descriptors import FACTS, Target, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import Waiting
from hongyan.org.codes import Right, Viewer

Text = str | Promise

_OF_ORGANISATION = {Target.UNIT, Target.POST}
_OF_PLACES = {Target.DIVISION: "org:divisions", Target.POSTCODE: "org:postcodes"}
"""Lists of places, and the page that shows them."""
_OF_LEDGER = {*FACTS, Target.HOLDING, Target.PRODUCT}
_LISTED = (Target.TRANSACTION, Target.MAIL_ITEM)
"""Facts that the ledger lists row by row."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of rows, where they are, and in one sentence what they are."""

    label: Text
    value: int
    url: str = ""
    hint: Text = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts that add up: `received` = the sum of `parts`; accepted rows = the sum of `accepted`."""

    received: int
    parts: Sequence[Amount]
    accepted: Sequence[Amount]
    review: Amount | None
    waiting: Waiting


def outcomes_of(viewer: Viewer, delivery: Delivery, waiting: Waiting) -> Outcomes:
    """What became of a delivery's rows, each number with a link to its rows where rows are kept."""
    # rows that were mended are in before the rest is signed
    loaded = delivery.accepted or delivery.state in {DeliveryState.APPLYING, DeliveryState.APPLIED}
    left = delivery.staged_rows - delivery.applied_rows
    pending = Amount(_("待装载"), left, hint=_("通过检查，还没有装载")) if left else None
    quarantine = f"{reverse('integration:quarantine')}?delivery={delivery.number}"
    parts = [
        Amount(_("采用"), delivery.accepted, records_url(viewer, delivery), tone="good") if loaded else None,
        pending,
        Amount(
            _("隔离"),
            delivery.quarantined,
            quarantine if waiting.visible else "",
            tone="warn" if delivery.quarantined else "",
        ),
        Amount(_("不接入"), delivery.excluded, hint=_("按接入范围不收的散户与未开通省份的行，不保存内容")),
    ]
    return Outcomes(
        received=delivery.received,
        parts=[part for part in parts if part],
        accepted=_accepted(viewer, delivery) if loaded else [],
        review=Amount(
            _("待核"),
            delivery.review,
            f"{reverse('customer:list')}?review=1" if viewer.may(Right.CUSTOMER_READ) else "",
            hint=_("疑似同一客户、等人核对的有"),
        )
        if delivery.review
        else None,
        waiting=waiting,
    )


def own_rows(delivery: Delivery, waiting: Waiting) -> list[Amount]:
    """What of a delivery's quarantine lies in the viewer's range, for those who do not see the file's counts."""
    quarantine = f"{reverse('integration:quarantine')}?delivery={delivery.number}"
    return [
        Amount(_("隔离"), waiting.visible, quarantine if waiting.visible else ""),
        Amount(_("待修正"), waiting.open, f"{quarantine}&state={RowState.OPEN}" if waiting.open else ""),
    ]


def _accepted(viewer: Viewer, delivery: Delivery) -> list[Amount]:
    targets = _targets(delivery)
    unchanged = Amount(_("没有变化"), delivery.unchanged, hint=_("与上次内容相同，不产生新记录"))
    older = (
        [Amount(_("旧版本"), delivery.stale, hint=_("已有更新的版本，记入后随即冲销"))]
        if delivery.stale
        else []
    )
    if targets <= _OF_ORGANISATION | _OF_PLACES.keys():
        return [Amount(_("新增"), delivery.new), Amount(_("更新"), delivery.updated), unchanged]
    if targets <= _OF_LEDGER:
        return [Amount(_("新记入"), delivery.new), Amount(_("更正"), delivery.updated), unchanged, *older]
    if targets & _OF_LEDGER:
        return [
            Amount(_("新增"), delivery.new),
            Amount(_("归入已有客户"), delivery.joined),
            Amount(_("更新或更正"), delivery.updated),
            unchanged,
        ]
    url = records_url(viewer, delivery)

    def rows(outcome: str) -> str:
        return f"{url}?outcome={outcome}" if url else ""

    return [
        Amount(_("新客户"), delivery.new, rows(Outcome.NEW)),
        Amount(_("归入已有客户"), delivery.joined, rows(Outcome.JOINED)),
        Amount(_("更新"), delivery.updated, rows(lists.UPDATED)),
        unchanged,
        *older,
    ]


def records_url(viewer: Viewer, delivery: Delivery) -> str:
    """The list of what a delivery brought: facts of the ledger, places, records; units and staff are not listed."""
    targets = _targets(delivery)
    if listed := [target for target in _LISTED if target in targets]:
        address = f"{reverse('ledger:facts')}?kind={listed[0]}&delivery={delivery.number}"
        return address if viewer.may(Right.LEDGER_READ) else ""
    if targets and targets <= _OF_PLACES.keys():
        return reverse(_OF_PLACES[min(targets)]) if viewer.may(Right.ORG_READ) else ""
    if targets <= _OF_ORGANISATION | _OF_LEDGER or not viewer.may(Right.CUSTOMER_READ):
        return ""
    return reverse("integration:records", args=[delivery.number])


def _targets(delivery: Delivery) -> set[Target]:
    """What the rows of a delivery become: by its kind, its file's name, else whatever the system delivers."""
    descriptor = find_descriptor(delivery.system)
    if descriptor is None:
        return set()
    kind, matched = descriptor.kind(delivery.kind), descriptor.match(delivery.file_name)
    kinds = (kind,) if kind else matched[0] if matched else descriptor.kinds
    return {one.target for one in kinds}
