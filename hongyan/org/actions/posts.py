"""Requesting posts, granting them once approved, and ending them at once (岗位的申请、授予与结束)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, events, versions
from hongyan.core.audit import Actor
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.passwords import withdraw_activations
from hongyan.org.actions.writing import hold_organisation
from hongyan.org.codes import (
    EXCLUSIVE_ROLES,
    ApprovalState,
    Level,
    Line,
    PostGranted,
    PostSource,
    Right,
    Risk,
    Role,
    Viewer,
)
from hongyan.org.models import Place, Post, PostRequest, Staff
from hongyan.org.parameters import GRANT_DAYS
from hongyan.org.queries.posts import KIND, PRIVILEGED_KIND, find_current_post
from hongyan.org.queries.staff import staff_page, wanted
from hongyan.org.queries.tree import visible_places
from hongyan.org.queries.viewers import is_current, roles_ahead, viewer_for
from hongyan.org.rights import GUARDED_ROLES, PRIVILEGED_ROLES
from hongyan.org.rules.posts import Fault, Wanted, faults_of_ending, faults_of_grant

APPROVALS = Actor("system:approvals")


def request_post(
    viewer: Viewer,
    staff_no: str,
    *,
    unit_code: str,
    role: Role,
    lines: Sequence[Line],
    until: date,
    reason: str,
) -> PostRequest:
    """Request a post for somebody in scope; it begins when it is approved and lasts to a day, that day included.

    A privileged role, and whatever the system administrator asks for, goes to the security administrator; anything else
    to the head above.
    Errors: NotFound for a person out of scope; NotAllowed without the right, and with the rule where one speaks
    against it; Invalid (`unit`, `role`, `lines`, `until`, `reason`, or "" when nobody could approve it).
    """
    _ask_right(viewer)
    staff = staff_page(viewer, staff_no).staff
    place = visible_places(viewer).filter(unit__code=unit_code.strip()).order_by("lo").first()
    if place is None:
        raise Invalid({"unit": _("没有这个机构，或不在您的范围内")})
    _refuse(viewer, role, faults_of_grant(_wanted(staff, place, role, lines), by=viewer))
    with transaction.atomic():
        versions.take_turn("staff", staff_no)
        _check(staff, place, role, lines, until, reason, days=value_of(GRANT_DAYS, units=viewer.unit_chain))
        request = PostRequest.objects.create(
            staff=staff, place=place, role=role, line_codes=sorted(lines), valid_to=until, reason=reason.strip(),
            maker_id=viewer.staff_id, maker_post_id=viewer.post_id, requested_at=clock.now(),
        )  # fmt: skip
        audit.record(
            viewer.actor, "post.request", "staff", staff.staff_no, purpose=request.reason,
            after={"unit": place.unit.code, "role": role, "lines": request.line_codes, "until": until},
        )  # fmt: skip
        is_grave = role in PRIVILEGED_ROLES or viewer.role == Role.SYSTEM_ADMIN
        submit(
            viewer, PRIVILEGED_KIND if is_grave else KIND, str(request.pk),
            risk=Risk.HIGH if is_grave else Risk.NORMAL, reason=request.reason, about=staff,
        )  # fmt: skip
    return request


def settle(request_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval: an approved request becomes a post, in the transaction of the decision.

    Errors: NotAllowed with the rule when it may not be given any more, which undoes the decision; it can be refused.
    """
    hold_organisation()  # a file, or another approval, could give the person a role that excludes this one
    request = PostRequest.objects.select_related("staff", "place__unit").get(pk=request_id)
    request.state = state
    if state == ApprovalState.APPROVED:
        request.post = _granted(request, approval_id)
    request.save(update_fields=["state", "post"])


def end_post(viewer: Viewer, staff_no: str, post_id: int, *, reason: str) -> Post:
    """End a current post at once, whoever keeps it; sessions, tokens and delegations of it end at the next request.

    Errors: NotFound out of scope or when it has ended; NotAllowed without the right, with the rule where one speaks
    against it, and for a post that guards others, whose end is requested (`actions.accounts`); Invalid (`reason`).
    """
    with transaction.atomic():
        post = ask_end(viewer, staff_no, post_id)
        if post.role in GUARDED_ROLES:
            raise NotAllowed(Right.POST_REQUEST, _("结束这个岗位须由两人办理：一人申请，另一位管理员审批。"))
        if not reason.strip():
            raise Invalid({"reason": _("请写明原因")})
        end_now(viewer, post, reason=reason.strip())
    return post


