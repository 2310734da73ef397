"""What the rooms beneath know to stand against closing a customer (未了事项), X-21.

Everything that blocks is told, whoever asks; what a line keeps to itself is counted without numbers or amounts. Called
inside `scope.bulk()`, one or two queries each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.customer.codes import Kind, MergeState, Status
from hongyan.customer.models import Customer, Merge, Relationship
from hongyan.ledger.codes import HoldingStatus, MailEventCode
from hongyan.ledger.models import MailEvent, MailItem
from hongyan.ledger.queries.access import lines_of
from hongyan.ledger.queries.holdings import holdings_of
from hongyan.lifecycle.codes import WAITING, OpenItem
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.parameters import UNDER_WAY_DAYS
from hongyan.lifecycle.queries.held import parties_of
from hongyan.org.codes import Line, Viewer

_OVER = (MailEventCode.DELIVERED, MailEventCode.RETURNED)
_AGREEMENTS = (Kind.AGREEMENT_UNIT, Kind.AGREEMENT_PERSON)


def relationships(_viewer: Viewer, customer: Customer, rows: Sequence[Relationship]) -> Sequence[OpenItem]:
    """What the customer is to its lines still: it stands against closing it whole from another line."""
    url, today = reverse("customer:record_tab", args=[customer.code, "business"]), clock.business_date()
    return [
        OpenItem(
            _what(row), _which(row), url, row.line, is_relationship=True, is_agreement=_is_live(row, today)
        )
        for row in rows
        if row.status != Status.DEREGISTERED
    ]


def _is_live(row: Relationship, today: date) -> bool:
    return row.kind in _AGREEMENTS and (row.valid_to is None or row.valid_to >= today)


def _what(row: Relationship) -> str:
    words = _("{line}有效协议") if row.kind in _AGREEMENTS else _("{line}业务关系")
    return words.format(line=row.get_line_display())


def _which(row: Relationship) -> str:
    if not row.agreement_no:
        return str(row.unit)
    return _("{number}，{unit}").format(number=row.agreement_no, unit=row.unit)


def holdings(viewer: Viewer, customer: Customer, rows: Sequence[Relationship]) -> Sequence[OpenItem]:
    """Open holdings whose last balance, or stated amount, is not nought."""
    seen, what = lines_of(viewer), _("余额不为零的持有")
    url = reverse("customer:record_tab", args=[customer.code, "business"])
    found, closed = [], Counter[str]()
    for one in holdings_of(parties_of(rows)).exclude(status=HoldingStatus.CLOSED):
        stands = float(one.balance["amount"]) if one.balance else one.amount  # type: ignore[attr-defined]
        if stands and one.line in seen:
            words = _("{kind} {number}").format(kind=one.get_kind_display(), number=one.number_masked)
            found.append(OpenItem(what, words, url, one.line))
        elif stands:
            closed[one.line] += 1
    kept = [
        OpenItem(
            what,
            ngettext("{line} {count} 项", "{line} {count} 项", count).format(
                line=Line(line).label, count=count
            ),
            line=line,
        )
        for line, count in sorted(closed.items())
    ]
    return [*found, *kept]


def items_under_way(viewer: Viewer, _customer: Customer, held: Sequence[Relationship]) -> Sequence[OpenItem]:
    """Mail items posted lately of which nobody said that they were delivered or returned."""
    since = clock.business_date() - timedelta(days=value_of(UNDER_WAY_DAYS, units=viewer.unit_chain))
    posted = MailItem.objects.filter(party_id__in=parties_of(held), business_date__gte=since)
    standing = posted.values("line", "system", "number", "business_date").annotate(entries=Sum("entry"))
    rows = list(standing.filter(entries__gt=0).order_by("-business_date", "number"))
    events = MailEvent.objects.filter(
        number__in={row["number"] for row in rows}, business_date__gte=since, code__in=_OVER
    )
    told = events.values("system", "number").annotate(entries=Sum("entry")).filter(entries__gt=0)
    over = set(told.values_list("system", "number")) if rows else set()
    return [
        OpenItem(
            _("在途邮件"),
            row["number"],
            reverse(
                "ledger:fact",
                args=["mail_item", row["system"], row["business_date"].isoformat(), row["number"]],
            ),
            row["line"],
        )
        for row in rows
        if (row["system"], row["number"]) not in over
    ]


def waiting_applications(
    viewer: Viewer, customer: Customer, _rows: Sequence[Relationship]
) -> Sequence[OpenItem]:
    """Applications about the customer that wait for approval; one of other units without its number."""
    rows = Application.objects.filter(customer=customer, state__in=WAITING).order_by("id")
    return [
        OpenItem(
            _("待审批的申请"),
            f"{row.number} {row.get_kind_display()}" if is_seen else str(row.get_kind_display()),
            reverse("lifecycle:application", args=[row.pk]) if is_seen else "",
            row.line,
        )
        for row in rows
        for is_seen in [viewer.scope.covers(row.org_no)]
    ]


def waiting_merges(_viewer: Viewer, customer: Customer, _rows: Sequence[Relationship]) -> Sequence[OpenItem]:
    """Merges of the customer that wait for a second person."""
    concerned = Q(survivor=customer) | Q(absorbed=customer)
    url = reverse("customer:record_tab", args=[customer.code, "merges"])
    found = Merge.objects.filter(concerned, state=MergeState.WAITING).order_by("id")
    return [OpenItem(_("待审批的归并"), row.number, url) for row in found]
