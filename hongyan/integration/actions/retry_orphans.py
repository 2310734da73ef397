"""Rows whose customer was not there yet (所属客户尚未接入) follow once it comes in, mended or delivered later.

They go the way of mend and resend, only that nobody has to press the button. One portion is one transaction: its rows
are closed, received, checked and loaded in it, or nothing of that happened. Kill the process anywhere and apply the
delivery again: what still waits is found again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from hongyan.core import audit, scope, vault
from hongyan.core.parameters import value_of
from hongyan.customer.models import SourceParty
from hongyan.integration.actions.check import SYSTEM, check
from hongyan.integration.actions.receive import acting_for, is_connected
from hongyan.integration.actions.resend import raw_of, resend
from hongyan.integration.codes import Channel, RowState
from hongyan.integration.descriptors import Descriptor, RecordKind, Target, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.parameters import CHUNK_ROWS

log = logging.getLogger(__name__)

Load = Callable[[int], Delivery]
"""How a signed delivery is loaded, by its id."""


def retry_orphans(delivery: Delivery, *, load: Load) -> None:
    """Send again what waited for customers that are there now, at the end of any delivery of their system.

    The oldest delivery goes first, so that the last word of the source stays the current one. Nothing goes while the
    system may not deliver.
    """
    descriptor = find_descriptor(delivery.system)
    if descriptor is None or not _may_end_waiting(delivery, descriptor) or not is_connected(descriptor):
        return
    for kind, ids in _portions(descriptor):
        with scope.bulk():
            _retry(kind, ids, load)


def _may_end_waiting(delivery: Delivery, descriptor: Descriptor) -> bool:
    """Whether somebody may wait for what a delivery brought; a contact that was sent again is waited for by nobody."""
    kind = descriptor.kind(delivery.kind)
    return delivery.channel != Channel.RESEND or kind is None or kind.target is Target.PARTY


def _portions(descriptor: Descriptor) -> Iterator[tuple[RecordKind, list[int]]]:
    """Ids of rows of one delivery and kind, as many as a chunk has, in the order in which they came."""
    size = int(value_of(CHUNK_ROWS))
    with scope.bulk():
        waiting = list(_waiting(descriptor.code).values_list("delivery_id", "kind", "id"))
    for (_delivery, code), rows in groupby(waiting, key=lambda row: row[:2]):
        kind, ids = descriptor.kind(code), [row_id for *_, row_id in rows]
        if kind is not None:
            yield from ((kind, ids[start : start + size]) for start in range(0, len(ids), size))


def _waiting(system: str) -> QuerySet[QuarantinedRow]:
    """Open rows of a system whose customer is known by now."""
    arrived = SourceParty.objects.filter(system=system, key=OuterRef("awaits"), customer__isnull=False)
    rows = QuarantinedRow.objects.filter(delivery__system=system, state=RowState.OPEN)
    return rows.exclude(awaits="").filter(Exists(arrived)).order_by("delivery_id", "kind", "row")


def _retry(kind: RecordKind, ids: list[int], load: Load) -> None:
    """One portion, without the rows that somebody else mends, gives up or retries at this moment."""
    held = QuarantinedRow.objects.select_for_update(of=("self",), skip_locked=True)
    found = held.filter(id__in=ids, state=RowState.OPEN).select_related("delivery").order_by("row")
    opened = [(row, raw) for row in found if (raw := _opened(row)) is not None]
    if not opened:
        return
    rows = [row for row, _ in opened]
    records = [{column: raw.get(column, "") for column in kind.columns} for _, raw in opened]
    child = resend(rows, records, actor=SYSTEM, in_background=False)
    after = {"rows": [row.row for row in rows], "as": child.number}
    parent = rows[0].delivery
    house = acting_for(SYSTEM, parent)
    audit.record(house, "intake.retry", "delivery", parent.number, after=after, count=len(rows))
    load(check(child.id, in_background=False).id)


def _opened(row: QuarantinedRow) -> dict[str, str] | None:
    """A row's values; None for one that was altered, which must not keep the whole system from loading."""
    try:
        return raw_of(row)
    except vault.Tampered:
        log.warning("quarantined row does not open", extra={"row": row.id})
        return None
