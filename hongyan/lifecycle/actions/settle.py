"""What follows from the end of an approval (审批结果): the application is carried out, or comes back to its maker."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import NotAllowed
from hongyan.desk.actions.notifications import notify
from hongyan.lifecycle.actions.admission import FLOWS as ADMISSIONS
from hongyan.lifecycle.actions.admission import OTHER_FLOW, admit
from hongyan.lifecycle.actions.closing import FLOWS as CLOSINGS
from hongyan.lifecycle.actions.closing import carry_out
from hongyan.lifecycle.actions.drafts import SUBJECT
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.org.codes import ApprovalState, Right
from hongyan.org.queries.viewers import viewer_for

FLOWS = frozenset({*ADMISSIONS.values(), OTHER_FLOW, *CLOSINGS.values()})
_ENDS = {
    ApprovalState.APPROVED: ApplicationState.APPROVED,
    ApprovalState.REJECTED: ApplicationState.REFUSED,
    ApprovalState.EXPIRED: ApplicationState.REFUSED,
    ApprovalState.RECALLED: ApplicationState.WITHDRAWN,
}


def settle(number: str, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction; what is approved is done under its maker's name.

    Errors: NotAllowed when the maker may not any more, Conflict when things changed since; either undoes the decision.
    """
    with scope.bulk():
        rows = Application.objects.select_for_update(of=("self",)).select_related("customer", "maker")
        row = rows.get(pk=int(number.removeprefix("A")))
        row.state = _ENDS[state]
        if row.kind == ApplicationKind.CREATE and state == ApprovalState.RECALLED:
            row.state = ApplicationState.DRAFT
        if state == ApprovalState.APPROVED:
            _carry_out(row)
        row.decided_at = row.changed_at = clock.now()
        row.version += 1
        row.save()
        audit.record(audit.SYSTEM, "application.settle", SUBJECT, row.number, after={"state": row.state})
        if state != ApprovalState.RECALLED:
            notify(
                row.maker.staff_no,
                f"lifecycle.{row.state}",
                {"number": row.number, "kind": row.kind},
                url=reverse("lifecycle:application", args=[row.pk]),
            )


def _carry_out(row: Application) -> None:
    maker = viewer_for(row.maker_id, post_id=row.maker_post_id)
    if maker is None or not maker.may(Right.CUSTOMER_APPLY):
        raise NotAllowed(
            Right.CUSTOMER_APPLY, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
        )
    if row.kind == ApplicationKind.CREATE:
        admit(row, maker)
    else:
        carry_out(row, maker)
