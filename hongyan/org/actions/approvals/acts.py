"""What every act on a request takes: a sound reason, the request locked as it was seen, a line in its history."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.free_text import require_no_numbers
from hongyan.org.codes import ApprovalAct, ApprovalState, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep
from hongyan.org.queries.approvals import find_approval

SUBJECT = "approval"
LONGEST_REASON = 300
"""Longer than forms take, since an owner may lead what somebody typed with words of its own."""


def sound_reason(reason: str, *, missing: str = "") -> str:
    """A reason without the space around it.

    Errors: Invalid when it is too long, holds somebody's number, or is empty with `missing` for that.
    """
    reason = reason.strip()
    require_no_numbers(reason=reason)
    if missing and not reason:
        raise Invalid({"reason": missing})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("最多 {count} 个字").format(count=LONGEST_REASON)})
    return reason


def locked(
    viewer: Viewer | None, approval_id: int
) -> tuple[Approval, list[ApprovalStep], list[ApprovalEvent]]:
    """A request with its steps and history, locked until the transaction ends. Errors: NotFound."""
    if viewer is not None:
        find_approval(viewer, approval_id)
    approval = (
        Approval.objects.select_for_update(of=("self",))
        .select_related("maker", "holder", "place__unit")
        .get(pk=approval_id)
    )
    steps = list(approval.steps.select_related("place__unit"))
    return approval, steps, list(approval.events.select_related("staff", "holder"))


def require_unchanged(approval: Approval, past: Sequence[ApprovalEvent], version: int | None) -> None:
    """Errors: Conflict saying who did what since, and when."""
    if approval.state == ApprovalState.PENDING and version in {None, approval.version}:
        return
    last = past[-1]
    told = _("这项申请已由{name}于 {time} {act}，没有保存您的决定。").format(
        name=last.staff.name if last.staff else _("系统"),
        time=f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}",
        act=last.get_act_display(),
    )
    raise Conflict(SUBJECT, told)


def note(
    approval: Approval, act: ApprovalAct, viewer: Viewer | None, *,
    step: ApprovalStep | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Add an act to the request's history, at the place where it was done."""
    ApprovalEvent.objects.create(
        approval=approval,
        step=step,
        act=act,
        at=clock.now(),
        staff_id=viewer.staff_id if viewer else None,
        holder_id=viewer.holder.staff_id if viewer and viewer.holder else None,
        post_id=viewer.post_id if viewer else None,
        place=step.place if step else approval.place,
        version=approval.version,
        reason=reason,
    )
