"""The blacklist, as a viewer may see it, and as admission is told (黑名单查询)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hongyan.classes.codes import Block, BlockState
from hongyan.classes.models import BlacklistEntry
from hongyan.core import clock, scope
from hongyan.core.errors import NotAllowed, NotFound
from hongyan.customer.models import CustomerScope
from hongyan.org.codes import Right, Viewer


def in_force(day: date) -> Q:
    """Entries that hold on a day."""
    return Q(state=BlockState.HOLDS, since__lte=day) & (Q(until=None) | Q(until__gte=day))


def entries_of(viewer: Viewer) -> QuerySet[BlacklistEntry]:
    """All entries of customers in the viewer's scope. Errors: NotAllowed without the right."""
    if not viewer.may(Right.BLACKLIST_READ):
        raise NotAllowed(Right.BLACKLIST_READ)
    entries = BlacklistEntry.objects.select_related("customer", "maker")
    if viewer.scope.everything:
        return entries
    span = (viewer.scope.lo, viewer.scope.hi)
    owned = CustomerScope.objects.filter(customer_id=OuterRef("customer_id"), org_no__range=span)
    return entries.filter(Exists(owned))


def find_entry(viewer: Viewer, entry_id: int) -> BlacklistEntry:
    """One entry. Errors: NotAllowed without the right; NotFound for none, or one of a customer out of scope."""
    entry = entries_of(viewer).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("blacklist", entry_id)
    return entry


def entries_about(viewer: Viewer, customer_ids: Collection[int]) -> list[BlacklistEntry]:
    """The entries of a customer by all codes they had, the newest first; none for whoever may not see them."""
    if not viewer.may(Right.BLACKLIST_READ):
        return []
    return list(entries_of(viewer).filter(customer_id__in=customer_ids).order_by("-id"))


def is_blacklisted(
    *, customer_id: int | None = None, hashes: Collection[bytes] = (), line: str = "", on: date | None = None
) -> list[Block]:
    """What stands against admitting somebody in a line ("" is any), past every scope; empty when nothing does.

    Found by the customer, under whatever code it stands, and by keyed hashes of valid credentials
    (`customer.actions.prepare.search_hash`), so whoever is entered anew is caught.
    """
    found = Q(pk__in=[])
    if customer_id is not None:
        found |= Q(home=customer_id)
    if hashes:
        found |= Q(keys__hash__in=list(hashes))
    with scope.bulk():
        entries = list(
            BlacklistEntry.objects.annotate(home=Coalesce(F("customer__survivor_id"), F("customer_id")))
            .filter(found, in_force(on or clock.business_date()))
            .distinct()
            .order_by("id")
        )
    blocks = [Block(one.number, tuple(filter(None, one.lines.split(","))), one.until) for one in entries]
    return [block for block in blocks if not line or not block.lines or line in block.lines]
