"""Sending quarantined rows in again (重发): as a small delivery of their own, the child of the one they came in.

Rows that are taken in leave the quarantine for good, and their own delivery counts them where they are then.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence

from hongyan.core import clock
from hongyan.core.audit import Actor
from hongyan.core.sealed import open_sealed
from hongyan.integration.actions.receive import receive
from hongyan.integration.codes import Channel, RowState
from hongyan.integration.models import Delivery, QuarantinedRow

OUTCOMES = ("accepted", "excluded", "new", "joined", "updated", "unchanged", "stale", "review")
"""Counts of rows that are no longer in quarantine."""


def raw_of(row: QuarantinedRow) -> dict[str, str]:
    """The values as delivered, opened. The caller writes the audit where a person gets to see them."""
    opened: dict[str, str] = json.loads(open_sealed(row, "sealed"))
    return opened


def resend(
    rows: Sequence[QuarantinedRow],
    records: Sequence[Mapping[str, str]],
    *,
    actor: Actor,
    reach: str | None = None,
    in_background: bool,
) -> Delivery:
    """Send rows of one delivery and kind in again with these values, and close them; the child, only received yet.

    `rows` are locked and in the order of the file; the child's record 1 is the first of them. `reach` and errors: those
    of `receive`.
    """
    delivery, first, last = rows[0].delivery, rows[0].row, rows[-1].row
    content = {
        "kind": rows[0].kind,
        "day": delivery.business_date.isoformat() if delivery.business_date else None,
        "mends": {"delivery": delivery.number, "rows": {str(row.row): row.id for row in rows}},
        "records": records,
    }
    child = receive(
        io.BytesIO(json.dumps(content, ensure_ascii=False).encode()),
        file_name=f"{delivery.number}-{first}.json"
        if first == last
        else f"{delivery.number}-{first}-{last}.json",
        system=delivery.system,
        channel=Channel.RESEND,
        actor=actor,
        parent=delivery,
        reach=reach,
        in_background=in_background,
    ).delivery
    QuarantinedRow.objects.filter(id__in=[row.id for row in rows]).update(
        state=RowState.RESENT, resent_as=child, closed_at=clock.now(), closed_by=actor.code
    )
    return child


def take_out(child: Delivery) -> None:
    """Take the rows that a loaded child brought in out of quarantine, in its parent and in the parents above.

    Belongs to the transaction that ends the child's loading, so that nothing is counted twice.
    """
    if child.parent is None:
        return
    held = set(QuarantinedRow.objects.filter(delivery=child).values_list("row", flat=True))
    landed = {number for number in range(1, child.received + 1) if number not in held}
    _take_out(child, child.parent.id, landed, {name: getattr(child, name) for name in OUTCOMES})


def _take_out(child: Delivery, parent_id: int, landed: set[int], gained: Mapping[str, int]) -> None:
    """`landed` are the numbers of the child's records that are in; a row mended twice is out of both quarantines."""
    parent = Delivery.objects.select_for_update().get(id=parent_id)
    resent = QuarantinedRow.objects.filter(resent_as=child).order_by("row").values_list("id", "row")
    taken = dict(row for number, row in enumerate(resent, start=1) if number in landed)
    QuarantinedRow.objects.filter(id__in=taken).update(state=RowState.TAKEN)
    parent.quarantined -= len(taken)
    for name, rows in gained.items():
        setattr(parent, name, getattr(parent, name) + rows)
    parent.save(update_fields=["quarantined", *gained])
    if parent.parent_id is not None:
        _take_out(parent, parent.parent_id, set(taken.values()), gained)
