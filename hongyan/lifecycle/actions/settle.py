"""What follows from the end of an approval (审批结果): the application is carried out, or comes back to its maker."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.desk.actions.notifications import notify
from hongyan.lifecycle.actions.admission import FLOWS as ADMISSIONS
from hongyan.lifecycle.actions.admission import OTHER_FLOW, PROSPECT_FLOW, admit
from hongyan.lifecycle.actions.closing import FLOWS as CLOSINGS
from hongyan.lifecycle.actions.closing import approval_of, carry_out
from hongyan.lifecycle.actions.drafts import SUBJECT
from hongyan.lifecycle.codes import ENTERING, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.rules.applications import Effect, effect_of
from hongyan.org.actions.approvals import submit as ask_approval
from hongyan.org.codes import ApprovalAct, ApprovalState, Level, Right, Risk, Viewer
from hongyan.org.models import ApprovalEvent
from hongyan.org.queries.viewers import viewer_for

OBJECTION_FLOW = "lifecycle.objected"
"""What the other mailing line objected to: the province decides."""
FLOWS = frozenset({*ADMISSIONS.values(), OTHER_FLOW, PROSPECT_FLOW, OBJECTION_FLOW, *CLOSINGS.values()})
_ENDS = {
    ApprovalState.REJECTED: ApplicationState.REFUSED,
    ApprovalState.EXPIRED: ApplicationState.REFUSED,
    ApprovalState.RECALLED: ApplicationState.WITHDRAWN,
}


def settle(number: str, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction; what is approved is done under its maker's name.

    Errors: NotAllowed when the maker may not any more, Conflict when things changed since; either undoes the decision.
    """
    with scope.bulk():
        row = _locked(int(number.removeprefix("A")))
        if state == ApprovalState.APPROVED:
            _take_effect(row)
        else:
            is_draft_again = row.kind in ENTERING and state == ApprovalState.RECALLED
            _end(row, ApplicationState.DRAFT if is_draft_again else _ENDS[state])


def settle_agreed(application_id: int) -> None:
    """Let what was agreed to take effect, where its time has come; what cannot any more comes back to its maker.

    Call it inside a transaction.
    """
    with scope.bulk():
        row = _locked(application_id)
        if row.state != ApplicationState.AGREED:
            return
        try:
            with transaction.atomic():
                _take_effect(row)
        except (Conflict, NotAllowed):
            row = _locked(application_id)
            _end(row, ApplicationState.REFUSED, notice="lifecycle.outdated")


def settle_asked(application_id: int) -> None:
    """Ask for approval of a closing once everybody was heard who was asked around; with an objection, send it back.

    Who has not answered in time has nothing against it. Call it inside a transaction.
    """
    with scope.bulk():
        row = _locked(application_id)
        if row.state != ApplicationState.CHECKING:
            return
        now, inquiries = clock.now(), list(row.inquiries.all())
        if any(one.objection for one in inquiries):
            _end(row, ApplicationState.REFUSED, notice="lifecycle.blocked")
            return
        if any(one.answered_at is None and now < one.until for one in inquiries):
            return
        try:
            with transaction.atomic():
                row.approval = approval_of(row, _maker_of(row))
        except (Invalid, NotAllowed):
            _end(row, ApplicationState.REFUSED, notice="lifecycle.outdated")
            return
        _end(row, ApplicationState.SUBMITTED, notice="lifecycle.checked")


def _locked(application_id: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("customer", "maker")
    return rows.get(pk=application_id)


def _take_effect(row: Application) -> None:
    """Do what was approved, or wait for the other mailing line, or ask the province because it objected."""
    effect = effect_of(
        until=row.heard_until,
        is_answered=row.answered_at is not None,
        has_objection=bool(row.objection),
        decided_above=bool(row.objection) and _was_decided_above(row),
        now=clock.now(),
    )
    if effect == Effect.WAITS:
        _end(row, ApplicationState.AGREED)
        return
    maker = _maker_of(row)
    if effect == Effect.ABOVE:
        row.approval = ask_approval(
            maker,
            OBJECTION_FLOW,
            row.number,
            line=row.line,
            reason=row.exception or row.reason,
            risk=Risk.HIGH,
        )
        _end(row, ApplicationState.SUBMITTED, notice="lifecycle.above")
        return
    if row.kind in ENTERING:
        admit(row, maker)
    else:
        carry_out(row, maker)
    _end(row, ApplicationState.APPROVED)


def _was_decided_above(row: Application) -> bool:
    """Whether the province or the group agreed after the other line had objected."""
    assert row.approval_id is not None
    return ApprovalEvent.objects.filter(
        approval_id=row.approval_id,
        act=ApprovalAct.APPROVE,
        place__level__lte=Level.PROVINCE,
        at__gte=row.answered_at,
    ).exists()


_SILENT = {ApplicationState.DRAFT, ApplicationState.WITHDRAWN}


def _end(row: Application, state: ApplicationState, *, notice: str = "") -> None:
    """Write how an application stands now, and tell its maker."""
    row.state, row.changed_at = state, clock.now()
    if state not in {ApplicationState.AGREED, ApplicationState.SUBMITTED}:
        row.decided_at = row.changed_at
    row.version += 1
    row.save()
    audit.record(audit.SYSTEM, "application.settle", SUBJECT, row.number, after={"state": row.state})
    if state not in _SILENT:
        notify(
            row.maker.staff_no,
            notice or f"lifecycle.{row.state}",
            {"number": row.number, "kind": row.kind},
            url=reverse("lifecycle:application", args=[row.pk]),
        )


def _maker_of(row: Application) -> Viewer:
    """Errors: NotAllowed when the maker is not in that post any more."""
    maker = viewer_for(row.maker_id, post_id=row.maker_post_id)
    if maker is None or not maker.may(Right.CUSTOMER_APPLY):
        raise NotAllowed(
            Right.CUSTOMER_APPLY, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
        )
    return maker
