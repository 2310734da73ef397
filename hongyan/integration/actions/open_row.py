"""Opening a quarantined row to mend it: its values as delivered are personal, so the reading is audited."""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.integration.actions.resend import raw_of
from hongyan.integration.models import QuarantinedRow
from hongyan.integration.queries.quarantine import find_row
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A row with its values as delivered, by source column."""

    row: QuarantinedRow
    values: dict[str, str]


def note_row(viewer: Viewer, row: QuarantinedRow) -> None:
    """Record that somebody looked at a row's masked values."""
    audit.record(viewer.actor, "intake.open_row", "quarantined_row", row.id)


def open_row(viewer: Viewer, row_id: int) -> OpenedRow:
    """A row with its values, recorded as read. Errors: NotAllowed without the right to mend, NotFound."""
    if not viewer.may(Right.INTAKE_MEND):
        raise NotAllowed(Right.INTAKE_MEND)
    row = find_row(viewer, row_id)
    audit.record(viewer.actor, "intake.reveal", "quarantined_row", row.id)
    return OpenedRow(row, raw_of(row))