def ask_end(viewer: Viewer, staff_no: str, post_id: int) -> Post:
    """A current post the viewer may end, alone or with somebody, held until the transaction ends.

    Errors: NotFound out of scope or when it has ended; NotAllowed without the right, and with the rule.
    """
    _ask_right(viewer)
    post = find_current_post(viewer, staff_no, post_id, for_update=True)
    _refuse(viewer, Role(post.role), faults_of_ending(wanted(post), by=viewer))
    return post


def end_now(viewer: Viewer, post: Post, *, reason: str, approval_id: int | None = None) -> None:
    """End a post that was asked for above; `approval_id` names the approval it took."""
    post.ended_at = clock.now()
    post.save(update_fields=["ended_at"])
    audit.record(
        viewer.actor, "post.end", "staff", post.staff.staff_no, purpose=reason,
        before={"post": post.pk, "unit": post.place.unit.code, "role": post.role, "until": post.valid_to},
        after={"approval": approval_id} if approval_id else None,
    )  # fmt: skip


def _granted(request: PostRequest, approval_id: int) -> Post:
    maker = viewer_for(request.maker_id, post_id=request.maker_post_id)
    if maker is None:
        raise NotAllowed(Right.POST_REQUEST, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。"))
    role, today = Role(request.role), clock.business_date()
    _refuse(
        maker,
        role,
        faults_of_grant(_wanted(request.staff, request.place, role, request.line_codes), by=maker),
    )
    if request.valid_to < today:
        raise NotAllowed(Right.POST_REQUEST, _("申请的截止日期已过，请驳回。"))
    post = Post.objects.create(
        staff=request.staff, place=request.place, role=role, line_codes=request.line_codes,
        source=PostSource.GRANT, valid_from=today, valid_to=request.valid_to,
    )  # fmt: skip
    withdraw_activations([request.staff_id])
    audit.record(
        Actor(APPROVALS.code, org_no=request.place.lo), "post.grant", "staff", request.staff.staff_no,
        purpose=request.reason,
        after={"post": post.pk, "unit": request.place.unit.code, "role": role, "approval": approval_id},
    )  # fmt: skip
    events.publish(PostGranted(request.staff.staff_no))
    return post


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.POST_REQUEST):
        raise NotAllowed(Right.POST_REQUEST)


def _wanted(staff: Staff, place: Place, role: Role, lines: Collection[str]) -> Wanted:
    return Wanted(role, staff.pk, roles_ahead(staff.pk), Level(place.level), place.lo, lines)


def _refuse(maker: Viewer, role: Role, faults: Iterable[Fault]) -> None:
    """Errors: NotAllowed with the rules that were broken in words."""
    if why := " ".join(_sentence(fault, maker, role) for fault in faults):
        raise NotAllowed(Right.POST_REQUEST, why)


def _sentence(fault: Fault, maker: Viewer, role: Role) -> str:
    if fault == Fault.ROLE and role in EXCLUSIVE_ROLES:
        return _(
            "规则：系统管理员、安全管理员、审计三者相互制约，“{maker}”不能申请或结束“{role}”；"
            "由总部管理员提出，安全管理员审批。"
        ).format(maker=maker.role.label, role=role.label)  # fmt: skip
    return {
        Fault.ONESELF: _("规则：不能为自己申请或结束岗位。"),
        Fault.ROLE: _("规则：“{maker}”不能申请或结束“{role}”，请联系上级管理员。").format(
            maker=maker.role.label, role=role.label
        ),
        Fault.SCOPE: _("规则：岗位不能超出申请人自己的数据范围。"),
        Fault.LINES: _("规则：业务板块不能超出申请人自己岗位的板块。"),
        Fault.LEVEL: _("规则：这一层级的机构没有“{role}”。").format(role=role.label),
        Fault.EXCLUSIVE: _(
            "规则：系统管理员、安全管理员、审计不能由同一人担任，此人已任其一，不能再任“{role}”。"
        ).format(role=role.label),
    }[fault]


def _check(
    staff: Staff, place: Place, role: Role, lines: Sequence[Line], until: date, reason: str, *, days: int
) -> None:
    today = clock.business_date()
    problems = {}
    if Post.objects.filter(is_current(today), staff=staff, place=place, role=role).exists():
        problems["role"] = _("此人已在该机构任这个角色")
    elif PostRequest.objects.filter(
        staff=staff, place=place, role=role, state=ApprovalState.PENDING
    ).exists():
        problems["role"] = _("同样的申请正在审批")
    if not lines:
        problems["lines"] = _("至少选择一个业务板块")
    if not today <= until <= today + timedelta(days=days):
        problems["until"] = _("从今天起最长 {count} 天").format(count=days)
    if not reason.strip():
        problems["reason"] = _("请写明原因")
    if problems:
        raise Invalid(problems)
