"""Facts as people read them (业务明细): each number once, as it stands now or stood at an instant, with its entries.

A fact stands when its newest version is not reversed and not void. What is read is always narrowed by a customer, a
unit, a delivery or a number first: a whole county's month is never listed row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.errors import NotFound
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import MailEvent, MailItem, Transaction
from hongyan.ledger.queries.access import looked_up, shown_customer, visible_facts
from hongyan.org.codes import Viewer

LISTED: dict[FactKind, type[Transaction] | type[MailItem]] = {
    FactKind.TRANSACTION: Transaction,
    FactKind.MAIL_ITEM: MailItem,
}
"""The facts that have pages of their own."""

DAY = timedelta(days=1)
ON_ITS_WAY = timedelta(days=60)
BEFORE_POSTING = timedelta(days=30)
"""How long after and before posting events may belong to an item: numbers are used again after a year."""


def end_of(day: date) -> datetime:
    """The instant at which a business day is over."""
    return datetime.combine(day + DAY, time.min, BUSINESS_ZONE)


def standing(
    viewer: Viewer,
    kind: FactKind,
    narrowed: Q,
    *,
    days: Q | None = None,
    known_before: datetime | None = None,
) -> QuerySet[Any]:
    """The facts a viewer may see as they stand, each once, with `shown` (the customer) and `is_corrected`.

    `narrowed` chooses by customer, unit, delivery or number; `days` by business days, so that reversals too are looked
    for in the partitions of these alone. With `known_before` as they stood at that instant.
    """
    entries = LISTED[kind].objects.filter(days or Q())
    if known_before:
        entries = entries.filter(known_at__lt=known_before)
    same_number = {name: OuterRef(name) for name in ("number", "system", "business_date")}
    reversals = entries.filter(**same_number, entry=-1)
    facts = (
        entries.filter(narrowed, entry=1)
        .filter(~Q(looked_up(reversals.filter(version=OuterRef("version")))))
        .annotate(is_corrected=looked_up(reversals), shown=shown_customer(viewer))
        .select_related("product__product", "unit")
    )
    return visible_facts(viewer, facts)


def days_of_month(month: date) -> Q:
    """Facts whose business day lies in a month, given by any of its days."""
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - DAY
    return Q(business_date__range=(first, last))


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of one system and day: its entries in the order in which they were known, and how it stands.

    `standing` is the entry that counts now, None when the number was voided; `events` are those of a mail item.
    """

    kind: FactKind
    entries: Sequence[Any]
    standing: Any | None
    events: Sequence[MailEvent] = ()

    @property
    def last(self) -> Any:
        """The entry that describes the fact: the standing one, else the newest version's."""
        return self.standing or max(self.entries, key=lambda entry: (entry.version, entry.entry))


def find_fact(viewer: Viewer, kind: FactKind, system: str, day: date, number: str) -> Fact:
    """One fact with all its entries; two queries for a mail item, one else. Errors: NotFound, also out of scope."""
    model = LISTED[kind]
    rows = (
        model.objects.filter(system=system, business_date=day, number=number)
        .annotate(shown=shown_customer(viewer))
        .select_related("product__product", "unit", "holding")
        .order_by("known_at", "version", "-entry")
    )
    entries = list(visible_facts(viewer, rows))
    if not entries:
        raise NotFound("fact", number[:40])
    counted = standing_entry(entries)
    last = counted or entries[-1]
    return Fact(kind, entries, counted, events_of(last) if isinstance(last, MailItem) else ())


def standing_entry(entries: Sequence[Any]) -> Any | None:
    """The entry that counts: booked and not reversed, of the newest version; None when the number was voided."""
    reversed_versions = {entry.version for entry in entries if entry.entry == -1}
    counted = [entry for entry in entries if entry.entry == 1 and entry.version not in reversed_versions]
    return max(counted, key=lambda entry: entry.version, default=None)


def events_of(item: MailItem) -> Sequence[MailEvent]:
    """What happened to an item, oldest first, each once. The viewer may see the item, so the events too. One query."""
    days = (item.business_date - BEFORE_POSTING, item.business_date + ON_ITS_WAY)
    entries = (
        MailEvent.objects.filter(number=item.number, system=item.system, business_date__range=days)
        .select_related("unit")
        .order_by("event_time", "code", "version", "-entry")
    )
    found: dict[tuple[datetime, str, int], MailEvent] = {}
    for entry in entries:
        key = (entry.event_time, entry.code, entry.version)
        if entry.entry == 1:
            found[key] = entry
        else:
            found.pop(key, None)
    return list(found.values())
