"""What a checker does: say yes or no, to one request or to several (通过、驳回、批量审批)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.org import approvals
from hongyan.org.actions.approvals.acts import SUBJECT, locked, note, require_unchanged, sound_reason
from hongyan.org.actions.approvals.course import course_of, follow
from hongyan.org.codes import ApprovalAct, Risk, Verdict, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep
from hongyan.org.queries.approvals import find_approval
from hongyan.org.queries.checkers import bar_of, open_steps_of
from hongyan.org.rules.approvals import Bar, decided


def decide(
    viewer: Viewer, approval_id: int, verdict: Verdict, *, reason: str = "", step_version: int | None = None
) -> Approval:
    """Say yes or no to a request. `step_version` is the version the viewer saw, None to take it as it stands now.

    Saying the same again changes nothing. A refusal needs a reason.
    Errors: NotFound for a request the viewer has nothing to do with; Conflict when somebody was faster, with who and
    when; NotAllowed for the maker, for who decided another step, and for who is no checker; Invalid without a reason.
    """
    reason = sound_reason(reason, missing=_("请写明驳回的原因") if verdict == Verdict.REJECT else "")
    with transaction.atomic():
        approval, steps, past = locked(viewer, approval_id)
        if _is_said(viewer, verdict, past, step_version):
            return approval
        require_unchanged(approval, past, step_version)
        _require_checker(viewer, approval, steps, past)
        step = open_steps_of(viewer, approval, steps)[0]
        note(approval, ApprovalAct(verdict), viewer, step=step, reason=reason)
        audit.record(
            viewer.actor, f"approval.{verdict}", SUBJECT, approval.pk, purpose=reason,
            after={"kind": approval.kind, "subject": approval.subject, "step": step.number},
        )  # fmt: skip
        follow(approval, steps, decided(course_of(approval, steps), steps.index(step), verdict))
    return approval


def decide_many(
    viewer: Viewer, approval_ids: Collection[int], verdict: Verdict, *, reason: str = ""
) -> list[Approval]:
    """Decide several requests of low risk at once, all or none.

    Errors: Invalid naming those that are not of low risk; otherwise as `decide`.
    """
    with transaction.atomic():
        found = [find_approval(viewer, approval_id) for approval_id in sorted(set(approval_ids))]
        if not found:
            raise Invalid({"": _("请先选择要审批的申请")})
        if grave := [approval for approval in found if approval.risk != Risk.LOW]:
            names = pgettext("审批", "、").join(_name_of(approval) for approval in grave)
            raise Invalid({"": _("只有低风险的申请可以批量审批，请逐一打开：{names}").format(names=names)})
        return [decide(viewer, approval.pk, verdict, reason=reason) for approval in found]


def _is_said(viewer: Viewer, verdict: Verdict, past: Sequence[ApprovalEvent], version: int | None) -> bool:
    """Whether the viewer said exactly this already: a second click, or a request sent twice."""
    return any(
        (event.staff_id, event.act, event.version) == (viewer.staff_id, verdict.value, version)
        for event in past
    )


def _require_checker(
    viewer: Viewer, approval: Approval, steps: Sequence[ApprovalStep], past: Sequence[ApprovalEvent]
) -> None:
    barred = bar_of(viewer, approval, steps, past)
    if barred is not None:
        raise NotAllowed("approval.decide", words_of_bar(barred))


def words_of_bar(barred: Bar) -> str:
    """Why somebody may not decide, in a sentence."""
    return {
        Bar.MAKER: _("申请人不能审批自己的申请，换一个岗位或由别人代理也不行。"),
        Bar.ABOUT: _("这项申请与您本人有关，不能由您审批。"),
        Bar.DECIDED: _("您已经审批过这项申请的另一步。"),
        Bar.ONE_HAND: _("您的账号与申请人或前一步审批人的账号近期由激活码相关联，须由别人审批。"),
        Bar.NOT_CHECKER: _("这一步不由您现在的岗位审批。"),
    }[barred]


def _name_of(approval: Approval) -> str:
    """A request as one speaks of it: its kind and number."""
    return pgettext("审批", "{kind} {number}").format(
        kind=approvals.label_of(approval.kind), number=approval.pk
    )
