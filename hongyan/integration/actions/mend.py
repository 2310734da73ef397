"""Mending (修正重发): a quarantined row is put right by a person and comes in again as a delivery of its own."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.integration.actions.resend import raw_of, resend
from hongyan.integration.codes import BY_HAND, RowState
from hongyan.integration.descriptors import RecordKind, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.reach import unit_numbered
from hongyan.integration.rules import is_about_another
from hongyan.org.codes import Right, Viewer


def mend(viewer: Viewer, row_id: int, values: Mapping[str, str], *, in_background: bool = True) -> Delivery:
    """Send a quarantined row in again with corrected values, as a child of its delivery.

    `values` replaces the values of the columns it names. Should the row still be wrong, it comes back in the
    quarantine of the child. One that is made to be about somebody else waits for a signature, unless the viewer sees
    all that the system delivers for.

    Errors: NotAllowed, NotFound (also out of scope), Conflict when it is closed already, Invalid for a column the kind
    does not have.
    """
    with transaction.atomic():
        row, kind = _open_row(viewer, row_id)
        unknown = sorted(set(values) - set(kind.columns))
        if unknown:
            raise Invalid({column: _("没有这一列") for column in unknown})
        before = raw_of(row)
        record = {column: values.get(column, before.get(column, "")) for column in kind.columns}
        changed = [column for column in kind.columns if record[column] != before.get(column, "")]
        reach = None if is_about_another(kind, before, record) else _reach_of(row)
        child = resend([row], [record], actor=viewer.actor, reach=reach, in_background=in_background)
        audit.record(
            viewer.actor,
            "intake.mend",
            "quarantined_row",
            row.id,
            after={"columns": changed, "as": child.number},
        )
    return child


def dismiss(viewer: Viewer, row_id: int, *, reason: str) -> QuarantinedRow:
    """Give a quarantined row up, with a reason.

    Errors: NotAllowed, NotFound, Conflict; Invalid without a reason, or with somebody's number in it.
    """
    require_no_numbers(reason=reason)
    if not reason.strip():
        raise Invalid({"reason": _("请填写原因")})
    with transaction.atomic():
        row, _kind = _open_row(viewer, row_id)
        row.state = RowState.DISMISSED
        row.closed_at, row.closed_by = clock.now(), viewer.staff_no
        row.save(update_fields=["state", "closed_at", "closed_by"])
        audit.record(viewer.actor, "intake.dismiss", "quarantined_row", row.id, purpose=reason)
    return row


def _reach_of(row: QuarantinedRow) -> str:
    """The unit of a row that a system brought; what a person brought reaches as far as all they brought with it.

    Whoever signed that signed its good rows, and has not seen what is written now.
    """
    delivery = row.delivery
    return delivery.reach if delivery.channel in BY_HAND else unit_numbered(row.org_no)


def _open_row(viewer: Viewer, row_id: int) -> tuple[QuarantinedRow, RecordKind]:
    if not viewer.may(Right.INTAKE_MEND):
        raise NotAllowed(Right.INTAKE_MEND)
    row = (
        QuarantinedRow.objects.visible_to(viewer)
        .select_for_update(of=("self",))
        .select_related("delivery")
        .filter(id=row_id)
        .first()
    )
    if row is None:
        raise NotFound("quarantined_row", row_id)
    if row.state != RowState.OPEN:
        raise Conflict("quarantined_row", _("这一行已经处理过"))
    descriptor = find_descriptor(row.delivery.system)
    kind = descriptor.kind(row.kind) if descriptor else None
    if kind is None:
        raise Conflict("quarantined_row", _("该来源系统的接入描述已改变"))
    return row, kind
