"""What a maker does: ask for approval, and take that back (提交、撤回)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, events
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.org import approvals
from hongyan.org.actions.approvals.acts import SUBJECT, locked, note, require_unchanged, sound_reason
from hongyan.org.actions.approvals.course import course_of, follow, groups_of
from hongyan.org.actions.approvals.handing import Search
from hongyan.org.codes import ApprovalAct, ApprovalSubmitted, Risk, Viewer
from hongyan.org.models import Approval, ApprovalStep, Place, Staff
from hongyan.org.routes import who
from hongyan.org.rules.approvals import Check, Hands, Parties, begun, checks_for, recalled


def submit(
    viewer: Viewer, kind: str, subject: str, *,
    amount: Decimal | int = 0, line: str = "", risk: Risk = Risk.NORMAL, reason: str = "", about: Staff | None = None,
) -> Approval:  # fmt: skip
    """Ask for approval of something, along the route of its kind as it holds today for the viewer's unit and line.

    `subject` is an id or code, never personal data; `amount` as the kind counts it; who it is `about` has no say.
    Errors: Invalid when the route has no line for the request, or a step nobody could check, unless the kind waits for
    somebody; Conflict when the same thing waits for approval already; KeyError for a kind no room declared.
    """
    reason = sound_reason(reason)
    declared = approvals.find(kind)
    if declared is None:
        raise KeyError(kind)
    route = approvals.route_of(declared, units=viewer.unit_chain, line=line)
    checks = checks_for(route, amount=Decimal(amount), level=viewer.level, risk=risk)
    if not checks:
        raise Invalid({"": _("“{kind}”的审批矩阵没有适用于这次申请的一行").format(kind=declared.label)})
    place = Place.objects.select_related("unit").get(unit_id=viewer.unit_id, tree=viewer.tree)
    if not declared.may_wait:
        parties = Parties(
            Hands(viewer.people, viewer.behind),
            about=frozenset({about.pk} if about else ()),
            is_grave=risk == Risk.HIGH,
        )
        _require_checkers(checks, place, line=line, parties=parties)
    with transaction.atomic():
        approval = _stored(
            Approval(
                kind=kind,
                subject=subject,
                maker_id=viewer.staff_id,
                holder_id=viewer.holder.staff_id if viewer.holder else None,
                about=about,
                place=place,
                line=line,
                amount=Decimal(amount),
                risk=risk,
                reason=reason,
                submitted_at=clock.now(),
            )
        )
        steps = ApprovalStep.objects.bulk_create(_step(approval, check) for check in checks)
        note(approval, ApprovalAct.SUBMIT, viewer, reason=reason)
        audit.record(
            viewer.actor, "approval.submit", SUBJECT, approval.pk, purpose=reason,
            after={"kind": kind, "subject": subject, "amount": approval.amount, "line": line, "risk": risk},
        )  # fmt: skip
        events.publish(ApprovalSubmitted(approval.pk, kind, subject))
        follow(approval, steps, begun(groups_of(steps)))
    return approval


def recall(viewer: Viewer, approval_id: int, reason: str) -> Approval:
    """Take back one's own request while it is undecided.

    Errors: NotFound; NotAllowed for anybody but the maker; Conflict when it is over; Invalid without a reason.
    """
    reason = sound_reason(reason, missing=_("请写明撤回的原因"))
    with transaction.atomic():
        approval, steps, past = locked(viewer, approval_id)
        if approval.maker_id != viewer.staff_id:
            raise NotAllowed("approval.recall", _("只有申请人可以撤回申请。"))
        require_unchanged(approval, past, None)
        note(approval, ApprovalAct.RECALL, viewer, reason=reason)
        audit.record(
            viewer.actor, "approval.recall", SUBJECT, approval.pk, purpose=reason,
            after={"kind": approval.kind, "subject": approval.subject},
        )  # fmt: skip
        follow(approval, steps, recalled(course_of(approval, steps)))
    return approval


def _require_checkers(checks: Sequence[Check], place: Place, *, line: str, parties: Parties) -> None:
    """Errors: Invalid for the first step that nobody could check."""
    search = Search.upward(place, line=line, parties=parties)
    for check in checks:
        if search.place_for(check) is None:
            told = _("第 {step} 步没有人可以审批：本单位和上级单位都没有别的{who}")
            raise Invalid({"": told.format(step=check.step, who=who(check.roles))})


def _stored(approval: Approval) -> Approval:
    """Errors: Conflict when the same thing waits for approval already."""
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(SUBJECT, _("同一事项已经在审批中。")) from error
    return approval


def _step(approval: Approval, check: Check) -> ApprovalStep:
    return ApprovalStep(
        approval=approval,
        number=check.step,
        roles=list(check.roles),
        level=check.level,
        joins=check.joins,
        hours=check.hours,
        on_timeout=check.on_timeout,
    )
