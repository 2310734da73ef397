"""Working through review cases (处理待核): a decision with its lot for the sample, and taking it back at once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core.errors import Conflict
from hongyan.customer.actions.decide_case import decide_case, reopen_case
from hongyan.customer.actions.merge import KIND
from hongyan.customer.actions.second_look import draw_decision
from hongyan.customer.actions.split import split
from hongyan.customer.codes import CaseState, MergeState, PairVerdict
from hongyan.customer.models import CaseRow, Merge
from hongyan.customer.queries.cases import find_row
from hongyan.customer.rules.merging import NO_CHOICES, Choices
from hongyan.org.actions.approvals import recall
from hongyan.org.codes import ApprovalState, Viewer
from hongyan.org.models import Approval

ALONE = (CaseState.MERGED, CaseState.REJECTED)
"""What one person's word makes of a case; where it takes two, the second one has looked already."""


def work_case(
    viewer: Viewer,
    case_id: int,
    verdict: PairVerdict,
    *,
    reason: str = "",
    survivor: str = "",
    choices: Choices = NO_CHOICES,
) -> CaseRow:
    """Decide a case, and draw the decision for a second look if the lot falls on it.

    Errors: as `decide_case`; only a case that waits can be worked on, so two stewards never undo each other unseen.
    """
    with transaction.atomic(savepoint=False):
        row = find_row(viewer, case_id)
        case = decide_case(
            viewer, case_id, verdict, reason=reason, survivor=survivor, choices=choices, seen=CaseState.OPEN
        )
        row.state, row.case = case.state, case
        if case.state in ALONE:
            draw_decision(row, verdict, by=viewer.staff_no)
    return row


def undo_case(viewer: Viewer, case_id: int) -> CaseRow:
    """Take back what was decided of a case, so that it waits again: a merge is split, a request recalled.

    Errors: as `split`, `recall` and `reopen_case`; Conflict for a merge that came about in another way.
    """
    reason = _("撤销判定")
    with transaction.atomic(savepoint=False):
        state = find_row(viewer, case_id).case.state
        if state == CaseState.ASKED:
            recall(viewer, _request_of(case_id).pk, reason)
        else:
            if state == CaseState.MERGED:
                split(viewer, _merge_of(case_id).pk, reason=reason)
            reopen_case(viewer, case_id, reason=reason)
        return find_row(viewer, case_id)


def _merge_of(case_id: int) -> Merge:
    """The merge that settled a case. Errors: Conflict when there is none in force."""
    merges = Merge.objects.filter(snapshot__cases__contains=[case_id], state=MergeState.DONE)
    merge = merges.order_by("-done_at", "-id").first()
    if merge is None:
        raise Conflict("review_case", _("这一件的归并已经不在，不能再撤销。"))
    return merge


def _request_of(case_id: int) -> Approval:
    """The request for a second person that a case waits for. Errors: Conflict when it is over."""
    asked = Merge.objects.filter(case_id=case_id, state=MergeState.WAITING).values_list("pk", flat=True)
    request = Approval.objects.filter(
        kind=KIND, subject__in=[str(pk) for pk in asked], state=ApprovalState.PENDING
    ).first()
    if request is None:
        raise Conflict("review_case", _("这一件的申请已经有了结果。"))
    return request
