"""Codes for accounts (发放激活码), and what takes two people when it is done to one that guards others (两人办理).

Who could act as an administrator or an auditor could approve what binds everybody, the own requests first of all. So
one person asks, another approves, and whose account it is has no say; for the first ones there is the command on the
server.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, versions
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.passwords import issue_activation
from hongyan.org.actions.posts import ask_end, end_now
from hongyan.org.codes import AccountAct, ApprovalState, Right, Risk, Viewer
from hongyan.org.models import AccountRequest, Activation, Approval, Post, Staff
from hongyan.org.queries.staff import StaffPage, staff_page
from hongyan.org.queries.viewers import viewer_for

KIND = "account"
"""What approvals call one; their subject is its number."""


def issue_for(viewer: Viewer, staff_no: str) -> tuple[Activation, str]:
    """A code for somebody all of whose posts are in the viewer's scope.

    Of an account that guards others it is the one that was approved for the viewer's request, once.
    Errors: NotFound out of scope; NotAllowed without the right, for oneself, for people with posts elsewhere, and where
    an approval is missing; Conflict when the code was taken.
    """
    page = _page(viewer, staff_no)
    if not page.is_guarded:
        return issue_activation(page.staff, actor=viewer.actor, issuer_id=viewer.staff_id)
    if page.asked is None or page.asked.state != ApprovalState.APPROVED:
        raise NotAllowed(
            Right.STAFF_ACTIVATE, _("这个账号须由两人办理：先提交申请，由另一位管理员审批后再领取激活码。")
        )
    with transaction.atomic():
        if not AccountRequest.objects.filter(pk=page.asked.pk, taken_at=None).update(taken_at=clock.now()):
            raise Conflict(KIND, _("激活码已经领取。"))
        approval = Approval.objects.get(kind=KIND, subject=str(page.asked.pk))
        return issue_activation(
            page.staff, actor=viewer.actor, issuer_id=viewer.staff_id, approval_id=approval.pk
        )


def request_activation(viewer: Viewer, staff_no: str, *, reason: str) -> Approval:
    """Ask for a code for an account that guards others; once approved, the maker takes it (`issue_for`).

    Errors: NotFound out of scope; NotAllowed without the right, for oneself and people with posts elsewhere; Invalid
    (`reason`); Conflict when one waits already.
    """
    page = _page(viewer, staff_no)
    if not page.is_guarded:
        raise Conflict(KIND, _("这个账号不需要审批，可以直接发放激活码。"))
    return _request(viewer, AccountAct.ACTIVATE, page.staff, None, reason)


def request_end(viewer: Viewer, staff_no: str, post_id: int, *, reason: str) -> Approval:
    """Ask to end a post that guards others; it ends with the approval.

    Errors: as `actions.posts.end_post`; Conflict when it is asked for already.
    """
    with transaction.atomic():
        post = ask_end(viewer, staff_no, post_id)
        return _request(viewer, AccountAct.END_POST, post.staff, post, reason)


def settle(request_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in the transaction of the decision: an approved end is one.

    Errors: NotAllowed when the maker may not any more, NotFound when the post has ended; either undoes the decision.
    """
    request = (
        AccountRequest.objects.select_for_update(of=("self",)).select_related("staff").get(pk=request_id)
    )
    request.state, request.ended_at = state, clock.now()
    request.save(update_fields=["state", "ended_at"])
    if state != ApprovalState.APPROVED:
        return
    maker = viewer_for(request.maker_id, post_id=request.maker_post_id)
    if maker is None:
        raise NotAllowed(Right.POST_REQUEST, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。"))
    if request.act == AccountAct.ACTIVATE:
        _page(maker, request.staff.staff_no)
    elif request.post_id is not None:
        post = ask_end(maker, request.staff.staff_no, request.post_id)
        end_now(maker, post, reason=request.reason, approval_id=approval_id)


def _page(viewer: Viewer, staff_no: str) -> StaffPage:
    page = staff_page(viewer, staff_no)
    if not page.may_activate:
        raise NotAllowed(Right.STAFF_ACTIVATE)
    return page


def _request(viewer: Viewer, act: AccountAct, staff: Staff, post: Post | None, reason: str) -> Approval:
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": _("请写明原因")})
    with transaction.atomic():
        versions.take_turn("staff", staff.staff_no)
        if AccountRequest.objects.filter(
            staff=staff, act=act, post=post, state=ApprovalState.PENDING
        ).exists():
            raise Conflict(KIND, _("同样的申请正在审批。"))
        request = AccountRequest.objects.create(
            act=act, staff=staff, post=post, reason=reason,
            maker_id=viewer.staff_id, maker_post_id=viewer.post_id, requested_at=clock.now(),
        )  # fmt: skip
        audit.record(
            viewer.actor, "staff.request", "staff", staff.staff_no, purpose=reason,
            after={"act": act, "post": post.pk if post else None},
        )  # fmt: skip
        return submit(viewer, KIND, str(request.pk), risk=Risk.HIGH, reason=reason, about=staff)
