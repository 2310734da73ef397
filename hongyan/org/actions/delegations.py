"""Lending a post for some days, and ending that (代理)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, events
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.parameters import value_of
from hongyan.org.actions.passwords import withdraw_activations
from hongyan.org.codes import PostLent, Role, Viewer
from hongyan.org.models import Delegation, Post
from hongyan.org.parameters import DELEGATION_DAYS
from hongyan.org.queries.delegations import delegations_of
from hongyan.org.queries.staff import find_colleague
from hongyan.org.queries.viewers import current_roles, label_of_post
from hongyan.org.rules.posts import LendingFault, faults_of_lending


def lend_post(viewer: Viewer, *, staff_no: str, first: date, last: date, reason: str) -> Delegation:
    """Lend the post one acts in to somebody within its scope, from one day to another, both included.

    They act in it at their next request; what they do is audited under their own name and this post.
    Errors: NotAllowed in a post that is lent itself; Invalid (`staff_no`, `first`, `last`, `reason`).
    """
    if viewer.holder:
        raise NotAllowed("delegation.give", _("您在代理岗位上。代理的岗位不能再委托给别人。"))
    colleague = find_colleague(viewer, staff_no)
    if colleague is None:
        raise Invalid({"staff_no": _("您的范围内没有这个工号的在岗人员")})
    days = value_of(DELEGATION_DAYS, units=viewer.unit_chain)
    faults = faults_of_lending(
        viewer.role, current_roles(colleague.pk), is_oneself=colleague.pk == viewer.staff_id,
        first=first, last=last, today=clock.business_date(), days=days,
    )  # fmt: skip
    if faults or not reason.strip():
        raise Invalid(_problems(faults, days, viewer.role, reason))
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=viewer.post_id)
        if (
            delegations_of(post)
            .filter(to_staff=colleague, valid_from__lte=last, valid_to__gte=first)
            .exists()
        ):
            raise Invalid({"staff_no": _("这段时间已经委托给此人")})
        given = Delegation.objects.create(
            post=post, to_staff=colleague, valid_from=first, valid_to=last, reason=reason.strip(), given_at=clock.now()
        )  # fmt: skip
        withdraw_activations([colleague.pk])
        audit.record(
            viewer.actor, "delegation.give", "delegation", given.pk, purpose=reason.strip(),
            after={"post": label_of_post(viewer), "to": colleague.staff_no, "first": first, "last": last},
        )  # fmt: skip
        events.publish(PostLent(colleague.staff_no, first, last))
    return given


def end_delegation(viewer: Viewer, delegation_id: int) -> Delegation:
    """End it at once, as the one who lent the post or the one who was to act in it; a second time changes nothing.

    Errors: NotFound for one that is neither of the viewer.
    """
    with transaction.atomic():
        given = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
        if given is None or viewer.staff_id not in {given.post.staff_id, given.to_staff_id}:
            raise NotFound("delegation", delegation_id)
        if given.ended_at is None:
            given.ended_at = clock.now()
            given.save(update_fields=["ended_at"])
            audit.record(
                viewer.actor, "delegation.end", "delegation", given.pk,
                before={"to": given.to_staff.staff_no, "last": given.valid_to},
            )  # fmt: skip
    return given


def _problems(faults: Iterable[LendingFault], days: int, role: Role, reason: str) -> dict[str, str]:
    sentences = {
        LendingFault.ONESELF: ("staff_no", _("不能委托给自己")),
        LendingFault.EXCLUSIVE: (
            "staff_no",
            _("对方已任的管理员角色与“{role}”相互制约，不能由同一人行使").format(role=role.label),
        ),
        LendingFault.PAST: ("first", _("不能早于今天")),
        LendingFault.ORDER: ("last", _("不能早于开始日期")),
        LendingFault.LONG: ("last", _("最长 {count} 天").format(count=days)),
    }
    missing = {} if reason.strip() else {"reason": _("请写明原因")}
    return dict(sentences[fault] for fault in faults) | missing
