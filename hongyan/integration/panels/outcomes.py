"""What became of a delivery's rows: numbers that add up, each with a way to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hongyan.customer.codes import Outcome
from hongyan.integration import lists
from hongyan.integration.codes import DeliveryState
from hongyan.integration.descriptors import Target, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import Waiting
from hongyan.org.codes import Right, Viewer

Text = str | Promise


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
        Amount(_("采用"), delivery.accepted, _records_url(viewer, delivery), tone="good") if loaded else None,
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


def _accepted(viewer: Viewer, delivery: Delivery) -> list[Amount]:
    url = _records_url(viewer, delivery)

    def rows(outcome: str) -> str:
        return f"{url}?outcome={outcome}" if url else ""

    is_organisation = _targets(delivery) <= {Target.UNIT, Target.POST}
    new = _("新增") if is_organisation else _("新客户")
    amounts = [
        Amount(new, delivery.new, rows(Outcome.NEW)),
        Amount(_("归入已有客户"), delivery.joined, rows(Outcome.JOINED)),
        Amount(_("更新"), delivery.updated, rows(lists.UPDATED)),
        Amount(_("没有变化"), delivery.unchanged, hint=_("与上次内容相同，不产生新记录")),
    ]
    return [amount for amount in amounts if not (is_organisation and amount is amounts[1])]


def _records_url(viewer: Viewer, delivery: Delivery) -> str:
    """The list of the records a delivery brought; units and staff are no records of customers."""
    is_customers = not _targets(delivery) <= {Target.UNIT, Target.POST}
    return (
        reverse("integration:records", args=[delivery.number])
        if is_customers and viewer.may(Right.CUSTOMER_READ)
        else ""
    )


def _targets(delivery: Delivery) -> set[Target]:
    descriptor = find_descriptor(delivery.system)
    return {kind.target for kind in descriptor.kinds} if descriptor else set()
