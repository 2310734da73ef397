"""Giving up many quarantined rows at once (批量放弃)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.integration.codes import RowState
from hongyan.integration.models import QuarantinedRow
from hongyan.org.codes import Right, Viewer


def dismiss_rows(viewer: Viewer, rows: QuerySet[QuarantinedRow], *, reason: str) -> int:
    """Give up those of some rows that are still open and in the viewer's scope; how many that were.

    Set-based: one update and one row of the audit, which names every row. Errors: NotAllowed, Invalid without reason.
    """
    if not viewer.may(Right.INTAKE_MEND):
        raise NotAllowed(Right.INTAKE_MEND)
    if not reason.strip():
        raise Invalid({"reason": _("请填写原因")})
    with transaction.atomic():
        visible = QuarantinedRow.objects.visible_to(viewer).filter(id__in=rows.order_by().values("id"))
        held = visible.filter(state=RowState.OPEN).select_for_update()
        ids = sorted(held.values_list("id", flat=True))
        QuarantinedRow.objects.filter(id__in=ids).update(
            state=RowState.DISMISSED, closed_at=clock.now(), closed_by=viewer.staff_no
        )
        if ids:
            audit.record(
                viewer.actor,
                "intake.dismiss",
                "quarantined_row",
                "",
                after={"rows": ids},
                purpose=reason,
                count=len(ids),
            )
    return len(ids)
